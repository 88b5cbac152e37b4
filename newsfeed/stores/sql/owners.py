"""Tell which sending processes still live. The operating system, or PostgreSQL, lets go of a dead process's
locks at once: no lease has to run out before its deliveries are taken up again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import text

from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    import psycopg
    from sqlalchemy import Engine


def _new_name() -> str:
    """Return a name never given twice, which tells the process to people who look into the database."""
    return f"{os.getpid()}-{secrets.token_hex(8)}"


class MemoryOwners:
    """Owners of a database in memory, which only this process can have."""

    def __init__(self) -> None:
        self._alive: set[str] = set()

    def register(self) -> str:
        """Return a new owner's name."""
        owner = _new_name()
        self._alive.add(owner)
        return owner

    def leave(self, owner: str) -> None:
        """Forget an owner."""
        self._alive.discard(owner)

    def is_alive(self, owner: str) -> bool:
        """Tell whether an owner has not left."""
        return owner in self._alive

    def hold_on(self) -> None:
        """Do nothing: there is no lock to lose."""

    def close(self) -> None:
        """Forget all owners."""
        self._alive.clear()


class FileOwners:
    """One file per owner, locked (flock) while it lives, in a folder beside the database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, int] = {}
        self._lock = threading.Lock()

    def register(self) -> str:
        """Return a new owner's name; also remove the files of dead owners."""
        owner = _new_name()
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._sweep()
            # Locked first and named then: nobody ever sees a living owner's file without its lock.
            hidden = self._folder / f".{owner}"
            handle = os.open(hidden, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            hidden.rename(self._folder / owner)
        except OSError as error:
            raise OutsideError(
                N_("cannot write {path}: {reason}"), path=self._folder, reason=reason_of(error)
            ) from error
        with self._lock:
            self._held[owner] = handle
        return owner

    def leave(self, owner: str) -> None:
        """Remove the owner's file and let go of its lock."""
        with self._lock:
            handle = self._held.pop(owner, None)
        if handle is not None:
            (self._folder / owner).unlink(missing_ok=True)
            os.close(handle)

    def is_alive(self, owner: str) -> bool:
        """Tell whether the owner's file is there and locked."""
        try:
            handle = os.open(self._folder / owner, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise OutsideError(
                N_("{path}: {reason}"), path=self._folder / owner, reason=reason_of(error)
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def hold_on(self) -> None:
        """Do nothing: a file stays locked as long as its process lives."""

    def close(self) -> None:
        """Let go of all owners registered here."""
        for owner in list(self._held):
            self.leave(owner)

    def _sweep(self) -> None:
        for path in self._folder.iterdir():
            if not path.name.startswith(".") and not self.is_alive(path.name):
                path.unlink(missing_ok=True)


class PostgresOwners:
    """One advisory lock per owner, on a connection of its own that lives as long as the store."""

    def __init__(
        self,
        engine: Engine,
        connect: Callable[[], psycopg.Connection],
        outside: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._engine = engine
        self._connect = connect
        self._outside = outside
        self._lock = threading.Lock()
        self._connection: psycopg.Connection | None = None
        self._mine: set[str] = set()
        self._unheld: set[str] = set()
        """Of ours, those whose lock an old connection still has, as the server sees it."""

    def register(self) -> str:
        """Return a new owner's name."""
        owner = _new_name()
        with self._lock, self._outside():
            self._hold_mine().execute("SELECT pg_advisory_lock(%s)", [_key(owner)])
            self._mine.add(owner)
        return owner

    def leave(self, owner: str) -> None:
        """Let go of the lock. Should the connection be gone, then so is the lock."""
        with self._lock, suppress(OutsideError), self._outside():
            self._mine.discard(owner)
            self._unheld.discard(owner)
            if self._connection is not None and not self._connection.closed:
                self._connection.execute("SELECT pg_advisory_unlock(%s)", [_key(owner)])

    def is_alive(self, owner: str) -> bool:
        """Tell whether any session holds the owner's lock."""
        key = _key(owner)
        query = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::bigint = :high AND objid::bigint = :low"
        )
        numbers = {"high": key >> 32 & 0xFFFF_FFFF, "low": key & 0xFFFF_FFFF}
        with self._outside(), self._engine.connect() as connection:
            return bool(connection.execute(query, numbers).scalar())

    def hold_on(self) -> None:
        """Take the locks again that went with a connection."""
        if self._mine:
            with self._lock, self._outside():
                self._hold_mine()

    def _hold_mine(self) -> psycopg.Connection:
        """Return the connection that holds the locks; a new one with all of them when it was cut."""
        connection = self._connection
        if connection is None or not _is_there(connection):
            self._connection = connection = self._connect()
            self._unheld = set(self._mine)
            connection.execute("SET idle_session_timeout = 0")
        for owner in list(self._unheld):  # not waited for: the server may not have seen the old one go
            taken = connection.execute("SELECT pg_try_advisory_lock(%s)", [_key(owner)]).fetchone()
            if taken is not None and taken[0]:
                self._unheld.discard(owner)
        return connection

    def close(self) -> None:
        """Let go of all owners registered here."""
        with self._lock:
            if self._connection is not None:
                # The server ends a session a moment after we have hung up; others may look before that.
                with suppress(OutsideError), self._outside():
                    self._connection.execute("SELECT pg_advisory_unlock_all()")
                self._connection.close()
                self._connection = None
            self._mine.clear()
            self._unheld.clear()


def _is_there(connection: psycopg.Connection) -> bool:
    """Tell whether a connection still leads to its session."""
    if connection.closed:
        return False
    try:
        connection.execute("SELECT 1")
    except connection.OperationalError:
        return False
    return True


def _key(owner: str) -> int:
    """Return an advisory lock's number: 64 bits, signed."""
    return int.from_bytes(hashlib.sha256(owner.encode()).digest()[:8], "big", signed=True)
