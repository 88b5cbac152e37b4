"""Keep what came back: failure reports and complaints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from newsfeed.records import Bounce
from newsfeed.stores.sql.rows import plain_text, read_outgoing
from newsfeed.stores.sql.tables import bounces, deliveries, subscribers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.records import AddressedDelivery
    from newsfeed.stores.sql.engine import Database


class SqlBounces:
    """Implements `newsfeed.service_ports.Bounces`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def delivery(self, delivery_id: int) -> AddressedDelivery | None:
        """Return the delivery a returned mail is about; ``None`` also when its reader was erased."""
        with self._database.read() as connection:
            return next(iter(read_outgoing(connection, deliveries.c.id == delivery_id)), None)

    def delivery_of(self, subscriber_id: int, message_id: str) -> AddressedDelivery | None:
        """Return the delivery to one person whose message had this Message-ID."""
        theirs = deliveries.c.subscriber_id == subscriber_id
        with self._database.read() as connection:
            which = and_(theirs, deliveries.c.message_id == plain_text(message_id))
            return next(iter(read_outgoing(connection, which)), None)

    def add(self, bounce: Bounce) -> bool:
        """Keep a bounce, unless it is known or nobody is left to keep it for."""
        row = {
            "subscriber_id": bounce.subscriber_id,
            "delivery_id": bounce.delivery_id or None,
            "at": bounce.at,
            "kind": bounce.kind,
            "status": plain_text(bounce.status),
            "detail": plain_text(bounce.detail),
        }
        somebody = select(subscribers.c.id).where(subscribers.c.id == bounce.subscriber_id)
        with self._database.write() as connection:
            if connection.execute(somebody.with_for_update(read=True)).first() is None:
                return False
            statement = self._database.insert(bounces).on_conflict_do_nothing().returning(bounces.c.id)
            return connection.execute(statement, row).first() is not None

    def of_subscriber(self, subscriber_id: int, since: datetime) -> Sequence[Bounce]:
        """Return a person's bounces since a moment, oldest first."""
        query = (
            select(bounces)
            .where(bounces.c.subscriber_id == subscriber_id, bounces.c.at >= since)
            .order_by(bounces.c.at, bounces.c.id)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [
            Bounce(
                subscriber_id=row.subscriber_id,
                delivery_id=row.delivery_id or 0,
                at=row.at,
                kind=row.kind,
                status=row.status,
                detail=row.detail,
            )
            for row in rows
        ]
