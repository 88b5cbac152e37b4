"""SQLite: one connection that writes, kept and locked; others that read beside it (WAL).

A commit in WAL mode survives a killed process at the price of a write into the page cache. What
people asked for (to join, to leave) waits for the disk and survives power loss too; with
``durable`` so does every step of a sender.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, QueuePool, StaticPool, create_engine, event, inspect, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import URL

from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import check_file, make_private_folder
from newsfeed.marking import N_
from newsfeed.stores.sql.column_types import to_stored
from newsfeed.stores.sql.driver_errors import describe_damage, describe_lock, translate_errors
from newsfeed.stores.sql.owners import FileOwners, MemoryOwners
from newsfeed.stores.sql.statements import RECORD_INTENT, RECORD_RESULT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Table
    from sqlalchemy.dialects.sqlite import Insert

    from newsfeed.records import DeliveryResult

PATIENCE = 10.0
"""Seconds to wait for another process that writes."""
_CHECKPOINT = 4000
"""Pages (16 MB) of WAL before they are copied into the database: every copying waits for the disk."""
_PRAGMAS = ("foreign_keys = ON", "secure_delete = ON", f"wal_autocheckpoint = {_CHECKPOINT}")
_BESIDE = ("-journal", "-wal", "-shm")
"""Endings of the files that SQLite keeps beside its own, and opens whatever they are."""
_CHUNK = 1 << 22
_SEQUENCES = "sqlite_sequence"
"""SQLite's own table of the highest number that each table with ``AUTOINCREMENT`` has given."""


