"""Leases of batches: who may send a batch, and until when, by the database's clock.

A lease that runs out, or whose holder's process has died, is over; its number is never given again, and
deliveries carry it as their owner. So a worker that was stopped and wakes up finds that nothing is its own
any more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, update

from newsfeed.records import BatchLease
from newsfeed.stores.sql.tables import batches, deliveries
from newsfeed.stores.sql.taking import free

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from newsfeed.stores.sql.engine import Database

_LEASES: Select[Any] = select(batches.c.id, batches.c.lease, batches.c.holder, batches.c.held_until)
_NOBODY = {"holder": None, "held_until": None}


def take_lease(
    database: Database, batch: int, holder: str, seconds: float, now: datetime
) -> BatchLease | None:
    """Give a batch to a holder, unless a living one has it; free what an earlier one left."""
    database.owners.hold_on()  # a connection may have been cut since the last batch: others think us dead
    with database.write(lasting=False) as connection:
        # Not waited for: whoever has the row is at it, or was stopped in the middle of it, for hours perhaps.
        query = _LEASES.where(batches.c.id == batch).with_for_update(skip_locked=True)
        found = connection.execute(query).one_or_none()
        clock = database.moment(connection)
        if found is None or _is_held(database, found, clock):
            return None
        free(connection, BatchLease(batch, found.lease).owner, now)
        lease = BatchLease(batch, found.lease + 1)
        until = clock + timedelta(seconds=seconds)
        values = {"lease": lease.number, "holder": holder, "held_until": until}
        connection.execute(update(batches).where(batches.c.id == batch).values(values))
    return lease


def renew_lease(database: Database, lease: BatchLease, seconds: float) -> bool:
    """Prolong a lease; tell whether it was still there, and had not run out."""
    with database.write(lasting=False) as connection:
        clock = database.moment(connection)
        change = update(batches).where(*_is(lease), batches.c.held_until > clock)
        change = change.values(held_until=clock + timedelta(seconds=seconds))
        return connection.execute(change).rowcount == 1


def end_lease(database: Database, lease: BatchLease) -> None:
    """End a lease. While a delivery under it has no result, it runs out by itself: the result may come."""
    unfinished = exists().where(deliveries.c.owner == lease.owner)
    with database.write(lasting=False) as connection:
        connection.execute(update(batches).where(*_is(lease), ~unfinished).values(_NOBODY))


def lock_lease(connection: Connection, lease: BatchLease) -> bool:
    """Lock a lease, so that nobody ends it until this transaction is over; tell whether it is valid."""
    query = select(batches.c.id).where(*_is(lease)).with_for_update()
    return connection.execute(query).scalar() is not None


def end_dead_leases(database: Database, now: datetime) -> int:
    """End the leases that ran out or whose holder is dead; return how many deliveries became unknown."""
    with database.read() as connection:
        dead = _dead(database, connection, connection.execute(_LEASES.where(batches.c.holder.is_not(None))))
    doubtful = 0
    for one in dead:
        with database.write(lasting=False) as connection:
            query = _LEASES.where(*_is(one)).with_for_update(skip_locked=True)
            for lease in _dead(database, connection, connection.execute(query)):  # it may have been renewed
                doubtful += free(connection, lease.owner, now)
                connection.execute(update(batches).where(*_is(lease)).values(_NOBODY))
    return doubtful


def _dead(database: Database, connection: Connection, rows: Any) -> Sequence[BatchLease]:
    found = rows.all()
    clock = database.moment(connection)
    return [BatchLease(row.id, row.lease) for row in found if not _is_held(database, row, clock)]


def _is_held(database: Database, row: Row[Any], clock: datetime) -> bool:
    return row.holder is not None and row.held_until > clock and database.owners.is_alive(row.holder)


def _is(lease: BatchLease) -> tuple[Any, ...]:
    return batches.c.id == lease.batch, batches.c.lease == lease.number, batches.c.holder.is_not(None)
