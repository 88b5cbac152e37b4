"""Bring the tables of the task library, Procrastinate, into a PostgreSQL database, and up to date.

The library brings its own SQL: the whole schema, and a file for each step from one version to the next. A
comment on one of its tables says which version has been here last, and its last step, so that a newer one
runs those that came since. They run under the lock of our migrations, each in a transaction of its own:
what one adds to an enumeration the next may use only after a commit.
"""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import text

from newsfeed.errors import OutsideError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from newsfeed.stores.sql.engine import Database

_LOOK = text("""
SELECT to_regclass('procrastinate_jobs') IS NOT NULL,
       obj_description(to_regclass('procrastinate_jobs'), 'pg_class')
""")
_OURS = "newsfeed:"


def installed_version() -> str:
    """Return the version of the library that is installed; empty without it."""
    try:
        return importlib.metadata.version("procrastinate")
    except importlib.metadata.PackageNotFoundError:
        return ""


def is_current(connection: Connection) -> bool:
    """Tell whether the library's tables are those of the installed version, or a later one's; without the
    library they always are.
    """
    installed = installed_version()
    return not installed or _parts(_read_comment(connection)[1]) >= _parts(installed)


def bring_tables(database: Database) -> None:
    """Make the library's tables, or change them, step by step, to what the installed version needs."""
    while _bring_some(database):
        pass


def _bring_some(database: Database) -> bool:
    """Do one thing that is missing; tell whether there may be more."""
    with database.write() as connection:
        database.lock_schema(connection)
        if is_current(connection):
            return False
        is_there, version, last_step = _read_comment(connection)
        if is_there and not version:
            raise OutsideError(
                N_("{where} holds tables of another program"),
                N_("give newsfeed a database of its own: see [store] url in config.toml"),
                where=database.where,
            )
        steps = find_steps(last_step)
        driver = cast("Any", connection.connection.driver_connection)
        if is_there and steps:
            driver.execute(steps[0].read_text(encoding="utf-8"))
            last_step = steps[0].stem
        elif not is_there:
            driver.execute(_whole_schema())
            steps, last_step = steps[-1:], steps[-1].stem
        done = installed_version() if len(steps) <= 1 else version
        driver.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{_OURS} {done} {last_step}'")
    return True


def _whole_schema() -> str:
    from procrastinate.schema import SchemaManager

    return SchemaManager.get_schema()


def find_steps(last: str) -> list[Path]:
    """Return the library's steps after the last one that was done, in their order."""
    from procrastinate.schema import SchemaManager

    return sorted(
        path for path in Path(SchemaManager.get_migrations_path()).glob("*.sql") if path.stem > last
    )


def _read_comment(connection: Connection) -> tuple[bool, str, str]:
    """Return whether the library's tables are there, of which version, and the last step; both are empty for
    tables that we did not make.
    """
    is_there, comment = connection.execute(_LOOK).one()
    words = str(comment or "").split()
    if words[:1] != [_OURS] or len(words) != 3:
        return is_there, "", ""
    return is_there, words[1], words[2]


def _parts(version: str) -> tuple[int, ...]:
    """Return a version as numbers, without what follows a release's."""
    return tuple(int(part) for part in version.split(".")[:3] if part.isdecimal())
