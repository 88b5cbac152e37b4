"""One round of the service: free what the dead left, decide doubts, plan what is due, send it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.core.digests import planning
from newsfeed.delivery.freeze import Desk, Frozen, freeze
from newsfeed.delivery.outbox import send_outbox
from newsfeed.delivery.sender import Exchange, Sender, Tally
from newsfeed.errors import NewsfeedError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Mapping

    from newsfeed.ports import Issues, Outbox, Outgoing
    from newsfeed.settings import Digest

_MEMORY = timedelta(days=90)
"""How far back issues are looked at: longer than any retry or horizon worth the name."""


@dataclass(frozen=True, slots=True)
class Bureau:
    """What a round works with."""

    digests: Mapping[str, Digest]
    issues: Issues
    outgoing: Outgoing
    open_desk: Callable[[], Desk]
    """Reads the site; called only when an issue is due."""
    exchange: Exchange
    clock: Callable[[], datetime]
    outbox: Outbox
    """Service mails, sent after the issues."""
    forget_unconfirmed: Callable[[datetime], int]
    """Deletes who asked and never confirmed; called when an issue was planned, for it reads everybody."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did."""

    recovered: int
    """Deliveries whose sender died with them on the wire."""
    frozen: tuple[Frozen, ...]
    tally: Tally
    unplanned: NewsfeedError | None = None
    """Why an issue that is due could not be planned; what was planned before is sent all the same."""


def do_round(bureau: Bureau, stop: threading.Event, *, planning: bool = True) -> Round:
    """Everything that is due now, once. Two of these side by side do no harm: an issue is planned
    by whoever is first, a delivery is sent by whoever claimed it. Without ``planning`` only what is
    planned already is sent.
    """
    recovered = bureau.outgoing.recover(bureau.clock())
    decide_doubts(bureau)
    frozen: list[Frozen] = []
    unplanned = _plan(bureau, frozen) if planning else None
    tally = Sender(bureau.exchange, stop).run()
    if frozen and not stop.is_set():
        bureau.forget_unconfirmed(bureau.clock())
    if not tally.trouble and not stop.is_set():
        tally.trouble = send_outbox(bureau.outbox, bureau.exchange.open_wire, bureau.clock())
    return Round(recovered, tuple(frozen), tally, unplanned)


def _plan(bureau: Bureau, frozen: list[Frozen]) -> NewsfeedError | None:
    """Plan what is due. A site with errors must not keep back issues that were frozen before."""
    try:
        for one in plan_due(bureau):
            frozen.append(one)  # noqa: PERF402 - what was planned before an error counts
    except NewsfeedError as error:
        return error
    return None


def plan_due(bureau: Bureau) -> Iterator[Frozen]:
    """Plan every digest that has a slot without an issue; the site is read once, if at all."""
    desk: Desk | None = None
    for digest in bureau.digests.values():
        while _is_due(bureau, digest):
            desk = desk or bureau.open_desk()
            made = freeze(desk, digest, bureau.clock())
            if made is None:  # somebody else was faster
                break
            yield made


def _is_due(bureau: Bureau, digest: Digest) -> bool:
    now = bureau.clock()
    return planning.slot_due(digest, bureau.issues.slots(digest.name, now - _MEMORY), now) is not None


def decide_doubts(bureau: Bureau) -> int:
    """Apply each digest's policy to deliveries nobody can vouch for; ``ask`` leaves them visible."""
    now, decided = bureau.clock(), 0
    for digest in bureau.digests.values():
        if digest.unknown == "ask":
            continue
        for issue_id in bureau.issues.slots(digest.name, now - _MEMORY).values():
            decided += bureau.issues.doubtful(issue_id, digest.unknown == "resend", now)
    return decided
