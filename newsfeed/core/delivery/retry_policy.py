"""Decide what a relay's reply means for a delivery, and when to try again. Pure: the moment is given.

A reply is judged by its code, its enhanced status (RFC 3463) and by what it was said to. Where code
and status disagree the kinder one counts: trying again costs little, giving a reader up is final.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.records import DeliveryResult

if TYPE_CHECKING:
    from newsfeed.records import Delivery, Reply

_ADDRESS_FAULT = ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.9", "5.1.10")
_SENDER_FAULT = ("5.1.7", "5.1.8")
_FULL = "5.2.2"
_NEEDS_SMTPUTF8 = "5.6.7"
_BARE_ADDRESS_FAULT = (521, 550, 551, 553, 556)
"""Refusals of a recipient by relays without enhanced status (RFC 5321 4.2.3, RFC 7504)."""
_HELD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """The pauses between tries: RFC 5321 4.5.4.1, denser at first because greylisting ends in minutes."""

    retries: tuple[timedelta, ...] = (
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(minutes=30),
        timedelta(hours=1),
        timedelta(hours=2),
        timedelta(hours=4),
        timedelta(hours=8),
    )
    """Pauses after the first, second… try; the last one repeats."""
    lifetime: timedelta = timedelta(days=3)
    """From planning; older deliveries expire."""
    fewest: int = 4
    """Tries nobody is denied, however long the sender itself was down."""
    policy_from: int = 3
    """A relay that refuses by policy is not asked again as soon: pauses start here."""


DEFAULT_SCHEDULE = RetrySchedule()
SHORTEST_PAUSE = min(DEFAULT_SCHEDULE.retries)
LONGEST_PAUSE = max(DEFAULT_SCHEDULE.retries)
"""A next try further away was decided before the clock was set back."""


def classify_reply(reply: Reply) -> str:
    """Return ``accepted``, ``deferred``, ``refused`` (this recipient, for good), ``policy`` (a quarrel with
    us, our message or our relay, which is not the reader's fault), or ``unknown`` (nobody can say).

    A lost connection or nonsense after the final dot is ``unknown``; a reply without a stage is
    taken to be one to the dot.
    """
    if 200 <= reply.code < 300:
        return "accepted"
    if reply.code < 400 or reply.code > 599:
        return "unknown" if reply.stage in ("dot", "") else "deferred"
    if reply.code < 500 or reply.enhanced.startswith("4."):
        return "deferred"
    return _by_status(reply) if reply.enhanced.startswith("5.") else _by_code(reply)


def decide_after_refusal(
    delivery: Delivery, reply: Reply, now: datetime, retry_schedule: RetrySchedule = DEFAULT_SCHEDULE
) -> DeliveryResult:
    """Return the result after a reply that came before the final dot: the message certainly did not leave."""
    meaning = classify_reply(reply)
    if meaning in ("accepted", "unknown"):  # a lost connection, or an answer to another question
        meaning = "deferred"
    return _result(delivery, reply, meaning, now, retry_schedule)


def decide_after_dot(
    delivery: Delivery, reply: Reply, now: datetime, retry_schedule: RetrySchedule = DEFAULT_SCHEDULE
) -> DeliveryResult:
    """Return the result after the final dot, or the attempt to send it."""
    return _result(delivery, reply, classify_reply(reply), now, retry_schedule)


def format_reply(reply: Reply) -> str:
    """Return a reply on one line, for the ledger."""
    code = str(reply.code) if reply.code else "connection lost"
    return " ".join(part for part in (code, reply.enhanced, reply.text) if part)


def _result(
    delivery: Delivery, reply: Reply, meaning: str, now: datetime, retry_schedule: RetrySchedule
) -> DeliveryResult:
    state, next_try = meaning, None
    if meaning in ("deferred", "policy"):
        next_try = _next_try(delivery, reply, meaning, now, retry_schedule)
        state = "deferred" if next_try else "expired"
    return DeliveryResult(delivery.id, state, next_try, format_reply(reply), reply.relay)


def _next_try(
    delivery: Delivery, reply: Reply, meaning: str, now: datetime, retry_schedule: RetrySchedule
) -> datetime | None:
    """Return when to try again; ``None``: it is too old. ``delivery.attempts`` counts the tries before this
    one.
    """
    if reply.stage == "held":  # not a try: nobody was asked
        return now + _HELD
    planned = delivery.planned_at or now
    end = planned + retry_schedule.lifetime
    tries = delivery.attempts + 1
    if now >= end and tries >= retry_schedule.fewest:
        return None
    step = delivery.attempts + (retry_schedule.policy_from if meaning == "policy" else 0)
    pause = retry_schedule.retries[min(step, len(retry_schedule.retries) - 1)]
    # The last try comes when the lifetime ends, not up to a pause before or after it.
    return now + pause if now >= end else min(now + pause, max(end, now + retry_schedule.retries[0]))


def _by_status(reply: Reply) -> str:
    """Judge a permanent failure by its enhanced status, RFC 3463 section 3."""
    status = reply.enhanced
    if status == _FULL:
        return "deferred"  # a mailbox is full until somebody empties it
    if status in _SENDER_FAULT or reply.stage in ("connect", "mail"):
        return "policy"
    if status in _ADDRESS_FAULT or status == _NEEDS_SMTPUTF8:
        return "refused"
    # X.2 the mailbox, X.4 the way to its domain; the system, the protocol, the content and policy
    # are between us and the relay.
    return "refused" if status.startswith(("5.1.", "5.2.", "5.4.")) else "policy"


def _by_code(reply: Reply) -> str:
    """Judge a permanent failure of which only the code is known."""
    if reply.stage in ("rcpt", "") and reply.code in _BARE_ADDRESS_FAULT:
        return "refused"
    if reply.stage in ("rcpt", "") and reply.code == 552:
        return "deferred"  # more than the mailbox may hold
    return "policy"
