"""Wire the long-running service: which parts it has, and which jobs wake them."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.app.commit_status import tell_forge
from newsfeed.app.delivery import open_round_context
from newsfeed.app.publish_service import (
    PublishCommand,
    PublishReports,
    PublishService,
    leave_sign,
    running,
)
from newsfeed.app.published_state import PATIENCE, is_landing
from newsfeed.app.publishing import Publisher, open_publisher
from newsfeed.app.returned_mails import read_mailboxes
from newsfeed.app.websub import is_announcing, open_websub_context
from newsfeed.core.delivery import tasks
from newsfeed.delivery import service
from newsfeed.delivery.rounds import send_service_mails, spare_a_connection
from newsfeed.delivery.service import ServiceContext, note_end, write_health
from newsfeed.errors import OutsideError
from newsfeed.scheduling.jobs import JobBoard
from newsfeed.service_settings import NO_WEB
from newsfeed.websub.requests import make_due_requests

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.bounces.process import BounceCounts
    from newsfeed.delivery.rounds import SendRound
    from newsfeed.errors import NewsfeedError
    from newsfeed.receiver_ports import ReceiverState
    from newsfeed.records import AddressedDelivery, Reply
    from newsfeed.scheduling.stopping import StopSignal
    from newsfeed.settings import Settings

PARTS = (WEB, SEND, PUBLISH) = ("web", "send", "publish")
"""Parts of the service that can run by themselves: one answers, one sends, one publishes."""
MAILBOXES, TIDYING, HEALTH = "mailboxes", "tidying", "health"
"""Jobs: what came back, what nobody needs any more, and the health file of a service that sends nothing."""
WEBSUB, STATUS, SERVICE_MAILS = "websub", "commit status", "service mails"
"""Jobs: hubs and subscribers that are to hear of changed feeds, the forge of commits, and mails to people."""
_MAILBOX_SECONDS = 300
_TIDYING_SECONDS = 3_600
_HEALTH_SECONDS = 20
_WEBSUB_SECONDS = 3
_STATUS_SECONDS = 20


@dataclass(frozen=True, slots=True)
class ServiceReports:
    """Those who hear of what a service does."""

    delivery: Callable[[AddressedDelivery, str, Reply], None]
    round: Callable[[SendRound], None]
    trouble: Callable[[NewsfeedError], None]
    published: Callable[[Mapping[str, Any]], None]
    returned: Callable[[Sequence[BounceCounts]], None]
    paused: Callable[[ReceiverState], None]
    """Hears of groups of receivers that are left alone from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSetup:
    """A service that is to run."""

    delivery: DeliveryContext
    parts: Collection[str]
    """Of `PARTS`; the web is answered by whoever called us."""
    output: Path
    """The published site."""
    clock: Callable[[], datetime]
    is_clock_set: bool
    """The clock is not that of the machine."""
    reports: ServiceReports
    environment: Mapping[str, str]
    stop: StopSignal
    landed: Callable[[], None] = lambda: None
    """Is called when other files are published than before: for whoever shows them in this process."""


def usual_parts(settings: Settings) -> tuple[str, ...]:
    """Return the parts that a configuration asks for."""
    publishes = settings.publish.enabled
    asked = {
        WEB: settings.web != NO_WEB,
        SEND: bool(settings.mail.sender or settings.digests) or not publishes,
        PUBLISH: publishes,
    }
    return tuple(part for part in PARTS if asked[part])


def health_file(root: Path, parts: Collection[str]) -> Path:
    """Return the file that says whether a service is well; one that does not send has its own."""
    return root / "var" / ("health.json" if SEND in parts else f"health-{'-'.join(sorted(parts))}.json")


def run_service(setup: ServiceSetup) -> None:
    """Send and publish until the stop; then finish what is under way, within ten seconds."""
    jobs = JobBoard(setup.clock, setup.reports.trouble)
    jobs.every(TIDYING, _TIDYING_SECONDS, lambda: tidy(setup), at_once=True)
    publishing = _open_publishing(setup, jobs) if PUBLISH in setup.parts else None
    jobs.start()
    try:
        with running(setup.delivery.root) if publishing else nullcontext():
            if publishing is not None:
                publishing.start()
            if SEND in setup.parts:
                _send(setup, jobs, publishing)
            else:
                _wait(setup, jobs, publishing)
    finally:
        setup.stop.set()
        jobs.stop()
        if publishing is not None:
            publishing.join()
    with suppress(OutsideError):  # of a full disk; whoever watches sees that it is silent
        note_end(health_file(setup.delivery.root, setup.parts), setup.clock())


