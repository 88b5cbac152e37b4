"""One pass of the service: free what dead senders had claimed, decide doubts, plan what is due, send it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.core.digests import planning
from newsfeed.delivery.freeze import FrozenIssue, PlanningContext, freeze_issue
from newsfeed.delivery.outbox import send_outbox
from newsfeed.delivery.sender import SendCounts, Sender, SenderContext
from newsfeed.errors import NewsfeedError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Mapping

    from newsfeed.ports import Issues, Outbox, SendQueue
    from newsfeed.settings import Digest

_MEMORY = timedelta(days=90)
"""How far back issues are looked at: longer than any retry or horizon worth the name."""


@dataclass(frozen=True, slots=True)
class RoundContext:
    """All that a send round works with; opened once, used for every round."""

    digests: Mapping[str, Digest]
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


@dataclass(frozen=True, slots=True)
class SendRound:
    """The result of one pass of the service."""

    recovered: int
    """Deliveries whose sender died with them on the wire."""
    frozen: tuple[FrozenIssue, ...]
    counts: SendCounts
    unplanned: NewsfeedError | None = None
    """Why an issue that is due could not be planned; what was planned before is sent all the same."""


def run_send_round(context: RoundContext, stop: threading.Event, *, planning: bool = True) -> SendRound:
    """Do everything that is due now, once. Two of these side by side do no harm: an issue is planned by
    whoever is first, a delivery is sent by whoever claimed it. Without ``planning`` only what is planned
    already is sent.
    """
    recovered = context.send_queue.recover(context.clock())
    apply_doubt_policies(context)
    frozen: list[FrozenIssue] = []
    unplanned = _plan(context, frozen) if planning else None
    counts = Sender(context.sender_context, stop).run()
    if frozen and not stop.is_set():
        context.forget_unconfirmed(context.clock())
    if not counts.trouble and not stop.is_set():
        counts.trouble = send_outbox(context.outbox, context.sender_context.open_session, context.clock())
    return SendRound(recovered, tuple(frozen), counts, unplanned)


def _plan(context: RoundContext, frozen: list[FrozenIssue]) -> NewsfeedError | None:
    """Plan what is due. A site with errors must not keep back issues that were frozen before."""
    try:
        for one in plan_due_issues(context):
            frozen.append(one)  # noqa: PERF402 - what was planned before an error counts
    except NewsfeedError as error:
        return error
    return None


def plan_due_issues(context: RoundContext) -> Iterator[FrozenIssue]:
    """Plan every digest that has a slot without an issue; the site is read once, if at all."""
    planning_context: PlanningContext | None = None
    for digest in context.digests.values():
        while _is_due(context, digest):
            planning_context = planning_context or context.read_site()
            made = freeze_issue(planning_context, digest, context.clock())
            if made is None:  # somebody else was faster
                break
            yield made


def _is_due(context: RoundContext, digest: Digest) -> bool:
    now = context.clock()
    return planning.find_due_slot(digest, context.issues.slots(digest.name, now - _MEMORY), now) is not None


def apply_doubt_policies(context: RoundContext) -> int:
    """Apply each digest's policy to deliveries nobody can vouch for; ``ask`` leaves them visible."""
    now, decided = context.clock(), 0
    for digest in context.digests.values():
        if digest.unknown == "ask":
            continue
        for issue_id in context.issues.slots(digest.name, now - _MEMORY).values():
            decided += context.issues.decide_doubts(issue_id, digest.unknown == "resend", now)
    return decided
