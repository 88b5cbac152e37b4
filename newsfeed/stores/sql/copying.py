"""Read all tables of a store in one moment, and fill an empty database with them: in either direction between
SQLite and PostgreSQL, and from any older schema.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, column, inspect, select, table

from newsfeed.errors import OutsideError
from newsfeed.instance_records import StoredTable
from newsfeed.marking import N_
from newsfeed.stores.sql.instance import put_mark
from newsfeed.stores.sql.schema import check_revision, read_revision, upgrade
from newsfeed.stores.sql.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Select, Table

    from newsfeed.instance_records import StoreMark
    from newsfeed.stores.sql.engine import Database

_ROWS_AT_A_TIME = 1_000


@contextmanager
def read_tables(database: Database) -> Iterator[tuple[str, Mapping[str, int], Iterator[StoredTable]]]:
    """Open a store as it is at one moment, while others go on writing.

    Gives the schema's revision, table → highest number it has ever given to a row, and the tables. Read the
    rows of a table before you ask for the next one.
    """
    with database.read_at_one_moment() as connection:
        names = _existing_tables(connection)
        numbers = {name: database.highest_number(connection, name) for name in names if _is_numbered(name)}
        with closing(_read(connection, names)) as tables:
            yield read_revision(connection), numbers, tables


def fill_empty(
    database: Database,
    revision: str,
    numbers: Mapping[str, int],
    tables: Iterable[StoredTable],
    mark: StoreMark,
) -> Mapping[str, int]:
    """Make the tables as they were at a revision, fill them, and bring them up to date: all or nothing.
    ``mark``: takes the place of the one in the tables, so that nobody takes the copy for the original.

    Return table → number of rows. Raises `OutsideError` when there is something already, or when the revision
    is a newer program's.
    """
    counts: dict[str, int] = {}
    with database.write() as connection:
        database.lock_schema(connection)
        if set(inspect(connection).get_table_names()) & set(METADATA.tables):
            raise OutsideError(
                N_("there is a store already: {where}"),
                N_("move it away first, or give [store] url an empty database"),
                where=database.where,
            )
        check_revision(revision, database.where)
        upgrade(connection, revision)
        made = MetaData()
        made.reflect(connection)
        for one in tables:
            counts[one.name] = _fill(connection, made.tables[one.name], one)
        for name, number in numbers.items():
            database.continue_numbers(connection, name, number)
        upgrade(connection, "head")
        put_mark(database, connection, mark)
    return counts


def _existing_tables(connection: Connection) -> list[str]:
    """Return our tables in an order in which what is referred to comes first."""
    there = set(inspect(connection).get_table_names())
    return [one.name for one in METADATA.sorted_tables if one.name in there]


def _is_numbered(name: str) -> bool:
    return name in METADATA.tables and "id" in METADATA.tables[name].c


def _read(connection: Connection, names: Iterable[str]) -> Generator[StoredTable]:
    for name in names:
        columns = tuple(one["name"] for one in inspect(connection).get_columns(name))
        with closing(_read_rows(connection, name, columns)) as rows:
            yield StoredTable(name, columns, rows)


def _read_rows(connection: Connection, name: str, columns: Sequence[str]) -> Generator[Sequence[object]]:
    query: Select[*tuple[Any, ...]] = select(*map(column, columns)).select_from(table(name))
    if _is_numbered(name):
        query = query.order_by(column("id"))
    with connection.execution_options(yield_per=_ROWS_AT_A_TIME).execute(query) as rows:
        for row in rows:
            yield tuple(row)


def _fill(connection: Connection, made: Table, stored: StoredTable) -> int:
    number, rows = 0, iter(stored.rows)
    while some := list(islice(rows, _ROWS_AT_A_TIME)):
        connection.execute(made.insert(), [_named(stored.columns, row) for row in some])
        number += len(some)
    return number


def _named(columns: Sequence[str], row: Sequence[object]) -> dict[str, Any]:
    return dict(zip(columns, row, strict=True))
