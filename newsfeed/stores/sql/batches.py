"""Keep deliveries in batches: what is due, by whom it is sent, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, literal_column, select, true, update

from newsfeed.records import BatchCounts
from newsfeed.stores.sql.batching import Batching
from newsfeed.stores.sql.leases import end_dead_leases, end_lease, lock_lease, renew_lease, take_lease
from newsfeed.stores.sql.rows import read_outgoing
from newsfeed.stores.sql.tables import OPEN_IN_BATCH, batches, deliveries
from newsfeed.stores.sql.taking import IS_AHEAD, IS_OPEN, IS_PAST, moments

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import CTE, ColumnElement

    from newsfeed.records import AddressedDelivery, BatchLease
    from newsfeed.stores.sql.engine import Database

_OPEN_IN_BATCH: ColumnElement[bool] = literal_column(f"({OPEN_IN_BATCH})")


def _open_batches() -> CTE:
    """Return the batches with deliveries that wait: one step through the index for each, however many they
    hold.
    """
    first = (
        select(func.min(deliveries.c.batch_id).label("id"))
        .where(_OPEN_IN_BATCH)
        .cte("waiting", recursive=True)
    )
    step = select(func.min(deliveries.c.batch_id)).where(_OPEN_IN_BATCH, deliveries.c.batch_id > first.c.id)
    return first.union_all(select(step.scalar_subquery()).where(first.c.id.is_not(None)))


_WAITING = _open_batches()
_THEIRS = exists().where(deliveries.c.batch_id == _WAITING.c.id, _OPEN_IN_BATCH, IS_PAST | IS_AHEAD)
_FREE = select(batches.c.id).join(_WAITING, _WAITING.c.id == batches.c.id).where(batches.c.holder.is_(None))
_DUE = _FREE.where(_THEIRS).order_by(batches.c.id)
_SINCE = (
    select(func.min(deliveries.c.next_try))
    .where(deliveries.c.batch_id == _WAITING.c.id, _OPEN_IN_BATCH)
    .scalar_subquery()
)
_OLDEST = select(func.min(_SINCE)).select_from(
    _WAITING.join(batches, and_(batches.c.id == _WAITING.c.id, batches.c.holder.is_(None)))
)
_OF_BATCH = (
    select(deliveries.c.id)
    .where(_OPEN_IN_BATCH, IS_PAST | IS_AHEAD)
    .order_by(deliveries.c.next_try, deliveries.c.id)
    .with_for_update(skip_locked=True)
)
_LOOSE = (
    select(deliveries.c.id, deliveries.c.issue_id, deliveries.c.rendering_id, deliveries.c.receivers)
    .where(IS_OPEN, deliveries.c.batch_id.is_(None), deliveries.c.subscriber_id.is_not(None))
    .order_by(deliveries.c.next_try, deliveries.c.id)  # the order of the index of what is open
    .with_for_update(skip_locked=True)
)


class SqlBatches:
    """Implements `newsfeed.queue_ports.Batches`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime) -> Sequence[int]:
        """Return the batches with something due that nobody sends; the oldest issue's first."""
        with self._database.read() as connection:
            return connection.scalars(_DUE, moments(now)).all()

    def take(self, batch: int, holder: str, seconds: float, now: datetime) -> BatchLease | None:
        """Take a batch, unless somebody living has it."""
        return take_lease(self._database, batch, holder, seconds, now)

    def claim(
        self, lease: BatchLease, now: datetime, limit: int, without: Collection[str] = ()
    ) -> Sequence[AddressedDelivery]:
        """Claim what is due, under a lease that is valid while this transaction lasts."""
        with self._database.write(lasting=False) as connection:
            if not lock_lease(connection, lease):
                return []
            allowed = deliveries.c.receivers.not_in(sorted(without)) if without else true()
            query = _OF_BATCH.where(deliveries.c.batch_id == lease.batch, allowed).limit(limit)
            due = list(connection.scalars(query, moments(now)))
            if not due:
                return []
            these = deliveries.c.id.in_(due)
            connection.execute(update(deliveries).where(these).values(owner=lease.owner))
        with self._database.read() as connection:
            found = {one.delivery.id: one for one in read_outgoing(connection, these)}
        return [found[number] for number in due if number in found]

    def postpone(self, lease: BatchLease, receivers: str, until: datetime) -> None:
        """Put off what waits for a group, under a lease that is valid while this transaction lasts."""
        these = (
            _OPEN_IN_BATCH,
            deliveries.c.batch_id == lease.batch,
            deliveries.c.receivers == receivers,
            deliveries.c.next_try < until,
        )
        with self._database.write(lasting=False) as connection:
            if lock_lease(connection, lease):
                connection.execute(update(deliveries).where(*these).values(next_try=until))

    def renew(self, lease: BatchLease, seconds: float) -> bool:
        """Prolong a lease."""
        return renew_lease(self._database, lease, seconds)

    def give_back(self, lease: BatchLease) -> None:
        """End a lease."""
        end_lease(self._database, lease)

    def recover(self, now: datetime) -> int:
        """End the leases of the dead."""
        return end_dead_leases(self._database, now)

    def adopt(self, limit: int) -> int:
        """Put loose deliveries into batches, of one issue at a time."""
        with self._database.write(lasting=False) as connection:
            rows = connection.execute(_LOOSE.limit(limit)).mappings().all()
            mine = [dict(row) for row in rows if row["issue_id"] == rows[0]["issue_id"]]
            if not mine:
                return 0
            batching = Batching(self._database, connection, mine[0]["issue_id"])
            batching.assign(mine)
            for batch in batching.finish():
                these = deliveries.c.id.in_([row["id"] for row in mine if row["batch_id"] == batch])
                connection.execute(update(deliveries).where(these).values(batch_id=batch))
        return len(mine)

    def count(self, now: datetime) -> BatchCounts:
        """Count what is not finished."""
        held = select(func.count()).select_from(batches).where(batches.c.holder.is_not(None))
        free = select(func.count()).select_from(_FREE.subquery())
        with self._database.read() as connection:
            in_hand = connection.execute(held).scalar_one()
            oldest = connection.execute(_OLDEST).scalar()
            number = connection.execute(free).scalar_one() + in_hand
        return BatchCounts(number, in_hand, oldest if oldest is not None and oldest <= now else None)
