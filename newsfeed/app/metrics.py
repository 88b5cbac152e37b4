"""Gather the figures of a running service for Prometheus: sums and moments, and nothing about anybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.app.receivers import read_states
from newsfeed.core.delivery.fleet import is_well, measure_lag
from newsfeed.core.digests.planning import find_next_slots
from newsfeed.errors import NewsfeedError, UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from newsfeed.app.service import ServiceReports, ServiceSetup
    from newsfeed.app.web import WebService
    from newsfeed.records import AddressedDelivery, Reply
    from newsfeed.web.metrics import Measured, MetricsServer


class ServiceTotals:
    """Counts what a service reports, on its way to those who hear of it."""

    def __init__(self) -> None:
        self.deliveries: Counter[tuple[str, ...]] = Counter()
        self.publications: Counter[tuple[str, ...]] = Counter()

    def counting(self, reports: ServiceReports) -> ServiceReports:
        """Return reports that are counted, too."""

        def delivery(outgoing: AddressedDelivery, state: str, reply: Reply) -> None:
            self.deliveries[state,] += 1
            reports.delivery(outgoing, state, reply)

        def published(data: Mapping[str, Any]) -> None:
            self.publications[str(data["outcome"]),] += 1
            reports.published(data)

        return replace(reports, delivery=delivery, published=published)


def open_metrics(
    setup: ServiceSetup, totals: ServiceTotals, web: WebService | None, port: int | None = None
) -> MetricsServer | None:
    """Return the server of the figures, which listens; ``None`` where there is no port for it. Raises
    `UsageError` when it is not installed.

    port: instead of that of the configuration, which only one of several processes can have; 0: none.
    """
    port = setup.delivery.settings.web.metrics_port if port is None else port
    if not port:
        return None
    try:
        from newsfeed.web.metrics import MetricsServer
    except ModuleNotFoundError as error:
        raise UsageError(
            N_("the package {name} is not installed"), N_("install newsfeed[web]"), name=error.name
        ) from error
    return MetricsServer(port, lambda: measure(setup, totals, web))


def measure(setup: ServiceSetup, totals: ServiceTotals, web: WebService | None) -> Iterator[Measured]:
    """Yield all figures of this moment. A store that cannot be read is one of them."""
    from newsfeed.web.metrics import Measured

    yield from _measure_mails(setup)
    yield from _measure_receivers(setup)
    yield from _measure_fleet(setup)
    yield Measured(
        "newsfeed_deliveries_total", "Messages by what became of them.", ("state",), dict(totals.deliveries)
    )
    yield Measured(
        "newsfeed_publications_total", "Looks at the repository.", ("outcome",), dict(totals.publications)
    )
    slots = find_next_slots(setup.delivery.settings.digests.values(), setup.clock())
    next_slots: dict[tuple[str, ...], float] = {
        (name,): slot.instant.timestamp() for name, slot in slots.items()
    }
    yield Measured("newsfeed_next_digest_seconds", "When a digest is due next.", ("digest",), next_slots)
    if web is not None:
        yield from _measure_web(web)


def _measure_mails(setup: ServiceSetup) -> Iterator[Measured]:
    from newsfeed.web.metrics import Measured

    mails: dict[tuple[str, ...], float] = {}
    try:
        waiting = setup.delivery.store.send_queue.count_waiting(setup.clock())
        mails = {("waiting",): waiting.number, ("undecided",): sum(waiting.undecided.values())}
    except NewsfeedError:
        mails.clear()
    yield Measured("newsfeed_store_up", "Whether the store can be read.", (), {(): float(bool(mails))})
    yield Measured("newsfeed_mails", "Mails that are still to be sent, or decided about.", ("state",), mails)


def _measure_receivers(setup: ServiceSetup) -> Iterator[Measured]:
    """Yield how many groups of receivers get less; nothing where the store cannot be read."""
    from newsfeed.web.metrics import Measured

    try:
        views = read_states(setup.delivery.settings, setup.delivery.store, setup.clock())
    except NewsfeedError:
        return
    paused = sum(one.paused_until is not None for one in views)
    states: dict[tuple[str, ...], float] = {("paused",): paused, ("slowed",): len(views) - paused}
    yield Measured("newsfeed_receiver_groups", "Groups of receivers that are sent less.", ("state",), states)


def _measure_fleet(setup: ServiceSetup) -> Iterator[Measured]:
    """Yield the figures of the workers that share the store's tasks; none where it cannot be read."""
    from newsfeed.web.metrics import Measured

    store, now = setup.delivery.store, setup.clock()
    try:
        workers, clock = store.workers.all()
        counts = store.batches.count(now)
    except NewsfeedError:
        return
    well = sum(is_well(one, clock) for one in workers)
    states: dict[tuple[str, ...], float] = {("well",): well, ("silent",): len(workers) - well}
    batches: dict[tuple[str, ...], float] = {("held",): counts.held, ("waiting",): counts.open - counts.held}
    yield Measured("newsfeed_workers", "Workers, by whether they give signs of life.", ("state",), states)
    yield Measured("newsfeed_batches", "Batches of mails that are not finished.", ("state",), batches)
    meaning = "How long a batch that is due has waited for a worker."
    yield Measured("newsfeed_batch_lag_seconds", meaning, (), {(): measure_lag(counts, now)})


def _measure_web(web: WebService) -> Iterator[Measured]:
    from newsfeed.web.metrics import Measured

    site = web.published
    answers = web.counts.by_class()
    yield Measured("newsfeed_http_answers_total", "Answers over HTTP.", ("kind", "status"), answers)
    yield Measured("newsfeed_http_connections", "Open connections.", (), {(): web.server.connections})
    yield Measured("newsfeed_site_files", "Files of the published site.", (), {(): len(site.site.by_path)})
    yield Measured(
        "newsfeed_site_reads_total", "Times the site was read after a build.", (), {(): site.reads}
    )
    if site.next_turn is not None:
        meaning = "When a story comes due or expires next."
        yield Measured("newsfeed_next_story_seconds", meaning, (), {(): site.next_turn})