class SqliteDatabase:
    """A database in a file, or in memory when the path is empty."""

    def __init__(self, path: str, *, durable: bool) -> None:
        self.where = path or "the database in memory"
        self._path = path
        self._lock = threading.RLock()
        self._writing: Connection | None = None
        self.owners: FileOwners | MemoryOwners = (
            FileOwners(Path(f"{path}.owners")) if path else MemoryOwners()
        )
        if path:
            _make_private(Path(path))
        self._stepping = "FULL" if durable else "NORMAL"
        self._writer = _engine(path, "BEGIN IMMEDIATE", f"synchronous = {self._stepping}")
        self._reader = _engine(path, "BEGIN", "query_only = ON") if path else None
        with translate_errors(self.where, sqlite3):
            self._raw = _kept(self._writer)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction beside the writer; in memory there is only the writer, so they take turns."""
        if self._reader is None:
            with self._lock:
                if self._writing is not None:  # within our own writing
                    yield self._writing
                    return
                with self.write() as connection:
                    yield connection
            return
        with translate_errors(self.where, sqlite3), self._reader.begin() as connection:
            yield connection

    def read_at_one_moment(self) -> AbstractContextManager[Connection]:
        """Open a transaction: it sees one moment anyhow."""
        return self.read()

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[Connection]:
        """Open a transaction that holds the write lock from its first moment, so that it never has to give up
        half-way.
        """
        waiting = self._waiting_for_the_disk(lasting)
        writing = self._writer.begin()
        with translate_errors(self.where, sqlite3), self._our_turn(), waiting, writing as connection:
            self._writing = connection
            try:
                yield connection
            finally:
                self._writing = None

    @contextmanager
    def _our_turn(self) -> Iterator[None]:
        """Wait for other threads of this process, but not for all of them in turn while another program has
        the database: each of them waits for its whole patience.
        """
        if not self._lock.acquire(timeout=3 * PATIENCE):
            raise describe_lock(self.where)
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def _waiting_for_the_disk(self, wanted: bool) -> Iterator[None]:
        if not wanted or self._stepping == "FULL":
            yield
            return
        self._raw.execute("PRAGMA synchronous = FULL")
        try:
            yield
        finally:
            self._raw.execute(f"PRAGMA synchronous = {self._stepping}")

    def record(
        self, results: Sequence[DeliveryResult], beginning: Sequence[int], owner: str, at: int
    ) -> set[int]:
        """Record results and intents: the hot path, straight through the driver."""
        ended = [
            (one.state, one.state, to_stored(one.next_try), one.reply, one.relay, at, one.delivery_id, owner)
            for one in results
        ]
        with translate_errors(self.where, sqlite3), self._lock:
            self._raw.execute("BEGIN IMMEDIATE")
            try:
                self._raw.executemany(RECORD_RESULT, ended)
                begun = {
                    number
                    for number in beginning
                    if self._raw.execute(RECORD_INTENT, (at, number, owner)).rowcount == 1
                }
                self._raw.execute("COMMIT")
            except BaseException:
                if self._raw.in_transaction:  # some errors end it by themselves
                    self._raw.execute("ROLLBACK")
                raise
            return begun

    def moment(self, connection: Connection) -> datetime:
        """Ask this machine's clock: a file belongs to one."""
        return datetime.now(UTC)

    def insert(self, table: Table) -> Insert:
        """Return SQLite's insert."""
        return insert(table)

    def insert_rows(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert all rows by one prepared statement."""
        if rows:
            connection.execute(insert(table), rows)

    def analyse(self, connection: Connection, table: Table) -> None:
        """Do nothing: SQLite chooses the right indexes without statistics."""

    def reserve_numbers(self, connection: Connection, table: Table, count: int) -> Sequence[int]:
        """Return the numbers after the highest ever given; the write lock keeps them ours."""
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        last = connection.execute(query, {"table": table.name}).scalar() or 0
        return range(last + 1, last + 1 + count)

    def highest_number(self, connection: Connection, table: str) -> int:
        """Return what SQLite remembers of a table whose numbers are never used again."""
        if not inspect(connection).has_table(_SEQUENCES):
            return 0
        query = text(f"SELECT seq FROM {_SEQUENCES} WHERE name = :table")  # noqa: S608 - a fixed name
        return connection.execute(query, {"table": table}).scalar() or 0

    def continue_numbers(self, connection: Connection, table: str, highest: int) -> None:
        """Let SQLite remember the number, where the table's numbers are never used again."""
        query = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
        made = connection.execute(query, {"table": table}).scalar() or ""
        if "AUTOINCREMENT" not in made.upper():
            return
        number = max(highest, self.highest_number(connection, table))
        row = {"table": table, "number": number}
        connection.execute(text(f"DELETE FROM {_SEQUENCES} WHERE name = :table"), row)  # noqa: S608
        connection.execute(text(f"INSERT INTO {_SEQUENCES} VALUES (:table, :number)"), row)  # noqa: S608

    def lock_table(self, connection: Connection, table: Table) -> None:
        """Do nothing: only one transaction writes at a time."""

    def lock_schema(self, connection: Connection) -> None:
        """Do nothing: only one transaction writes at a time."""

    def remove_remains(self, traces: Sequence[str]) -> None:
        """Empty the WAL, and look for the words in the file. `secure_delete` blanks what is deleted,
        but when SQLite moves rows between pages it leaves old copies in the gaps; a file in which
        something is found is therefore written anew.
        """
        if not self._path:
            return
        with translate_errors(self.where, sqlite3), self._lock:
            self._checkpoint()
            if self._holds([trace.encode() for trace in traces if trace]):
                self._raw.execute("VACUUM")
                self._checkpoint()

    def verify(self) -> None:
        """Run ``PRAGMA quick_check``: pages, cells and rows of all tables, but not every index entry."""
        with self.read() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise describe_damage(self.where)

    def close(self) -> None:
        """Close all connections and forget the owners made here."""
        self.owners.close()
        with self._lock:
            self._writer.dispose()
            if self._reader is not None:
                self._reader.dispose()

    def _checkpoint(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > deadline:
                raise OutsideError(
                    N_("erased, but other programs still read {where}, and traces may remain"),
                    N_("end them and run the command again"),
                    where=self.where,
                )
            time.sleep(0.05)

    def _holds(self, traces: Sequence[bytes]) -> bool:
        longest = max((len(trace) for trace in traces), default=1)
        tail = b""
        with Path(self._path).open("rb") as file:
            while chunk := file.read(_CHUNK):
                seen = tail + chunk
                if any(trace in seen for trace in traces):
                    return True
                tail = seen[-longest:]
        return False


def remove_database(path: Path) -> None:
    """Remove the file of a database, and all that is kept beside it."""
    for name in (path, *(Path(f"{path}{ending}") for ending in (*_BESIDE, ".owners"))):
        name.unlink(missing_ok=True)


def _make_private(path: Path) -> None:
    """Make the folder and an empty file that only its owner can read: SQLite gives its own files the same
    rights.
    """
    try:
        for name in (path, *(Path(f"{path}{ending}") for ending in _BESIDE)):
            with suppress(FileNotFoundError):
                check_file(name)
        make_private_folder(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise OutsideError(
            N_("{path} cannot be opened: {reason}"), path=error.filename or path, reason=reason_of(error)
        ) from error


def _engine(path: str, begin: str, *pragmas: str) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=path or ":memory:"),
        # The writer is one connection for good; readers are made as threads need them.
        poolclass=QueuePool if path and begin == "BEGIN" else StaticPool,
        connect_args={"isolation_level": None, "timeout": PATIENCE, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        try:
            _wal(connection)
            for pragma in (*_PRAGMAS, *pragmas):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL, once in a database's life. Two processes that do so at the same moment get
    "locked" without any waiting: SQLite calls no busy handler there.
    """
    deadline = time.monotonic() + PATIENCE
    while connection.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _kept(engine: Engine) -> sqlite3.Connection:
    """Return the driver's connection below an engine that has only one."""
    pooled = engine.raw_connection()
    try:
        connection = pooled.driver_connection
    finally:
        pooled.close()
    assert isinstance(connection, sqlite3.Connection)
    return connection
