"""Former names of digests: kept in the table ``meta``, ``moved:OLD`` → NEW.

Issues keep the name they were planned under, since their links and return paths are signed for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from newsfeed.stores.sql.tables import meta

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from newsfeed.stores.sql.engine import Database

_PREFIX = "moved:"
_IS_MOVE = meta.c.name.startswith(_PREFIX)


def read_moves(connection: Connection) -> Mapping[str, str]:
    """Return former name → name."""
    rows = connection.execute(select(meta.c.name, meta.c.value).where(_IS_MOVE).order_by(meta.c.name))
    return {name.removeprefix(_PREFIX): value for name, value in rows}


def names_of(connection: Connection, digest: str) -> list[str]:
    """Return the name of a digest, and those it had before."""
    return [digest, *(old for old, new in read_moves(connection).items() if new == digest)]


def record_move(database: Database, connection: Connection, old: str, new: str) -> None:
    """Let ``old`` lead to ``new``, and with it all that led to ``old``; ``new`` leads nowhere."""
    connection.execute(delete(meta).where(meta.c.name.in_([_PREFIX + new, _PREFIX + old])))
    connection.execute(update(meta).where(_IS_MOVE, meta.c.value == old).values(value=new))
    connection.execute(database.insert(meta), {"name": _PREFIX + old, "value": new})
