"""Plain sentences about deliveries: did they get it, when, and if not, why not.

Answers are message ids with parameters; the edge says them in the user's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsfeed.records import Delivery, Issue, Subscriber


@dataclass(frozen=True, slots=True)
class StatusSentence:
    """One sentence: a message id and what goes into its placeholders."""

    message: str
    params: tuple[tuple[str, str], ...] = ()


OF_DELIVERY: Mapping[str, str] = {
    "planned": N_("{issue}: planned, not tried yet; next try {next}"),
    "intent": N_("{issue}: on the wire since {intent}"),
    "accepted": N_("{issue}: got it; {relay} took it on {settled} ({reply})"),
    "deferred": N_("{issue}: not yet; {relay} said “{reply}” at try {attempts}; next try {next}"),
    "refused": N_("{issue}: did not get it; {relay} refused it on {settled}: “{reply}”"),
    "unknown": N_(
        "{issue}: nobody can say; the connection to {relay} broke after the message was handed over"
    ),
    "expired": N_("{issue}: did not get it; given up on {settled} after {attempts} tries: “{reply}”"),
    "suppressed": N_("{issue}: did not get it; the address is on the list of those never to be written to"),
    "left": N_("{issue}: did not get it; they had left before it was their turn"),
}
"""Delivery state → what is said of it."""

OF_PERSON: Mapping[str, str] = {
    "pending": N_("has asked for mails, but not confirmed yet: gets nothing before that"),
    "active": N_("gets mails"),
    "left": N_("has left: gets nothing"),
    "bounced": N_("mails to them came back: gets nothing"),
    "complained": N_("has called a mail spam: gets nothing"),
}
"""Subscriber state → what is said of it."""

UNKNOWN_PERSON = N_("nobody with this address is known")
SUPPRESSED = N_("this address is never written to: {reason}")
SUBSCRIBED = N_("reads “{digest}” in {languages}")
NOT_SUBSCRIBED = N_("{issue}: not planned for them: they do not read “{digest}”")
NOT_OWED = N_("{issue}: not planned for them: they joined later, or it held nothing new to them")
NO_ISSUES = N_("no issue was planned for them yet")


def describe_person(subscriber: Subscriber | None, suppressed: str) -> list[StatusSentence]:
    """Describe who somebody is to us."""
    if subscriber is None:
        reason = (("reason", suppressed),)
        return [StatusSentence(SUPPRESSED, reason) if suppressed else StatusSentence(UNKNOWN_PERSON)]
    answers = [StatusSentence(OF_PERSON[subscriber.state])]
    if suppressed:
        kept = [] if subscriber.state == "active" else answers  # they do not "get mails"
        answers = [*kept, StatusSentence(SUPPRESSED, (("reason", suppressed),))]
    languages = ", ".join(subscriber.languages)
    answers += [
        StatusSentence(SUBSCRIBED, (("digest", name), ("languages", languages)))
        for name in sorted(subscriber.subscriptions)
    ]
    return answers


def describe_deliveries(
    subscriber: Subscriber, deliveries: Sequence[tuple[Issue, Delivery]], wanted: Issue | None
) -> list[StatusSentence]:
    """Describe what became of a person's issues: of the ``wanted`` one, or of all, newest first."""
    if wanted is None:
        return [_about(issue, delivery) for issue, delivery in deliveries] or [StatusSentence(NO_ISSUES)]
    for issue, delivery in deliveries:
        if issue.id == wanted.id:
            return [_about(issue, delivery)]
    reads = wanted.digest in subscriber.subscriptions
    params = (("issue", issue_name(wanted)), ("digest", wanted.digest))
    return [StatusSentence(NOT_OWED if reads else NOT_SUBSCRIBED, params)]


def issue_name(issue: Issue) -> str:
    """Return the name people give an issue: ``staff/2010-02-08T08:00``."""
    return f"{issue.digest}/{issue.slot}"


def audience_size(receipt: Mapping[str, Mapping[str, int]]) -> int:
    """Return the audience of an issue: the sum over languages and states."""
    return sum(number for states in receipt.values() for number in states.values())


def _about(issue: Issue, delivery: Delivery) -> StatusSentence:
    params = {
        "issue": issue_name(issue),
        "next": _moment(delivery.next_try),
        "intent": _moment(delivery.intent_at),
        "settled": _moment(delivery.settled_at),
        "relay": delivery.relay or "–",
        "reply": delivery.reply or "–",
        "attempts": str(delivery.attempts),
    }
    return StatusSentence(OF_DELIVERY[delivery.state], tuple(params.items()))


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment is not None else "–"
