"""PostgreSQL through psycopg 3: a pooled connection per thread.

Whether a commit waits for the disk is the server's setting; ``durable`` insists on it.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import create_engine, event, text
from sqlalchemy.dialects.postgresql import insert

from newsfeed.errors import UsageError
from newsfeed.marking import N_
from newsfeed.stores.sql.column_types import to_stored
from newsfeed.stores.sql.driver_errors import translate_errors
from newsfeed.stores.sql.owners import PostgresOwners
from newsfeed.stores.sql.statements import RECORD_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    import psycopg
    from sqlalchemy import Connection, Engine, Table
    from sqlalchemy.dialects.postgresql import Insert
    from sqlalchemy.engine import URL

    from newsfeed.records import DeliveryResult
    from newsfeed.stores.sql.driver_errors import DatabaseDriver

_MIGRATION_LOCK = 0x6E657773
"""Number of the advisory lock that migrations hold."""
_PATIENCE = 10
"""Seconds to wait for a server that does not answer."""
_BRISK = text("SET LOCAL idle_in_transaction_session_timeout = '10s'")
"""For a sender's bookkeeping: who is stopped in the middle of it, with rows locked, keeps nobody waiting."""
_KEEPALIVES = {"keepalives_idle": 60, "keepalives_interval": 10, "keepalives_count": 6}
"""After two minutes of silence the other side is gone: for us, and for the server, which would let a machine
that lost its power hold its locks for two hours.
"""
_SEQUENCE_OF = text("SELECT pg_get_serial_sequence(:table, 'id')")
_FRESH = 30.0
"""Seconds after which a connection may have been cut without our knowing."""


class PostgresDatabase:
    """A database on a server."""

    def __init__(self, url: URL, *, durable: bool) -> None:
        self.where = url.render_as_string(hide_password=True)
        self._engine = open_engine(url, durable=durable)
        connect = partial(_connect, self._engine, url, durable=durable)
        self._step_connections = _StepConnections(connect)
        self.owners = PostgresOwners(self._engine, connect, self._outside)

    def _outside(self) -> AbstractContextManager[None]:
        return translate_errors(self.where, cast("DatabaseDriver", self._engine.dialect.loaded_dbapi))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction on a connection of the pool."""
        with self._outside(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def read_at_one_moment(self) -> Iterator[Connection]:
        """Open a transaction that sees what was committed before its first question."""
        with self._outside(), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[Connection]:
        """Open a transaction on a connection of the pool; servers wait for the disk unless told otherwise."""
        with self._outside(), self._engine.begin() as connection:
            if not lasting:
                connection.execute(_BRISK)
            yield connection

    def record(
        self, results: Sequence[DeliveryResult], beginning: Sequence[int], owner: str, at: int
    ) -> set[int]:
        """Record results and intents in one statement."""
        parameters = {
            "owner": owner,
            "at": at,
            "beginning": list(beginning),
            "ids": [one.delivery_id for one in results],
            "states": [one.state for one in results],
            "next_tries": [to_stored(one.next_try) for one in results],
            "replies": [one.reply for one in results],
            "relays": [one.relay for one in results],
        }
        with self._outside(), self._step_connections.lend() as connection:
            return {number for (number,) in connection.execute(RECORD_GROUP, parameters)}

    def moment(self, connection: Connection) -> datetime:
        """Ask the server's clock."""
        return cast("datetime", connection.execute(text("SELECT clock_timestamp()")).scalar_one())

    def insert(self, table: Table) -> Insert:
        """Return PostgreSQL's insert."""
        return insert(table)

    def insert_rows(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert rows by COPY: many times faster than any INSERT."""
        if not rows:
            return
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        columns = [table.c[name] for name in rows[0]]
        names = ", ".join(f'"{column.name}"' for column in columns)
        stored = [
            (column.name, column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect))
            for column in columns
        ]
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([bind(row[name]) if bind else row[name] for name, bind in stored])

    def analyse(self, connection: Connection, table: Table) -> None:
        """Analyse the table now: until the autovacuum comes, claims would sort all that is planned."""
        connection.execute(text(f"ANALYZE {table.name}"))

    def reserve_numbers(self, connection: Connection, table: Table, count: int) -> Sequence[int]:
        """Reserve the next numbers of the table's sequence."""
        query = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
        return connection.scalars(query, {"table": table.name, "count": count}).all()

    def highest_number(self, connection: Connection, table: str) -> int:
        """Return the last number that the table's sequence has given."""
        sequence = connection.execute(_SEQUENCE_OF, {"table": table}).scalar()
        if sequence is None:
            return 0
        query = text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608
        return connection.execute(query).scalar() or 0

    def continue_numbers(self, connection: Connection, table: str, highest: int) -> None:
        """Set the table's sequence behind this number and those of its rows."""
        sequence = connection.execute(_SEQUENCE_OF, {"table": table}).scalar()
        if sequence is None:
            return
        used = connection.execute(text(f"SELECT max(id) FROM {table}")).scalar() or 0  # noqa: S608 - our table
        number = max(highest, used)
        query = text("SELECT setval(CAST(:sequence AS regclass), :number, :is_used)")
        connection.execute(query, {"sequence": sequence, "number": max(number, 1), "is_used": number > 0})

    def lock_table(self, connection: Connection, table: Table) -> None:
        """Lock the table for writers; readers go on."""
        connection.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))

    def lock_schema(self, connection: Connection) -> None:
        """Take the advisory lock of migrations."""
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})

    def remove_remains(self, traces: Sequence[str]) -> None:
        """Do nothing: a server's files, WAL and backups are its administrator's to clean."""

    def verify(self) -> None:
        """Do nothing: a server checks the pages it reads, where its administrator has page checksums on."""

    def close(self) -> None:
        """Close all connections; owners registered here are gone with theirs."""
        self.owners.close()
        self._step_connections.close()
        self._engine.dispose()


