"""Keep service mails until a relay has them. Of a finished one only that it was there is kept for a while, so
that nobody can be bombed with confirmation mails.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, or_, select, update

from newsfeed.core.delivery.retry_policy import LONGEST_PAUSE
from newsfeed.errors import StaleError
from newsfeed.marking import N_
from newsfeed.model import Message
from newsfeed.records import ServiceMail
from newsfeed.stores.sql.tables import outbox, subscribers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.service_ports import MailLimit
    from newsfeed.stores.sql.engine import Database

_LEASE = timedelta(minutes=10)
"""A mail given out is tried again by others after this, should its sender die."""
_MEMORY = timedelta(days=31)
"""Finished mails are counted for so long."""
_BLANK = {"sender": "", "recipient": "", "message_id": "", "data": b"", "next_try": None}
_AGAIN = (
    update(outbox)
    .where(outbox.c.id == bindparam("number"))
    .values(next_try=bindparam("until"), attempts=outbox.c.attempts + 1)
)


class SqlOutbox:
    """Implements `newsfeed.service_ports.Outbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, mail: ServiceMail, limit: MailLimit | None = None) -> int:
        """Keep a mail to be sent; return its number, 0 when there are enough."""
        row = {
            "subscriber_id": mail.subscriber_id,
            "kind": mail.kind,
            "created": mail.created,
            "expires": mail.expires,
            "next_try": mail.next_try or mail.created,
            "attempts": mail.attempts,
            "sender": mail.message.sender,
            "recipient": mail.message.recipient,
            "message_id": mail.message.message_id,
            "data": mail.message.data,
        }
        somebody = select(subscribers.c.id).where(subscribers.c.id == mail.subscriber_id)
        # Whoever counts keeps others from adding for this person meanwhile.
        locked = somebody.with_for_update(read=limit is None)
        with self._database.write() as connection:
            if connection.execute(locked).first() is None:
                raise StaleError(N_("somebody erased the person a mail was to go to"), N_("run it again"))
            if limit is not None:
                counted = connection.execute(_count(mail.subscriber_id, mail.kind, limit.since))
                if counted.scalar_one() >= limit.most:
                    return 0
            return int(connection.execute(insert(outbox).returning(outbox.c.id), row).scalar_one())

    def due(self, now: datetime, limit: int) -> Sequence[ServiceMail]:
        """Return the mails to try now; nobody else gets them for ten minutes."""
        over = outbox.c.next_try.is_not(None) & (outbox.c.expires <= now)
        forgotten = outbox.c.next_try.is_(None) & (outbox.c.created < now - _MEMORY)
        # Asked for by, or put off by, a clock that was set back since; not what others have taken up, as it
        # looks to whoever asks with a moment that has passed.
        asked_ahead = (outbox.c.created > now) & (outbox.c.attempts == 0)
        ahead = asked_ahead | (outbox.c.next_try > now + LONGEST_PAUSE)
        wanted = outbox.c.next_try.is_not(None) & ((outbox.c.next_try <= now) | ahead)
        query = (
            select(outbox)
            .where(wanted, outbox.c.expires > now)
            .order_by(outbox.c.next_try, outbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        some = select(outbox.c.id).where(or_(wanted, over, forgotten)).limit(1)
        with self._database.read() as connection:
            if connection.execute(some).first() is None:
                return []  # the usual case must not wait for the write lock
        with self._database.write() as connection:
            connection.execute(update(outbox).where(over).values(_BLANK))
            connection.execute(delete(outbox).where(forgotten))
            rows = connection.execute(query).all()
            if rows:
                until = now + _LEASE
                connection.execute(_AGAIN, [{"number": row.id, "until": until} for row in rows])
        return [_mail_of(row) for row in rows]

    def reschedule(self, mail_id: int, next_try: datetime | None) -> None:
        """Try a mail again at a moment, or blank it when it was sent or given up (``None``)."""
        change: dict[str, Any] = _BLANK if next_try is None else {"next_try": next_try}
        which = (outbox.c.id == mail_id) & outbox.c.next_try.is_not(None)
        with self._database.write() as connection:
            connection.execute(update(outbox).where(which).values(change))

    def count(self, subscriber_id: int, kind: str, since: datetime) -> int:
        """Return how many mails of a kind a person was meant to get since a moment."""
        with self._database.read() as connection:
            return int(connection.execute(_count(subscriber_id, kind, since)).scalar_one())


def _count(subscriber_id: int, kind: str, since: datetime) -> Select[int]:
    return (
        select(func.count())
        .select_from(outbox)
        .where(outbox.c.subscriber_id == subscriber_id, outbox.c.kind == kind, outbox.c.created >= since)
    )


def _mail_of(row: Row[Any]) -> ServiceMail:
    return ServiceMail(
        id=row.id,
        kind=row.kind,
        subscriber_id=row.subscriber_id,
        message=Message(row.sender, row.recipient, row.message_id, bytes(row.data)),
        created=row.created,
        next_try=row.next_try,
        attempts=row.attempts,
        expires=row.expires,
    )
