"""A store of every schema there was, with rows in every table, is brought up to date and goes on as it was."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, LargeBinary, MetaData, create_engine, insert, select

from newsfeed.instance_records import StoredTable, StoreMark
from newsfeed.stores.sql import SqlStore, fill_store, open_store, schema
from newsfeed.stores.sql.column_types import JsonValue, StringList, UtcMoment
from newsfeed.stores.sql.tables import METADATA
from tests.contracts.postgres import Server
from tests.contracts.stores import DAY, NOW, consent, hash_address, person, plan, result, step

SCRIPTS = ScriptDirectory.from_config(schema._alembic_config())
EARLIER = sorted(script.revision for script in SCRIPTS.walk_revisions())[:-1]
MARK = StoreMark("fence", 1)


@cache
def columns_at(revision: str) -> Mapping[str, frozenset[str]]:
    """Table → its columns, as a schema had them."""
    found = MetaData()
    with create_engine("sqlite://").connect() as connection:
        schema.upgrade(connection, revision)
        found.reflect(connection)
    return {name: frozenset(table.columns.keys()) for name, table in found.tables.items()}


def invented(column: Column) -> object:
    """A value of a kind that the column takes."""
    if isinstance(column.type, UtcMoment):
        return NOW + DAY
    if isinstance(column.type, StringList):
        return ("de", "fr")
    if isinstance(column.type, JsonValue):
        return {"page": "/de/"}
    if isinstance(column.type, LargeBinary):
        return b"\x00\xff"
    return 1 if isinstance(column.type, Integer) or column.foreign_keys else f"{column.name} é\u2028"


def fill(store: SqlStore) -> None:
    """Two readers and an issue of which one has had theirs; in all other tables, a row that is invented."""
    readers = store.people.save([person("ann", name="Ännchen"), person("ben")], [consent(person("ann"))])
    plan(store, readers)
    owner = store.owners.register()
    (had,) = store.send_queue.claim(owner, NOW, 1)
    step(store, None, had.delivery.id, owner, NOW)
    step(store, result(had), None, owner, NOW)
    store.owners.leave(owner)
    with store._database.write() as connection:
        for table in METADATA.sorted_tables:
            if connection.execute(select(table).limit(1)).first() is None:
                values = {column.name: invented(column) for column in table.columns}
                connection.execute(insert(table).values(values))


def cut(stored: StoredTable, columns: frozenset[str]) -> StoredTable:
    """The rows of a table, as far as a schema has columns for them."""
    kept = [place for place, name in enumerate(stored.columns) if name in columns]
    rows = [[row[place] for place in kept] for row in stored.rows]
    return StoredTable(stored.name, tuple(stored.columns[place] for place in kept), rows)


def kept_rows(store: SqlStore, revision: str) -> dict[str, list[str]]:
    """All rows, as far as an earlier schema had a place for them; but what belongs to each store alone."""
    columns = columns_at(revision)
    with store.read_tables() as (_, _, tables):
        found = [cut(one, columns[one.name]) for one in tables if one.name in columns and one.name != "meta"]
    return {one.name: sorted(map(repr, one.rows)) for one in found}


def make_earlier(url: str, store: SqlStore, revision: str) -> None:
    """Make a store of an earlier schema with the rows of another one, and bring it up to date."""
    columns = columns_at(revision)
    with store.read_tables() as (_, numbers, tables):
        found = [cut(one, columns[one.name]) for one in tables if one.name in columns]
        known = {name: number for name, number in numbers.items() if name in columns}
    counts = fill_store(url, revision=revision, numbers=known, tables=found, mark=MARK)
    assert min(counts.values()) > 0


def goes_on(store: SqlStore) -> None:
    """Whoever had the issue gets it no more, the other does; the next one comes to both."""
    assert store.people.verify_chain() is None
    ann, ben = sorted(store.people.all(), key=lambda one: one.key)
    owner = store.owners.register()
    (left,) = store.send_queue.claim(owner, NOW + DAY, 10)
    assert {left.subscriber.id} < {ann.id, ben.id}
    assert step(store, None, left.delivery.id, owner, NOW + DAY) == "go"
    assert step(store, result(left), None, owner, NOW + DAY) == "go"
    plan(store, [ann, ben], "s2", at=NOW + DAY)
    assert len(store.send_queue.claim(owner, NOW + DAY, 10)) == 2
    (new,) = store.people.save([person("new")])
    assert new.id not in (ann.id, ben.id)


@pytest.mark.parametrize("revision", EARLIER)
def test_a_store_of_an_earlier_schema_goes_on(revision: str, tmp_path: Path) -> None:
    """With SQLite; each row that it had is as it was."""
    with open_store(f"sqlite:///{tmp_path}/now.db", hash_address=hash_address) as store:
        fill(store)
        url = f"sqlite:///{tmp_path}/earlier.db"
        make_earlier(url, store, revision)
        with open_store(url, hash_address=hash_address) as brought:
            assert kept_rows(brought, revision) == kept_rows(store, revision)
            goes_on(brought)


@pytest.mark.xdist_group("postgresql")
@pytest.mark.parametrize("revision", EARLIER)
def test_a_store_of_an_earlier_schema_goes_on_in_postgresql(
    revision: str, postgres: Server, tmp_path: Path
) -> None:
    """With what the task library keeps there, too."""
    with open_store(f"sqlite:///{tmp_path}/now.db", hash_address=hash_address) as store:
        fill(store)
        url = postgres.create_bare(f"from{revision}")
        make_earlier(url, store, revision)
        with open_store(url, hash_address=hash_address) as brought:
            assert kept_rows(brought, revision) == kept_rows(store, revision)
            goes_on(brought)
