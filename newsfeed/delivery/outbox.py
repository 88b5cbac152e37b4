"""Service mails: sent after the issues, tried again by the schedule of deliveries until they expire."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.delivery import retry_policy as decide
from newsfeed.errors import OutsideError
from newsfeed.records import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsfeed.ports import Outbox, Wire
    from newsfeed.records import ServiceMail

_BATCH = 20
"""Mails taken up at a time: fewer than leave within the outbox's lease."""
_IN_DOUBT = timedelta(minutes=15)
"""A confirmation that comes twice, with the same Message-ID, is better than none."""


def send_outbox(outbox: Outbox, open_wire: Callable[[], Wire], now: datetime) -> str:
    """Send what is due; returns why it stopped early, or nothing. Raises nothing for a relay's mood:
    what was taken up and not sent comes back by itself.
    """
    wire: Wire | None = None
    try:
        while mails := outbox.due(now, _BATCH):
            for mail in mails:
                wire = wire or open_wire()
                next_try, alive = _send(wire, mail, now)
                if next_try is not None and next_try >= mail.expires:
                    next_try = None
                outbox.settle(mail.id, next_try)
                if not alive:
                    wire.close()
                    wire = None
    except OutsideError as error:
        return error.message
    finally:
        if wire is not None:
            wire.close()
    return ""


def _send(wire: Wire, mail: ServiceMail, now: datetime) -> tuple[datetime | None, bool]:
    """When to try again (``None``: sent or given up), and whether the connection still lives."""
    delivery = Delivery(
        issue_id=0,
        subscriber_id=mail.subscriber_id,
        group="",
        attempts=mail.attempts,
        planned_at=mail.created,
    )
    reply = wire.offer(mail.message)
    if reply is not None:
        settled = decide.refused(delivery, reply, now)
    else:
        reply = wire.finish()
        settled = decide.finished(delivery, reply, now)
    next_try = now + _IN_DOUBT if settled.state == "unknown" else settled.next_try
    return next_try, reply.code not in (0, 421)
