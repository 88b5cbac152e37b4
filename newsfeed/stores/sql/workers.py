"""Keep the processes that run tasks, with their signs of life."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from newsfeed.records import WorkerRecord
from newsfeed.stores.sql.tables import workers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from newsfeed.stores.sql.engine import Database

_FORGOTTEN = timedelta(days=1)


class SqlWorkers:
    """Implements `newsfeed.queue_ports.Workers`. All moments are the database's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, name: str, host: str, queues: Sequence[str], concurrency: int) -> None:
        """Keep a worker, and forget those that died."""
        with self._database.write(lasting=False) as connection:
            clock = self._database.moment(connection)
            connection.execute(delete(workers).where(workers.c.name.in_(self._gone(connection, clock))))
            row = {"name": name, "host": host, "queues": tuple(queues), "concurrency": concurrency}
            connection.execute(self._database.insert(workers), {**row, "started": clock, "seen": clock})

    def _gone(self, connection: Connection, clock: datetime) -> list[str]:
        """Return those that have died, and those not seen for long."""
        rows = connection.execute(select(workers.c.name, workers.c.seen)).all()
        is_alive = self._database.owners.is_alive
        return [row.name for row in rows if row.seen < clock - _FORGOTTEN or not is_alive(row.name)]

    def beat(self, name: str) -> bool:
        """Note a sign of life; tell whether the worker is still known."""
        with self._database.write(lasting=False) as connection:
            clock = self._database.moment(connection)
            change = update(workers).where(workers.c.name == name).values(seen=clock)
            return connection.execute(change).rowcount == 1

    def leave(self, name: str) -> None:
        """Forget a worker."""
        with self._database.write(lasting=False) as connection:
            connection.execute(delete(workers).where(workers.c.name == name))

    def all(self) -> tuple[Sequence[WorkerRecord], datetime]:
        """Return all workers, the oldest first."""
        with self._database.read() as connection:
            rows = (
                connection.execute(select(workers).order_by(workers.c.started, workers.c.name))
                .mappings()
                .all()
            )
            return [WorkerRecord(**row) for row in rows], self._database.moment(connection)
