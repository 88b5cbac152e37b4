"""Looking at a database as it is."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from newsfeed.errors import OutsideError
from newsfeed.stores.sql import open_store
from newsfeed.stores.sql.examine import examine_store
from tests.contracts.postgres import Server
from tests.contracts.stores import hash_address


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of a store in SQLite."""
    found = tmp_path / "newsfeed.db"
    open_store(f"sqlite:///{found}", hash_address=hash_address).close()
    return found


def test_a_whole_database_is_told_so_and_stays_as_it_is(path: Path) -> None:
    """Byte for byte."""
    before = path.read_bytes()
    found = examine_store(f"sqlite:///{path}")
    assert (found.where, found.damage, found.is_behind) == (str(path), "", False)
    assert found.size == len(before)
    assert path.read_bytes() == before


def test_an_older_schema_is_seen_and_not_migrated(path: Path) -> None:
    """Whoever looks does not decide about it."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
        database.commit()
    assert examine_store(f"sqlite:///{path}").is_behind
    assert examine_store(f"sqlite:///{path}").is_behind


def test_rows_that_belong_to_nothing_are_damage(path: Path) -> None:
    """SQLite's own check does not look for them."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE broken (id INTEGER REFERENCES subscribers (id))")
        database.execute("INSERT INTO broken VALUES (4711)")
        database.commit()
    assert examine_store(f"sqlite:///{path}").damage == "a row of broken belongs to nothing"


def test_gaps_and_a_long_log_are_measured(path: Path) -> None:
    """While somebody reads an old state, the log cannot be emptied."""
    with closing(sqlite3.connect(path)) as database, closing(sqlite3.connect(path)) as reader:
        database.execute("CREATE TABLE big (text TEXT)")
        database.commit()
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM big").fetchone()
        database.executemany("INSERT INTO big VALUES (?)", [("x" * 4000,)] * 500)
        database.execute("DELETE FROM big")
        database.commit()
        found = examine_store(f"sqlite:///{path}")
    assert found.log_size > 2_000_000
    assert found.gaps > 1_000_000


@pytest.mark.parametrize("data", [b"", b"no database" * 1000])
def test_a_file_that_is_no_database_is_told(tmp_path: Path, data: bytes) -> None:
    """Without a traceback."""
    (tmp_path / "x.db").write_bytes(data)
    with pytest.raises(OutsideError):
        examine_store(f"sqlite:///{tmp_path / 'x.db'}")


@pytest.mark.xdist_group("postgresql")
def test_a_server_tells_of_long_transactions_and_dead_rows(postgres: Server) -> None:
    """And whether its schema is that of the program."""
    url = postgres.create()
    open_store(url, hash_address=hash_address).close()
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        connection.execute("SELECT 1")
        found = examine_store(url)
    assert (found.damage, found.is_behind) == ("", False)
    assert found.longest_transaction > timedelta()
    assert found.size > 1_000_000
    assert found.transaction_age > 0


@pytest.mark.xdist_group("postgresql")
def test_an_index_that_was_never_finished_is_damage(postgres: Server) -> None:
    """As one is whose making was broken off."""
    url = postgres.create()
    open_store(url, hash_address=hash_address).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE twice (id int)")
        connection.execute("INSERT INTO twice VALUES (1), (1)")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("CREATE UNIQUE INDEX CONCURRENTLY half ON twice (id)")
    assert examine_store(url).damage == "the index half cannot be used"


def test_a_server_that_is_not_there_is_told() -> None:
    """Without a password in the words."""
    with pytest.raises(OutsideError, match="cannot be reached") as caught:
        examine_store("postgresql://someone:hush-hush@127.0.0.1:1/newsfeed")
    assert "hush" not in str(caught.value)
