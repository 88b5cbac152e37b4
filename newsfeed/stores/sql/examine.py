"""Look at a database as it is, without opening it as the program's store: nothing is made or migrated."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import text
from sqlalchemy.engine import make_url

from newsfeed.core.checkup.store_findings import StoreState
from newsfeed.stores.sql.driver_errors import DatabaseDriver, translate_errors
from newsfeed.stores.sql.schema import NEWEST

if TYPE_CHECKING:
    from sqlalchemy import Connection

_PATIENCE = 10
_LONGEST_TRANSACTION = text(
    "SELECT coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_DEAD_ROWS = text(
    "SELECT relname, n_live_tup, n_dead_tup FROM pg_stat_user_tables"
    " ORDER BY n_dead_tup::float / (n_live_tup + 1000) DESC LIMIT 1"
)
_SIZE = text("SELECT pg_database_size(current_database())")
_AGE = text("SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()")
_CHECKSUMS = text(
    "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()"
)
_INVALID = text(
    "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
    " WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace LIMIT 1"
)
_REVISION = "SELECT version_num FROM alembic_version"


def examine_store(url: str) -> StoreState:
    """Return the state of the database behind a URL. Raises `OutsideError` when it cannot be asked."""
    if url.startswith("sqlite:"):
        return _examine_sqlite(Path(make_url(url).database or ""))
    return _examine_postgresql(url)


def _examine_sqlite(path: Path) -> StoreState:
    log = Path(f"{path}-wal")
    with (
        translate_errors(str(path), sqlite3),
        closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)
        ) as database,
    ):
        found = _first(database, "PRAGMA quick_check(1)")
        page, gaps = _first(database, "PRAGMA page_size"), _first(database, "PRAGMA freelist_count")
        stray = database.execute("PRAGMA foreign_key_check").fetchone()
        return StoreState(
            where=str(path),
            damage=found if found != "ok" else f"a row of {stray[0]} belongs to nothing" if stray else "",
            is_behind=_first(database, _REVISION) < NEWEST,
            size=path.stat().st_size,
            gaps=page * gaps,
            log_size=log.stat().st_size if log.exists() else 0,
        )


def _first(database: sqlite3.Connection, query: str) -> Any:
    return database.execute(query).fetchone()[0]


def _examine_postgresql(url: str) -> StoreState:
    from newsfeed.stores.sql.postgresql import open_engine

    parsed = make_url(url)
    where = parsed.render_as_string(hide_password=True)
    engine = open_engine(parsed, durable=False)
    try:
        driver = cast("DatabaseDriver", engine.dialect.loaded_dbapi)
        with translate_errors(where, driver), engine.connect() as connection:
            return _ask_postgresql(connection, where)
    finally:
        engine.dispose()


def _ask_postgresql(connection: Connection, where: str) -> StoreState:
    table, rows, dead = connection.execute(_DEAD_ROWS).one_or_none() or ("", 0, 0)
    failures = connection.execute(_CHECKSUMS).scalar() or 0
    invalid = connection.execute(_INVALID).scalar()
    damage = "pages with wrong checksums were read" if failures else f"the index {invalid} cannot be used"
    return StoreState(
        where=where,
        damage=damage if failures or invalid else "",
        is_behind=str(connection.execute(text(_REVISION)).scalar()) < NEWEST,
        longest_transaction=timedelta(seconds=float(connection.execute(_LONGEST_TRANSACTION).scalar() or 0)),
        size=connection.execute(_SIZE).scalar() or 0,
        rows=rows,
        dead_rows=dead,
        table=table,
        transaction_age=connection.execute(_AGE).scalar() or 0,
    )
