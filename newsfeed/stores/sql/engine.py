"""The interface of a database: short transactions, and the few things SQL dialects say differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy import Connection, Table
    from sqlalchemy.dialects import postgresql, sqlite

    from newsfeed.queue_ports import Owners
    from newsfeed.records import DeliveryResult


class Database(Protocol):
    """One database, open; safe to use from several threads. Its errors are `OutsideError`."""

    @property
    def where(self) -> str:
        """Return the name that sentences give it: a path, or a URL without its password."""

    @property
    def owners(self) -> Owners:
        """Return the registry of the processes that send from it."""

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that writes nothing, and keeps nobody from writing."""

    def read_at_one_moment(self) -> AbstractContextManager[Connection]:
        """Open a transaction that writes nothing and sees all tables as they are at its first question."""

    def write(self, *, lasting: bool = True) -> AbstractContextManager[Connection]:
        """Open a transaction that writes; kept as a whole or not at all. ``lasting``: what people asked for
        must survive power loss; a sender's bookkeeping need not.
        """

    def record(
        self, results: Sequence[DeliveryResult], beginning: Sequence[int], owner: str, at: int
    ) -> set[int]:
        """Record results, then the intents of deliveries that have none there, all or nothing; return those
        that could begin.
        """

    def moment(self, connection: Connection) -> datetime:
        """Return what the database's clock says: all machines agree on it."""

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Return an insert that can be told what to do about conflicts."""

    def insert_rows(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert many rows that all name the same columns."""

    def analyse(self, connection: Connection, table: Table) -> None:
        """Tell the query planner that a table has grown at once."""

    def reserve_numbers(self, connection: Connection, table: Table, count: int) -> Sequence[int]:
        """Reserve numbers for new rows that nobody else gets."""

    def highest_number(self, connection: Connection, table: str) -> int:
        """Return the highest number that a row of a table was ever given; 0 when nobody remembers one."""

    def continue_numbers(self, connection: Connection, table: str, highest: int) -> None:
        """Let new rows of a table have numbers above one that was given before."""

    def lock_table(self, connection: Connection, table: Table) -> None:
        """Lock a table, so that nobody else adds to it until this transaction ends."""

    def lock_schema(self, connection: Connection) -> None:
        """Lock the schema, so that nobody else changes it until this transaction ends."""

    def remove_remains(self, traces: Sequence[str]) -> None:
        """Remove the remains of erased words from the database's files."""

    def verify(self) -> None:
        """Read every page, and raise `OutsideError` when one is damaged."""

    def close(self) -> None:
        """Close all connections."""