def tidy(setup: ServiceSetup) -> None:
    """Forget who asked and never confirmed, and pack what was fetched."""
    from newsfeed.subscribers.signup import forget_unconfirmed

    if SEND in setup.parts:
        forget_unconfirmed(setup.delivery.store.people, setup.clock())
    if setup.delivery.settings.own_hub:
        setup.delivery.store.websub.forget_expired(setup.clock())
    if PUBLISH in setup.parts and setup.delivery.settings.publish.repository:
        _publisher(setup).mirror.tidy()


def _send(setup: ServiceSetup, jobs: JobBoard, publishing: PublishService | None) -> None:
    delivery, reports = setup.delivery, setup.reports
    if publishing is not None and delivery.settings.publish.repository:
        if _publisher(setup).checkouts.current is None:
            publishing.wait_for_first_look()
        elif is_landing(delivery.root):  # a publishing was stopped, and readers may see newer pages already
            publishing.wait_for_first_look(PATIENCE)
    mailboxes = delivery.settings.mailboxes
    if mailboxes:

        def read() -> None:
            reports.returned(
                read_mailboxes(delivery, mailboxes, setup.clock(), setup.environment, reports.paused)
            )

        jobs.every(MAILBOXES, _MAILBOX_SECONDS, read, at_once=True)
    round_context = spare_a_connection(
        open_round_context(
            delivery,
            setup.clock,
            reports.delivery,
            setup.environment,
            paused=reports.paused,
            pause=setup.stop.event.wait,
        )
    )

    def write_to_people() -> None:
        if not setup.stop.is_set():  # trouble is told by the rounds, which send what is left here
            send_service_mails(round_context)

    jobs.every(SERVICE_MAILS, tasks.PEOPLE_WAIT, write_to_people)
    context = ServiceContext(
        round_context,
        health_file(delivery.root, setup.parts),
        reports.round,
        reports.trouble,
        jobs.next_times,
        other_trouble=lambda: publishing.trouble if publishing else "",
        planned=lambda: _tell_of_issues(setup),
    )
    service.run_until_stopped(context, jobs, setup.stop)


def _tell_of_issues(setup: ServiceSetup) -> None:
    """Let whoever publishes, here or in another process, make the pages of issues that were planned."""
    if not setup.delivery.settings.publish.enabled:
        return
    try:
        leave_sign(setup.delivery.root)
    except OutsideError as error:
        setup.reports.trouble(error)


def _wait(setup: ServiceSetup, jobs: JobBoard, publishing: PublishService | None) -> None:
    """Say now and then that the service is well, until the stop."""
    path = health_file(setup.delivery.root, setup.parts)

    def write() -> None:
        trouble = publishing.trouble if publishing else ""
        write_health(path, setup.clock(), trouble, jobs.next_times())

    jobs.every(HEALTH, _HEALTH_SECONDS, write, at_once=True)
    setup.stop.wait()


def _publisher(setup: ServiceSetup) -> Publisher:
    delivery = setup.delivery
    return open_publisher(delivery.root, setup.output, setup.environment, delivery.settings)


def _tell_forge(setup: ServiceSetup) -> None:
    publish = setup.delivery.settings.publish
    for error in tell_forge(setup.delivery.root, publish, setup.environment, setup.clock):
        setup.reports.trouble(error)


def _open_publishing(setup: ServiceSetup, jobs: JobBoard) -> PublishService:
    root = setup.delivery.root
    clock = setup.clock if setup.is_clock_set else None
    command = PublishCommand(root, setup.output, clock, setup.environment, setup.stop.event)
    announces = is_announcing(setup.delivery)
    if announces:
        requests = open_websub_context(setup.delivery, setup.output, setup.clock, setup.reports.trouble)
        jobs.every(WEBSUB, _WEBSUB_SECONDS, lambda: make_due_requests(requests, setup.stop.is_set))

    status = setup.delivery.settings.publish.status
    if status:
        jobs.every(STATUS, _STATUS_SECONDS, lambda: _tell_forge(setup), at_once=True)

    def published(data: Mapping[str, Any]) -> None:
        setup.reports.published(data)
        if status:
            jobs.run_now(STATUS)
        if data["written"] or data["removed"]:
            setup.landed()
        if announces:  # a job: whatever others do to their requests, the next build does not wait
            jobs.run_now(WEBSUB)

    reports = PublishReports(published, setup.reports.trouble)
    poll = setup.delivery.settings.publish.poll
    return PublishService(root, command, jobs, setup.clock, reports, setup.stop, poll)
