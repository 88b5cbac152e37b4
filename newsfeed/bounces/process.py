"""Process returned mail: a report counts only for the person whose signed token it carries.

A report without a token of ours, or with one that was altered, made up or meant for something
else, touches nobody. A genuine one touches the holder of its token and no other person, whatever
addresses it names.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsfeed.core.bounces.classify import ReturnedMail, find_recipient, read_returned_mail, redact
from newsfeed.core.delivery.verp import PURPOSE
from newsfeed.core.people import subscription, tokens
from newsfeed.errors import StaleError
from newsfeed.records import Bounce, OutgoingMessage, Reply, Subscriber

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from email.message import Message

    from newsfeed.core.bounces.mime import ParsedMail
    from newsfeed.ports import Bounces, People

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
"""What may be made of one message. ``unsigned``: a report that names no token; ``forged``: one with
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


@dataclass(frozen=True, slots=True)
class BounceCounts:
    """How many messages were read from a mailbox, and what they were."""

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
        outcome, ended = _taken_in(context, data, now)
        read += 1
        outcomes[outcome] += 1
        stopped += ended
    return BounceCounts(read, {name: outcomes[name] for name in OUTCOMES if outcomes[name]}, stopped)


def record_refusal(context: BounceContext, outgoing: OutgoingMessage, reply: Reply, now: datetime) -> None:
    """Record that a relay refused a reader before the message left, as a bounce would say later. Only a
    status about the mailbox (RFC 3463 X.1, X.2) counts at once; a bare code counts as a soft one.
    """
    status = reply.enhanced or "5.0.0"
    if not status.startswith(("5.1.", "5.2.", "5.0.")):
        return
    reader = outgoing.subscriber
    bounce = Bounce(
        subscriber_id=reader.id,
        delivery_id=outgoing.delivery.id,
        at=now,
        kind=subscription.classify_bounce(status),
        status=status,
        detail=redact(reply.text, reader.address),
    )
    context.bounces.add(bounce)
    _followed_up(context, context.people.get(reader.id), now)


def guess_failures(mail: ParsedMail) -> tuple[Collection[str], Collection[str]]:
    """Return (addresses that wait, addresses that failed) as flufl.bounce (Apache-2.0) reads a mail without a
    report.

    It knows the texts of dozens of old servers. It gets a flat copy of short lines: some of its
    patterns need time that grows with the square of a line's length.
    """
    from flufl.bounce import all_failures

    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it logs, then raises, too
    try:
        waiting, failed = all_failures(_flat(mail))
    except Exception:  # noqa: BLE001 - heuristics over a stranger's bytes: no opinion is an answer
        return (), ()
    return [one.decode("ascii", "replace") for one in waiting], [
        one.decode("ascii", "replace") for one in failed
    ]


_TEXTS, _LINES, _COLUMNS, _BRACKETS = 2, 150, 200, 6
_SEEN_HEADERS = ("from", "subject", "x-mailer", "x-failed-recipients")


def _flat(mail: ParsedMail) -> Message:
    """Return a copy of at most two levels, made of texts only."""
    from email.message import Message

    flat = Message()
    for name in _SEEN_HEADERS:
        if value := mail.fields.get(name):
            flat[name] = value[:1_000].encode("ascii", "replace").decode()
    texts = [part for part in mail.parts if part.type == "text/plain"][:_TEXTS]
    if not mail.type.startswith("multipart/"):
        flat["Content-Type"] = "text/plain"
        flat.set_payload(_shortened(texts[0].text) if texts else "")
        return flat
    flat["Content-Type"] = (
        mail.type if mail.type in ("multipart/mixed", "multipart/report") else "multipart/mixed"
    )
    for part in texts:
        leaf = Message()
        leaf["Content-Type"] = "text/plain"
        leaf["Content-Description"] = part.fields.get("content-description")[:100]
        leaf.set_payload(_shortened(part.text))
        flat.attach(leaf)
    return flat


def _shortened(text: str) -> str:
    lines = text[: _LINES * _COLUMNS].split("\n", _LINES)[:_LINES]
    plain = (re.sub(r"[ \t]{2,}", " ", line)[:_COLUMNS] for line in lines if line.count("<") < _BRACKETS)
    return "\n".join(line.encode("ascii", "replace").decode() for line in plain)


@dataclass(frozen=True, slots=True)
class _TokenHolder:
    """The person, and perhaps the delivery, that a genuine token names."""

    subscriber: Subscriber
    delivery_id: int


