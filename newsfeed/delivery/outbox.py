"""Send service mails (confirmations): after the issues, and again by the retry schedule until they expire."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.conversations import hold
from newsfeed.core.delivery import retry_policy
from newsfeed.errors import OutsideError
from newsfeed.marking import NOTHING
from newsfeed.records import Delivery, Reply

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsfeed.marking import Sentence
    from newsfeed.ports import ChannelSession
    from newsfeed.records import ServiceMail
    from newsfeed.service_ports import Outbox

_BATCH = 20
"""Mails taken up at a time: fewer than leave within the outbox's lease."""
_IN_DOUBT = timedelta(minutes=15)
"""A confirmation that comes twice, with the same Message-ID, is better than none."""
PATIENCE = 60.0
"""Seconds for a mail up to its dot, and as many for what is said to it, where a server is the reader's:
anybody can name one that keeps us waiting, and others wait for their mails behind it.
"""
_STRANGERS_BATCH = 4
"""So many of these, too, leave within the outbox's lease."""
_MOST_DOUBTS = 3
"""A server that often takes all of a mail, and never says so in time, has it by now."""
_FOR_EVER = float("inf")
_TOO_SLOW, _NO_ANSWER = Reply(450, "4.4.1", "", "data"), Reply(0, "", "", "dot")


class _Sent(NamedTuple):
    next_try: datetime | None
    """When to try again; ``None``: it was sent, or given up."""
    is_alive: bool
    """The connection still lives."""
    is_slow: bool = False


def send_outbox(
    outbox: Outbox,
    open_session: Callable[[], ChannelSession],
    now: datetime,
    *,
    calls_strangers: bool = False,
) -> Sentence:
    """Send the service mails that are due; return why it stopped early, if it did. Raises nothing when a
    relay fails: what was taken up and not sent comes back by itself.

    calls_strangers: servers are those of the readers' domains. The other mails of a slow one wait.
    """
    session: ChannelSession | None = None
    slow: set[str] = set()
    try:
        while mails := outbox.due(now, _STRANGERS_BATCH if calls_strangers else _BATCH):
            for mail in mails:
                domain = mail.message.recipient.rpartition("@")[2].lower()
                if domain in slow:
                    outbox.reschedule(mail.id, now + _IN_DOUBT)
                    continue
                session = session or open_session()
                sent = _send(session, mail, now, PATIENCE if calls_strangers else _FOR_EVER)
                over = sent.next_try is not None and sent.next_try >= mail.expires
                outbox.reschedule(mail.id, None if over else sent.next_try)
                if sent.is_slow:
                    slow.add(domain)
                if not sent.is_alive:
                    session.close()
                    session = None
    except OutsideError as error:
        return error.sentence
    finally:
        if session is not None:
            session.close()
    return NOTHING


def _send(session: ChannelSession, mail: ServiceMail, now: datetime, patience: float) -> _Sent:
    """Send one mail, and wait for no answer longer than ``patience``."""
    delivery = Delivery(
        issue_id=0,
        subscriber_id=mail.subscriber_id,
        group="",
        attempts=mail.attempts,
        planned_at=mail.created,
    )
    try:
        reply = hold(session.offering(mail.message), patience)
    except TimeoutError:
        result = retry_policy.decide_after_refusal(delivery, _TOO_SLOW, now)
        return _Sent(result.next_try, is_alive=False, is_slow=True)
    if reply is not None:
        result = retry_policy.decide_after_refusal(delivery, reply, now)
        return _Sent(result.next_try, _is_alive(reply))
    try:
        reply = hold(session.finishing(), patience)
        is_slow = False
    except TimeoutError:
        reply, is_slow = _NO_ANSWER, True
    result = retry_policy.decide_after_dot(delivery, reply, now)
    next_try = result.next_try
    if result.state == "unknown":
        given_up = patience < _FOR_EVER and mail.attempts >= _MOST_DOUBTS
        next_try = None if given_up else now + _IN_DOUBT
    return _Sent(next_try, _is_alive(reply), is_slow)


def _is_alive(reply: Reply) -> bool:
    return reply.code not in (0, 421)
