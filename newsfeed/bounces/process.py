"""Process returned mail: a report counts only for the person whose signed token it carries.

A report without a token of ours, or with one that was altered, made up or meant for something
else, touches nobody. A genuine one touches the holder of its token and no other person, whatever
addresses it names.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.bounces.flufl_guesses import guess_failures
from newsfeed.core.bounces.read_report import ReturnedMail, find_recipient, read_returned_mail, redact
from newsfeed.core.bounces.reasons import classify_failure
from newsfeed.core.delivery.verp import PURPOSE
from newsfeed.core.people import subscription, tokens
from newsfeed.errors import StaleError
from newsfeed.marking import N_
from newsfeed.records import AddressedDelivery, Bounce, Reply, Subscriber

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from newsfeed.ports import People
    from newsfeed.records import Consent
    from newsfeed.service_ports import Bounces

OUTCOMES = (
    "hard",
    "soft",
    "policy",
    "complaint",
    "delayed",
    "auto-reply",
    "unrelated",
    "repeated",
    "unsigned",
    "forged",
)
"""Outcomes of one message. ``unsigned``: a report that names no token; ``forged``: one with
a token that proves nothing (altered, for another purpose, of somebody who was erased)."""
MEMORY = 12 * subscription.HALF_LIFE
"""Older bounces have decayed to nothing."""
_TRIES = 5
_ENDS = {"complained": "complaint", "bounced": "bounce"}


@dataclass(frozen=True, slots=True)
class BounceContext:
    """The ports through which returned mail is processed, and the secret that signs tokens."""

    people: People
    bounces: Bounces
    secret: bytes
    note_returned: Callable[[AddressedDelivery, Bounce], None] = lambda *_: None
    """Hears of each report and complaint that was not known before."""


@dataclass(frozen=True, slots=True)
class BounceCounts:
    """The number of messages read from a mailbox, by what they were."""

    read: int
    outcomes: Mapping[str, int]
    """Outcome of `OUTCOMES` → messages; sums to ``read``."""
    stopped: int
    """People who are not written to any more from now on."""


def read_returned_mails(context: BounceContext, messages: Iterable[bytes], now: datetime) -> BounceCounts:
    """Process messages one after the other, and count what they were.

    A message is done with when the next one is asked for. Killed anywhere in between, a second
    reading comes to the same end: what is known is not counted again, what was not done is done.
    """
    read, stopped = 0, 0
    outcomes: Counter[str] = Counter()
    for data in messages:
        outcome, ended = _process_mail(context, data, now)
        read += 1
        outcomes[outcome] += 1
        stopped += ended
    return BounceCounts(read, {name: outcomes[name] for name in OUTCOMES if outcomes[name]}, stopped)


def record_refusal(context: BounceContext, outgoing: AddressedDelivery, reply: Reply, now: datetime) -> None:
    """Record that a relay refused a reader before the message left, as a bounce would say later. Only a
    status about the mailbox (RFC 3463 X.1, X.2) counts at once; a bare code counts as a soft one. What the
    relay says of us touches nobody, whatever its status.
    """
    status = reply.enhanced or "5.0.0"
    kind = classify_failure(status, words=reply.text)
    if kind == "policy" or not status.startswith(("5.1.", "5.2.", "5.0.")):
        return
    reader = outgoing.subscriber
    bounce = Bounce(
        subscriber_id=reader.id,
        delivery_id=outgoing.delivery.id,
        at=now,
        kind=kind,
        status=status,
        detail=redact(reply.text, reader.address),
    )
    context.bounces.add(bounce)
    _decide_anew(context, context.people.get(reader.id), now)


def _process_mail(context: BounceContext, data: bytes, now: datetime) -> tuple[str, bool]:
    """Process one message; return its outcome, and whether somebody is not written to any more."""
    found = read_returned_mail(data, guess_failures)
    if found.kind in ("delayed", "auto-reply", "unrelated"):
        return found.kind, False
    if not (found.tokens or found.one_click):
        return "unsigned", False
    outgoing = _proven_delivery(context, found, now)
    if outgoing is None:
        return "forged", False
    bounce = _bounce(found, outgoing, now)
    if not bounce.kind:
        return "delayed", False
    fresh = context.bounces.add(bounce)
    if fresh:
        context.note_returned(outgoing, bounce)
    ended = _decide_anew(context, outgoing.subscriber, now)
    return (bounce.kind if fresh else "repeated"), ended


def _proven_delivery(context: BounceContext, found: ReturnedMail, now: datetime) -> AddressedDelivery | None:
    """Return the delivery that the first genuine token names. A complaint may also show the Message-ID of a
    delivery together with the one-click token of its reader and digest: neither alone proves anything.
    """
    for token in found.tokens:
        if outgoing := _by_return_path(context, token, now):
            return outgoing
    for token in found.one_click:
        if outgoing := _by_message_id(context, token, found.message_id, now):
            return outgoing
    return None


def _by_return_path(context: BounceContext, token: str, now: datetime) -> AddressedDelivery | None:
    claims = tokens.read_token(token)
    outgoing = context.bounces.delivery(claims.id) if claims else None
    if claims is None or outgoing is None or outgoing.delivery.id != claims.id:
        return None
    genuine = tokens.check_token(
        context.secret,
        claims,
        purpose=PURPOSE,
        digest=outgoing.digest,
        holder=outgoing.subscriber.key,
        now=now,
    )
    return outgoing if genuine else None


def _by_message_id(
    context: BounceContext, token: str, message_id: str, now: datetime
) -> AddressedDelivery | None:
    claims = tokens.read_token(token)
    outgoing = context.bounces.delivery_of(claims.id, message_id) if claims and message_id else None
    if claims is None or outgoing is None:
        return None
    genuine = tokens.check_token(
        context.secret,
        claims,
        purpose="one-click",
        digest=outgoing.digest,
        holder=outgoing.subscriber.key,
        now=now,
    )
    return outgoing if genuine else None


def _bounce(found: ReturnedMail, outgoing: AddressedDelivery, now: datetime) -> Bounce:
    reader = outgoing.subscriber
    if found.kind == "complaint":
        kind, status, detail = "complaint", "", found.feedback
    else:
        said = find_recipient(found, reader.address)
        kind = classify_failure(said.status, said.action, said.diagnostic)
        status, detail = said.status, said.diagnostic
    return Bounce(
        subscriber_id=reader.id,
        delivery_id=outgoing.delivery.id,
        at=now,
        kind=kind,
        status=status,
        detail=redact(detail, reader.address),
    )


def _decide_anew(context: BounceContext, reader: Subscriber | None, now: datetime) -> bool:
    """Decide anew from all that has come back so far; so a report read twice decides alike. Tells whether
    from now on the person is not written to any more.
    """
    for _ in range(_TRIES):
        if reader is None:  # erased meanwhile
            return False
        records = context.people.consents(reader.key)
        since = max(now - MEMORY, subscription.last_rejoining(records))
        returned = context.bounces.of_subscriber(reader.id, since)
        after = subscription.after_complaint(reader, _complained_of(context, returned, records))
        after = subscription.after_bounces(after, returned, now)
        if after == reader:
            return False
        try:
            _save(context, reader, after, now)
        except StaleError:  # somebody else changed the person: look again, decide anew
            reader = context.people.get(reader.id)
        else:
            return after.state != "active"
    raise StaleError(N_("a subscriber changes faster than it can be saved"), N_("try again later"))


def _complained_of(
    context: BounceContext, returned: Iterable[Bounce], records: Sequence[Consent]
) -> Collection[str]:
    """Return the digests whose mails somebody called spam, unless that is on record already: who has come
    back to one since is not to lose it again.
    """
    digests = set()
    for bounce in returned:
        outgoing = context.bounces.delivery(bounce.delivery_id) if bounce.kind == "complaint" else None
        if outgoing is None:
            continue
        names = {outgoing.digest, context.people.digest_moves().get(outgoing.digest, outgoing.digest)}
        if not any(
            record.how == "complained" and record.digest in names and record.at >= bounce.at
            for record in records
        ):
            digests |= names
    return digests


def _save(context: BounceContext, before: Subscriber, after: Subscriber, now: datetime) -> None:
    """Save the person, with a record for each digest that ended. They may confirm again."""
    ended = dict.fromkeys(set(before.subscriptions) - set(after.subscriptions), "complained")
    if after.state == "bounced" != before.state:
        ended |= dict.fromkeys(after.subscriptions, "bounced")
    records = [
        subscription.make_consent(
            before, digest, now, how=ended[digest], wording="", source=_ENDS[ended[digest]]
        )
        for digest in before.subscriptions
        if digest in ended
    ]
    context.people.save([after], records)
