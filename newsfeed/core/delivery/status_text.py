"""Plain sentences about deliveries: did they get it, when, and if not, why not.

Answers are message ids with parameters; the edge says them in the user's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo

    from newsfeed.records import Delivery, Issue, Subscriber


OF_DELIVERY: Mapping[str, str] = {
    "planned": N_("{issue}: planned, not tried yet; next try {next}"),
    "intent": N_("{issue}: on the wire since {intent}"),
    "accepted": N_("{issue}: delivered to {relay} on {settled} ({reply})"),
    "deferred": N_("{issue}: not yet; {relay} said “{reply}” at try {attempts}; next try {next}"),
    "refused": N_("{issue}: did not get it; {relay} refused it on {settled}: “{reply}”"),
    "unknown": N_(
        "{issue}: nobody can say; the connection to {relay} broke after the message was handed over"
    ),
    "expired": N_("{issue}: did not get it; given up on {settled} after {attempts} tries: “{reply}”"),
    "suppressed": N_("{issue}: did not get it; the address is on the list of those never to be written to"),
    "left": N_("{issue}: did not get it; they had left before it was their turn"),
    "withdrawn": N_("{issue}: did not get it; all its stories were withdrawn before it left"),
}
"""Delivery state → what is said of it."""

OF_PERSON: Mapping[str, str] = {
    "pending": N_("has asked for mails, but not confirmed yet: gets nothing before that"),
    "active": N_("is subscribed"),
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
REASONS = (N_("asked"), N_("erased"))
"""Why an address is never written to, when nobody has given another reason."""
NO_ISSUES = N_("no issue was planned for them yet")


def describe_person(subscriber: Subscriber | None, suppressed: str) -> list[Sentence]:
    """Describe who somebody is to us."""
    if subscriber is None:
        return [Sentence(SUPPRESSED, reason=Sentence(suppressed)) if suppressed else Sentence(UNKNOWN_PERSON)]
    answers = [Sentence(OF_PERSON[subscriber.state])]
    if suppressed:
        kept = [] if subscriber.state == "active" else answers  # they are not "subscribed"
        answers = [*kept, Sentence(SUPPRESSED, reason=Sentence(suppressed))]
    languages = ", ".join(subscriber.languages)
    answers += [
        Sentence(SUBSCRIBED, digest=name, languages=languages) for name in sorted(subscriber.subscriptions)
    ]
    return answers


def describe_deliveries(
    subscriber: Subscriber, deliveries: Sequence[tuple[Issue, Delivery]], wanted: Issue | None, zone: tzinfo
) -> list[Sentence]:
    """Describe what became of a person's issues: of the ``wanted`` one, or of all, newest first. ``zone``: in
    which moments are told.
    """
    if wanted is None:
        return [_about(issue, delivery, zone) for issue, delivery in deliveries] or [Sentence(NO_ISSUES)]
    for issue, delivery in deliveries:
        if issue.id == wanted.id:
            return [_about(issue, delivery, zone)]
    reads = wanted.digest in subscriber.subscriptions
    message = NOT_OWED if reads else NOT_SUBSCRIBED
    return [Sentence(message, issue=issue_name(wanted), digest=wanted.digest)]


def issue_name(issue: Issue) -> str:
    """Return the name people give an issue: ``staff/2010-02-08T08:00``."""
    return f"{issue.digest}/{issue.slot}"


def audience_size(receipt: Mapping[str, Mapping[str, int]]) -> int:
    """Return the audience of an issue: the sum over languages and states."""
    return sum(number for states in receipt.values() for number in states.values())


def _about(issue: Issue, delivery: Delivery, zone: tzinfo) -> Sentence:
    return Sentence(
        OF_DELIVERY[delivery.state],
        issue=issue_name(issue),
        next=_moment(delivery.next_try, zone),
        intent=_moment(delivery.intent_at, zone),
        settled=_moment(delivery.settled_at, zone),
        relay=delivery.relay or "–",
        reply=Sentence(delivery.reply or "–"),
        attempts=delivery.attempts,
    )


def _moment(moment: datetime | None, zone: tzinfo) -> datetime | str:
    return moment.astimezone(zone) if moment is not None else "–"
