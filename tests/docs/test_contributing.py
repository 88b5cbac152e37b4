"""CONTRIBUTING.md: its example of a migration works on a database with rows."""

import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine

from newsfeed.stores.sql import open_store, schema
from tests.contracts.stores import hash_address, person
from tests.docs.pages import fences, read


@pytest.fixture
def migration() -> ModuleType:
    """The module that the page shows."""
    fence = next(fence for fence in fences(read("CONTRIBUTING.md")) if fence.above == "<!-- migration -->")
    module = ModuleType("example_of_contributing")
    exec(compile(fence.code, "CONTRIBUTING.md", "exec"), module.__dict__)
    return module


def test_the_example_follows_the_newest_migration(migration: ModuleType) -> None:
    """Whoever copies it need change only its words."""
    assert migration.down_revision == schema.NEWEST
    assert int(migration.revision) == int(schema.NEWEST) + 1


def test_the_example_keeps_the_rows(tmp_path: Path, migration: ModuleType) -> None:
    """A reader who was there before has an empty note afterwards."""
    path = tmp_path / "newsfeed.db"
    store = open_store(f"sqlite:///{path}", hash_address=hash_address)
    store.people.save([person("ann")])
    store.close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        migration.upgrade()
    engine.dispose()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT address, note FROM subscribers").fetchall() == [
            ("ann@example.org", "")
        ]
