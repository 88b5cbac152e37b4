"""The schema: made by migrations, the same as the definitions, and never used when it is a newer one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text

from newsfeed.errors import OutsideError
from newsfeed.stores.sql import open_store, schema
from newsfeed.stores.sql.tables import METADATA
from tests.contracts.stores import NOW, Place, hash_address, opening, person


def test_migrations_make_the_tables_that_are_defined(shared: Place) -> None:
    """Names, types, defaults and constraints, on both databases."""
    store = shared.open()
    with store._database.write() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_ours})
        assert compare_metadata(context, METADATA) == []


def _is_ours(name: str | None, kind: str, parents: object) -> bool:
    """Whether a table is not the task library's."""
    return kind != "table" or not str(name).startswith("procrastinate_")


def test_partial_indexes_are_partial(shared: Place) -> None:
    """Only what waits is in the index of what is due."""
    store = shared.open()
    with store._database.write() as connection:
        indexes = {index["name"]: index for index in inspect(connection).get_indexes("deliveries")}
        kind = connection.dialect.name
    where = {name: str(index["dialect_options"].get(f"{kind}_where")) for name, index in indexes.items()}
    assert where["deliveries_open"].startswith(("owner IS NULL", "((owner IS NULL)"))
    assert "owner IS NOT NULL" in where["deliveries_owned"]


@pytest.mark.parametrize("without", [(), ("gmail", "orange")])
def test_claims_find_what_is_due_by_its_index(without: tuple[str, ...]) -> None:
    """SQLite uses a partial index only for a query that repeats its condition. Receivers that are passed over
    stand in it, too: a hundred thousand of them are looked at in the time of one disk access.
    """
    with opening("sqlite://") as place:
        store = place.open()
        seen: list[tuple[str, object]] = []
        event.listen(
            store._database._writer,
            "before_cursor_execute",
            lambda connection, cursor, statement, parameters, *_: seen.append((statement, parameters)),
        )
        store.send_queue.claim("me", NOW, 10, without)
        statement, parameters = next(one for one in seen if "next_try <=" in one[0])
        rows = store._database._raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
    assert [row[3] for row in rows] == ["SEARCH deliveries USING INDEX deliveries_open (next_try<?)"]


def test_the_program_knows_its_newest_migration() -> None:
    """A migration without it would run at every start."""
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [schema.NEWEST]


def test_a_newer_schema_is_refused(shared: Place) -> None:
    """An older program must not write into what it does not understand; nothing is changed."""
    store = shared.open()
    store.people.save([person("ann")])
    with store._database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(OutsideError, match=r"made by a newer newsfeed \(schema 9999\)"):
            open_store(shared.url, hash_address=hash_address)
    finally:
        with store._database.write() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :newest"), {"newest": schema.NEWEST}
            )
    assert shared.open().people.find("ann@example.org") is not None


def test_a_migration_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it is one transaction: the next start begins anew."""
    path = tmp_path / "newsfeed.db"
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("CREATE TABLE outbox (id)")  # the last table the migration makes
    monkeypatch.setattr(schema, "_check_begin", lambda *_: None)
    with pytest.raises(OutsideError, match="refused: table outbox already exists"):
        open_store(f"sqlite:///{path}", hash_address=hash_address)
    with closing(sqlite3.connect(path)) as foreign:
        tables = foreign.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert tables == [("outbox",)]


def test_opening_again_loads_no_alembic(tmp_path: Path) -> None:
    """A schema that is up to date costs nothing at every start of a command."""
    import subprocess
    import sys

    url = f"sqlite:///{tmp_path}/newsfeed.db"
    open_store(url, hash_address=hash_address).close()
    script = (
        "import sys; from newsfeed.stores.sql import open_store\n"
        "from tests.contracts.stores import hash_address\n"
        f"open_store({url!r}, hash_address=hash_address).close()\n"
        "assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=True)


FOREIGN = {
    "a table of that name": "CREATE TABLE subscribers (id INTEGER)",
    "another program's migrations": "CREATE TABLE alembic_version (version_num TEXT)",
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, kind: str) -> None:
    """Even when its schema is numbered as ours is."""
    path = tmp_path / "foreign.db"
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute(FOREIGN[kind])
        if "alembic" in FOREIGN[kind]:
            foreign.execute(f"INSERT INTO alembic_version VALUES ('{schema.NEWEST}')")
        foreign.commit()
        before = foreign.execute("SELECT sql FROM sqlite_master").fetchall()
        with pytest.raises(OutsideError, match="holds tables of another program"):
            open_store(f"sqlite:///{path}", hash_address=hash_address)
        assert foreign.execute("SELECT sql FROM sqlite_master").fetchall() == before


def test_no_database_is_made_where_there_was_one(tmp_path: Path) -> None:
    """Missing, or there and empty: everybody would be forgotten. What shows it is named."""
    for path in (tmp_path / "newsfeed.db", tmp_path / "empty.db"):
        url = f"sqlite:///{path}"
        if path.name == "empty.db":
            path.touch()
        with pytest.raises(OutsideError, match="is missing or empty, and var/secret shows"):
            open_store(url, hash_address=hash_address, made_before="var/secret")
        assert not path.exists() or path.stat().st_size == 0 or path.name == "empty.db"
    assert not (tmp_path / "newsfeed.db").exists()


def test_owners_without_a_database_show_that_there_was_one(tmp_path: Path) -> None:
    """Where the secret comes from the environment, and tells nothing."""
    path = tmp_path / "newsfeed.db"
    with open_store(f"sqlite:///{path}", hash_address=hash_address) as store:
        store.owners.register()
    path.unlink()
    with pytest.raises(OutsideError, match=r"newsfeed.db.owners shows"):
        open_store(f"sqlite:///{path}", hash_address=hash_address)
