"""One pass of the service: free what dead senders had claimed, decide doubts, plan what is due, send it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsfeed.core.digests import planning
from newsfeed.delivery.freeze import FrozenIssue, PlanningContext, freeze_issue
from newsfeed.delivery.outbox import send_outbox
from newsfeed.delivery.sender import SendCounts, Sender, SenderContext
from newsfeed.delivery.withdrawals import WithdrawalContext, drop_withdrawn
from newsfeed.errors import NewsfeedError
from newsfeed.records import WaitingMails

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime

    from newsfeed.core.digests.slots import Slot
    from newsfeed.marking import Sentence
    from newsfeed.ports import Issues, People, SendQueue
    from newsfeed.service_ports import Outbox
    from newsfeed.settings import Digest


@dataclass(frozen=True, slots=True)
class RoundContext:
    """All that a send round works with; opened once, used for every round."""

    digests: Mapping[str, Digest]
    people: People
    issues: Issues
    send_queue: SendQueue
    read_site: Callable[[], PlanningContext]
    """Reads the site; called only when an issue is due."""
    sender_context: SenderContext
    clock: Callable[[], datetime]
    outbox: Outbox
    """Service mails, sent after the issues."""
    forget_unconfirmed: Callable[[datetime], int]
    """Deletes who asked and never confirmed; called when an issue was planned, for it reads everybody."""
    verify_store: Callable[[], None]
    """Reads the whole store and raises `newsfeed.errors.OutsideError` when it is damaged."""
    note_sending: Callable[[], object] = lambda: None
    """Notes in the store that it is sent from here; called with each issue, and now and then. Raises
    `newsfeed.errors.OutsideError` when it no longer is.
    """
    find_withdrawn: Callable[[], Collection[str]] = frozenset
    """Looks which stories are withdrawn by now; return their ids."""


@dataclass(frozen=True, slots=True)
class PlanningResult:
    """The result of looking at what is due, and planning it."""

    recovered: int = 0
    """Deliveries whose sender died with them on the wire."""
    frozen: tuple[FrozenIssue, ...] = ()
    unplanned: NewsfeedError | None = None
    """Why an issue that is due could not be planned; what was planned before is sent all the same."""
    unread: tuple[str, ...] = ()
    """Digests with a slot that is due and nobody to read it; their slot is not used up."""
    orphaned: Mapping[str, int] = field(default_factory=dict)
    """Digest that people read, and the configuration does not have → how many read it."""


@dataclass(frozen=True, slots=True)
class SendRound:
    """The result of one pass of the service: as for planning, and of sending."""

    recovered: int
    frozen: tuple[FrozenIssue, ...]
    counts: SendCounts
    unplanned: NewsfeedError | None = None
    unread: tuple[str, ...] = ()
    orphaned: Mapping[str, int] = field(default_factory=dict)
    waiting: WaitingMails = field(default_factory=WaitingMails)
    """Mails that are still to be sent when the round is over."""
    next_slots: Mapping[str, Slot] = field(default_factory=dict)
    """Digest → its next slot, the soonest first."""


def run_send_round(context: RoundContext, stop: threading.Event) -> SendRound:
    """Do everything that is due now, once. Two of these side by side do no harm: an issue is planned by
    whoever is first, a delivery is sent by whoever claimed it.
    """
    planned = plan_round(context)
    counts = send_planned(context, stop, tidy=bool(planned.frozen))
    return conclude_round(context, planned, counts)


def plan_round(
    context: RoundContext, *, survey: bool = True, recover: bool = True, plan: bool = True
) -> PlanningResult:
    """Free what dead senders had claimed, decide doubts, and plan the issues that are due.

    ``survey``: look first whether the store is whole, and whether people read a digest that there is no
    more; it reads everything, so a service does it now and then. Without ``recover`` nothing is freed or
    decided, without ``plan`` no issue is planned.
    """
    if survey:
        context.verify_store()
        context.note_sending()
    recovered = _recover(context) if recover else 0
    frozen: list[FrozenIssue] = []
    unread: list[str] = []
    unplanned = (_drop_withdrawn(context) or _plan(context, frozen, unread)) if plan else None
    orphaned = find_orphaned_digests(context.people, context.digests) if survey else {}
    if frozen:
        context.note_sending()
    return PlanningResult(recovered, tuple(frozen), unplanned, tuple(unread), orphaned)


def _recover(context: RoundContext) -> int:
    """Free what dead senders had claimed, and decide doubts; return how many were on the wire."""
    recovered = context.send_queue.recover(context.clock())
    apply_doubt_policies(context)
    return recovered


def send_planned(context: RoundContext, stop: threading.Event, *, tidy: bool) -> SendCounts:
    """Send what is planned and due, then service mails. ``tidy``: forget who never confirmed, too."""
    counts = Sender(context.sender_context, stop).run()
    if tidy and not stop.is_set():
        context.forget_unconfirmed(context.clock())
    if not counts.trouble and not stop.is_set():
        counts.trouble = send_service_mails(context)
    return counts


def send_service_mails(context: RoundContext) -> Sentence:
    """Send what single people wait for, such as confirmations; return why it stopped early, if it did."""
    sender = context.sender_context
    return send_outbox(
        context.outbox, sender.open_session, context.clock(), calls_strangers=sender.calls_strangers
    )


def spare_a_connection(context: RoundContext) -> RoundContext:
    """Return a context whose digests leave a connection to mails that people wait for."""
    sender = context.sender_context
    return replace(context, sender_context=replace(sender, connections=max(sender.connections - 1, 1)))


def conclude_round(context: RoundContext, planned: PlanningResult, counts: SendCounts) -> SendRound:
    """Return what a round did, with what still waits and when the next slots are."""
    now = context.clock()
    ahead = {name: context.issues.slots(name, now) for name in context.digests}
    return SendRound(
        recovered=planned.recovered,
        frozen=planned.frozen,
        counts=counts,
        unplanned=planned.unplanned,
        unread=planned.unread,
        orphaned=planned.orphaned,
        waiting=context.send_queue.count_waiting(now),
        next_slots=planning.find_next_slots(context.digests.values(), now, ahead),
    )


def find_orphaned_digests(people: People, digests: Collection[str]) -> dict[str, int]:
    """Return digest → readers of those that the configuration does not have (any more)."""
    return {name: number for name, number in people.count_readers().items() if name not in digests}


def _drop_withdrawn(context: RoundContext) -> NewsfeedError | None:
    """Keep stories that were withdrawn out of mails that wait. A site with errors keeps back only these."""
    holders = WithdrawalContext(context.issues, context.people, context.digests, context.read_site)
    try:
        drop_withdrawn(holders, context.find_withdrawn(), context.clock())
    except NewsfeedError as error:
        return error
    return None


def _plan(context: RoundContext, frozen: list[FrozenIssue], unread: list[str]) -> NewsfeedError | None:
    """Plan what is due. A site with errors must not keep back issues that were frozen before."""
    try:
        for one in plan_due_issues(context, unread):
            frozen.append(one)  # noqa: PERF402 - what was planned before an error counts
    except NewsfeedError as error:
        return error
    return None


def plan_due_issues(context: RoundContext, unread: list[str]) -> Iterator[FrozenIssue]:
    """Plan every digest that has a slot without an issue; the site is read once, if at all.

    A digest without a single reader is left alone and added to ``unread``: whoever imports the first ones
    after the first round must not find their slot used up.
    """
    planning_context: PlanningContext | None = None
    due = [digest for digest in context.digests.values() if _is_due(context, digest)]
    readers = context.people.count_readers() if due else {}
    for digest in due:
        if not readers.get(digest.name):
            unread.append(digest.name)
            continue
        while _is_due(context, digest):
            planning_context = planning_context or context.read_site()
            made = freeze_issue(planning_context, digest, context.clock())
            if made is None:  # somebody else was faster
                break
            yield made


def _is_due(context: RoundContext, digest: Digest) -> bool:
    now = context.clock()
    return (
        planning.find_due_slot(digest, context.issues.slots(digest.name, now - planning.MEMORY), now)
        is not None
    )


def apply_doubt_policies(context: RoundContext) -> int:
    """Apply each digest's policy to deliveries nobody can vouch for; ``ask`` leaves them visible."""
    now, decided = context.clock(), 0
    for digest in context.digests.values():
        if digest.unknown == "ask":
            continue
        for issue_id in context.issues.slots(digest.name, now - planning.MEMORY).values():
            decided += context.issues.decide_doubts(issue_id, digest.unknown == "resend", now)
    return decided
