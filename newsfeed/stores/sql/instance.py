"""The mark of the store: a row of the table ``meta``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from newsfeed.instance_records import StoreMark
from newsfeed.stores.sql.tables import meta

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from newsfeed.stores.sql.engine import Database

_MARK = "instance"


class SqlInstanceBook:
    """Implements `newsfeed.service_ports.InstanceBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> StoreMark | None:
        """Return the store's mark."""
        with self._database.read() as connection:
            return _read_mark(connection)

    def begin(self, mark: StoreMark) -> None:
        """Give the store its first mark, unless it has one."""
        row = {"name": _MARK, "value": _as_text(mark)}
        with self._database.write() as connection:
            connection.execute(self._database.insert(meta).on_conflict_do_nothing(), row)

    def write(self, mark: StoreMark) -> None:
        """Give the store a mark in place of its own."""
        with self._database.write() as connection:
            put_mark(self._database, connection, mark)

    def advance(self) -> StoreMark | None:
        """Let the generation grow by one; return the mark."""
        with self._database.write() as connection:
            self._database.lock_table(connection, meta)
            found = _read_mark(connection)
            if found is None:
                return None
            mark = StoreMark(found.fence, found.generation + 1)
            put_mark(self._database, connection, mark)
            return mark


def _read_mark(connection: Connection) -> StoreMark | None:
    found = _find(connection, _MARK)
    if not found:
        return None
    fence, generation = json.loads(found)
    return StoreMark(fence, generation)


def put_mark(database: Database, connection: Connection, mark: StoreMark) -> None:
    """Write a mark in place of the one before."""
    _put(database, connection, _MARK, _as_text(mark))


def _as_text(mark: StoreMark) -> str:
    return json.dumps([mark.fence, mark.generation])


def _find(connection: Connection, name: str) -> str:
    return connection.execute(select(meta.c.value).where(meta.c.name == name)).scalar() or ""


def _put(database: Database, connection: Connection, name: str, value: str) -> None:
    insert = database.insert(meta).values(name=name, value=value)
    connection.execute(
        insert.on_conflict_do_update(index_elements=[meta.c.name], set_={"value": insert.excluded.value})
    )
