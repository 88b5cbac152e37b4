"""Bring a database's schema up to date when it is opened. Alembic is loaded only when there is work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from newsfeed.errors import OutsideError
from newsfeed.marking import N_
from newsfeed.stores.sql import queue_schema
from newsfeed.stores.sql.tables import METADATA, deliveries, meta

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

    from newsfeed.stores.sql.engine import Database

NEWEST = "0006"
"""The schema this program works with: the last file in ``migrations/versions``."""
_FOLDER = Path(__file__).parent / "migrations"


def migrate(database: Database, made_before: str = "") -> None:
    """Run the migrations that are missing, all in one transaction; a second process that opens the
    database at the same moment waits.

    ``made_before`` names what shows that there were tables before. Raises `OutsideError` when there are
    none then, when the tables are another program's, or when the schema is a newer program's.
    """
    with database.read() as connection:
        if read_revision(connection) == NEWEST and _is_ours(connection) and _is_queue_current(connection):
            return
    with database.write() as connection:
        database.lock_schema(connection)
        found = read_revision(connection)
        if not _is_ours(connection):
            _check_begin(connection, found, database.where, made_before)
        if found != NEWEST or not _is_ours(connection):
            check_revision(found, database.where)
            upgrade(connection, "head")
        is_whole = _is_queue_current(connection)
    if not is_whole:
        queue_schema.bring_tables(database)


def read_revision(connection: Connection) -> str:
    """Return the schema's revision; empty when there is none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def lost_database(where: str, witness: str) -> OutsideError:
    """Return what is said when a database is gone that must have been there. ``witness``: what shows it."""
    return OutsideError(
        N_(
            "{where} is missing or empty, and {witness} shows that there was a database: everybody would be"
            " forgotten"
        ),
        N_("restore the database from a backup; to begin anew, with nobody, remove {witness} first"),
        where=where,
        witness=witness,
    )


def _is_ours(connection: Connection) -> bool:
    return inspect(connection).has_table(meta.name) and inspect(connection).has_table(deliveries.name)


def _is_queue_current(connection: Connection) -> bool:
    """Tell whether the task library's tables are as they should be; only PostgreSQL has any."""
    return connection.dialect.name != "postgresql" or queue_schema.is_current(connection)


def _check_begin(connection: Connection, revision: str, where: str, made_before: str) -> None:
    """Refuse to begin in a database of another program, or in an empty one where ours was."""
    names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    clashes = names & set(METADATA.tables)
    if revision or clashes or (names and made_before):
        raise OutsideError(
            N_("{where} holds tables of another program"),
            N_("give newsfeed a database of its own: see [store] url in config.toml"),
            where=where,
        )
    if made_before:
        raise lost_database(where, made_before)


def check_revision(found: str, where: str) -> None:
    """Refuse tables of a newer program. Raises `OutsideError`; ``where``: whose tables they are."""
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(_alembic_config()).walk_revisions()}
    if found and found not in known:
        raise OutsideError(
            N_("{where} was made by a newer newsfeed (schema {found})"),
            N_("install the newer program"),
            where=where,
            found=found,
        )


def upgrade(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision, or to ``head``, within the connection's transaction."""
    from alembic import command

    config = _alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _alembic_config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
