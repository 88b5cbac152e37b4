"""Send service mails (confirmations): after the issues, and again by the retry schedule until they expire."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.delivery import retry_policy
from newsfeed.errors import OutsideError
from newsfeed.marking import NOTHING
from newsfeed.records import Delivery

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


def send_outbox(outbox: Outbox, open_session: Callable[[], ChannelSession], now: datetime) -> Sentence:
    """Send the service mails that are due; return why it stopped early, if it did. Raises nothing when a
    relay fails: what was taken up and not sent comes back by itself.
    """
    session: ChannelSession | None = None
    try:
        while mails := outbox.due(now, _BATCH):
            for mail in mails:
                session = session or open_session()
                next_try, alive = _send(session, mail, now)
                if next_try is not None and next_try >= mail.expires:
                    next_try = None
                outbox.reschedule(mail.id, next_try)
                if not alive:
                    session.close()
                    session = None
    except OutsideError as error:
        return error.sentence
    finally:
        if session is not None:
            session.close()
    return NOTHING


def _send(session: ChannelSession, mail: ServiceMail, now: datetime) -> tuple[datetime | None, bool]:
    """Send one mail; return when to try again (``None``: sent or given up), and whether the connection still
    lives.
    """
    delivery = Delivery(
        issue_id=0,
        subscriber_id=mail.subscriber_id,
        group="",
        attempts=mail.attempts,
        planned_at=mail.created,
    )
    reply = session.offer(mail.message)
    if reply is not None:
        result = retry_policy.decide_after_refusal(delivery, reply, now)
    else:
        reply = session.finish()
        result = retry_policy.decide_after_dot(delivery, reply, now)
    next_try = now + _IN_DOUBT if result.state == "unknown" else result.next_try
    return next_try, reply.code not in (0, 421)
