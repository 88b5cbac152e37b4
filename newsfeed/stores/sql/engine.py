"""What the store asks of a database: short transactions, and the few things SQL does not say alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Table
    from sqlalchemy.dialects import postgresql, sqlite

    from newsfeed.ports import Owners
    from newsfeed.stores.sql.statements import Begin, Settle


class Database(Protocol):
    """One database, open; safe to use from several threads. Its errors are `OutsideError`."""

    @property
    def where(self) -> str:
        """What sentences about it name: a path, or a URL without its password."""

    @property
    def owners(self) -> Owners:
        """Who sends from it."""

    def read(self) -> AbstractContextManager[Connection]:
        """A transaction that writes nothing, and keeps nobody from writing."""

    def write(self, *, lasting: bool = True) -> AbstractContextManager[Connection]:
        """A transaction that writes; kept as a whole or not at all. ``lasting``: what people asked
        for must survive power loss; a sender's bookkeeping need not.
        """

    def step(self, settle: Settle | None, begin: Begin | None) -> bool:
        """Record an outcome and an intent, both or none; tells whether there was an intent to record."""

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An insert that can be told what to do about conflicts."""

    def fill(self, connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert many rows that all name the same columns."""

    def analyse(self, connection: Connection, table: Table) -> None:
        """A table has grown at once: let the planner of queries know."""

    def numbers(self, connection: Connection, table: Table, count: int) -> Sequence[int]:
        """Numbers for new rows that nobody else gets."""

    def queue(self, connection: Connection, table: Table) -> None:
        """Let nobody else add to a table until this transaction ends."""

    def migrating(self, connection: Connection) -> None:
        """Let nobody else change the schema until this transaction ends."""

    def scrub(self, traces: Sequence[str]) -> None:
        """After an erasure: let no remains of these words stay in the database's files."""

    def close(self) -> None:
        """Let go of everything."""
