"""Bring a database's schema up to date when it is opened. Alembic is loaded only when there is work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from newsfeed.errors import OutsideError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from newsfeed.stores.sql.engine import Database

NEWEST = "0001"
"""The schema this program works with: the last file in ``migrations/versions``."""
_FOLDER = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Run the migrations that are missing, all in one transaction; a second process that opens the
    database at the same moment waits. Raises `OutsideError` when the schema is a newer program's.
    """
    with database.read() as connection:
        if read_revision(connection) == NEWEST:
            return
    with database.write() as connection:
        database.lock_schema(connection)
        found = read_revision(connection)
        if found == NEWEST:
            return
        _upgrade(connection, found, database.where)


def read_revision(connection: Connection) -> str:
    """Return the schema's revision; empty when there is none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _upgrade(connection: Connection, found: str, where: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found and found not in known:
        raise OutsideError(
            N_("{where} was made by a newer newsfeed (schema {found})"),
            N_("install the newer program"),
            where=where,
            found=found,
        )
    command.upgrade(config, "head")