class _StepConnections:
    """Connections of the hot path: a pool without the checks that cost as much as a step does."""

    def __init__(self, connect: Callable[[], psycopg.Connection]) -> None:
        self._connect = connect
        self._idle: list[tuple[float, psycopg.Connection]] = []

    @contextmanager
    def lend(self) -> Iterator[psycopg.Connection]:
        """Lend a connection for one statement; one that fails, or has idled long, is not used again."""
        connection = self._take()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._idle.append((time.monotonic(), connection))

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop()[1].close()

    def _take(self) -> psycopg.Connection:
        with suppress(IndexError):  # another thread may be quicker
            while True:
                last, connection = self._idle.pop()
                if time.monotonic() - last < _FRESH:
                    return connection
                connection.close()
        return self._connect()


def open_engine(url: URL, *, durable: bool) -> Engine:
    """Return the pool of connections to a server. Raises `UsageError` without a driver."""
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_size=8,
            max_overflow=56,
            pool_pre_ping=True,  # a server restarted overnight is no error of the morning's issue
            hide_parameters=True,
            connect_args={"connect_timeout": _PATIENCE, **_keepalives_of(url)},
        )
    except ModuleNotFoundError as error:
        raise UsageError(
            N_("PostgreSQL needs the driver psycopg"), N_("install it: pip install newsfeed[postgresql]")
        ) from error

    @event.listens_for(engine, "connect")
    def prepare(connection: psycopg.Connection, _record: object) -> None:
        _prepare(connection, durable=durable)

    return engine


def _keepalives_of(url: URL) -> dict[str, int]:
    """Return the driver's keepalives that the address does not set itself."""
    return {name: seconds for name, seconds in _KEEPALIVES.items() if name not in url.query}


def _prepare(connection: psycopg.Connection, *, durable: bool) -> None:
    connection.execute("SET lock_timeout = '10s'")
    for name, seconds in _KEEPALIVES.items():
        connection.execute(f"SET tcp_{name} = {seconds}")
    if durable:
        connection.execute("SET synchronous_commit = on")
    connection.commit()


def _connect(engine: Engine, url: URL, *, durable: bool) -> psycopg.Connection:
    """Open a connection outside the pool that commits at once."""
    words, names = engine.dialect.create_connect_args(url)
    made = engine.dialect.connect(
        *words, **names, **_keepalives_of(url), connect_timeout=_PATIENCE, autocommit=True
    )
    connection = cast("psycopg.Connection", made)
    _prepare(connection, durable=durable)
    return connection