def _taken_in(context: BounceContext, data: bytes, now: datetime) -> tuple[str, bool]:
    """Process one message; return its outcome, and whether it ended a subscription."""
    found = read_returned_mail(data, guess_failures)
    if found.kind in ("delayed", "auto-reply", "unrelated"):
        return found.kind, False
    if not found.tokens and not (found.kind == "complaint" and found.one_click):
        return "unsigned", False
    proved = _proved(context, found, now)
    if proved is None:
        return "forged", False
    bounce = _bounce(found, proved, now)
    if not bounce.kind:
        return "delayed", False
    fresh = context.bounces.add(bounce)
    ended = _followed_up(context, proved.subscriber, now)
    return (bounce.kind if fresh else "repeated"), ended


def _proved(context: BounceContext, found: ReturnedMail, now: datetime) -> _TokenHolder | None:
    """Return the holder of the first genuine token. A complaint may also show the unsubscribe link."""
    for token in found.tokens:
        if proved := _of_delivery(context, token, now):
            return proved
    for token in found.one_click if found.kind == "complaint" else ():
        if proved := _of_reader(context, token, now):
            return proved
    return None


def _of_delivery(context: BounceContext, token: str, now: datetime) -> _TokenHolder | None:
    claims = tokens.read_token(token)
    outgoing = context.bounces.delivery(claims.id) if claims else None
    if claims is None or outgoing is None or outgoing.delivery.id != claims.id:
        return None
    holder = outgoing.subscriber.key
    genuine = tokens.check_token(
        context.secret, claims, purpose=PURPOSE, digest=outgoing.digest, holder=holder, now=now
    )
    return _TokenHolder(outgoing.subscriber, claims.id) if genuine else None


def _of_reader(context: BounceContext, token: str, now: datetime) -> _TokenHolder | None:
    """Return the holder of an unsubscribe token, for feedback that hides the reader and the return path;
    which delivery it was is not known.
    """
    claims = tokens.read_token(token)
    reader = context.people.get(claims.id) if claims else None
    if claims is None or reader is None:
        return None
    known = dict.fromkeys(
        [*reader.subscriptions, *(one.digest for one in context.people.consents(reader.key))]
    )
    for digest in known:  # also those that the reader has left since
        if tokens.check_token(
            context.secret, claims, purpose="one-click", digest=digest, holder=reader.key, now=now
        ):
            return _TokenHolder(reader, 0)
    return None


def _bounce(found: ReturnedMail, proved: _TokenHolder, now: datetime) -> Bounce:
    at = now
    if found.kind == "complaint":
        kind, status, detail = "complaint", "", found.feedback
        if not proved.delivery_id and found.sent:  # nothing else tells two of them apart
            at = min(found.sent, now)
    else:
        said = find_recipient(found, proved.subscriber.address)
        kind = subscription.classify_bounce(said.status, said.action)
        status, detail = said.status, said.diagnostic
    return Bounce(
        subscriber_id=proved.subscriber.id,
        delivery_id=proved.delivery_id,
        at=at,
        kind=kind,
        status=status,
        detail=redact(detail, proved.subscriber.address),
    )


def _followed_up(context: BounceContext, reader: Subscriber | None, now: datetime) -> bool:
    """Decide anew from all that has come back so far; so a report read twice decides alike. Tells whether it
    ended a subscription.
    """
    for _ in range(_TRIES):
        if reader is None:  # erased meanwhile
            return False
        since = max(now - MEMORY, _confirmed(context, reader))
        after = subscription.after_bounces(reader, context.bounces.of_subscriber(reader.id, since), now)
        if after == reader:
            return False
        try:
            _save(context, reader, after, now)
        except StaleError:  # somebody else changed the person: look again, decide anew
            reader = context.people.get(reader.id)
        else:
            return True
    raise StaleError("a subscriber changes faster than it can be saved", "try again later")


def _save(context: BounceContext, before: Subscriber, after: Subscriber, now: datetime) -> None:
    """Save the person. A complaint also forbids the address for ever; who bounced may confirm again."""
    if after.state == "complained":
        context.people.suppress(tokens.hash_address(context.secret, before.address), after.state, now)
    records = [
        subscription.make_consent(before, digest, now, how=after.state, wording="", source=_ENDS[after.state])
        for digest in before.subscriptions
    ]
    context.people.save([after], records)


def _confirmed(context: BounceContext, reader: Subscriber) -> datetime:
    """Return when the person last proved to read this address: what came back before does not count."""
    moments: Sequence[datetime] = [
        one.at for one in context.people.consents(reader.key) if one.how == "confirmed"
    ]
    return max(moments, default=datetime.min.replace(tzinfo=UTC))
