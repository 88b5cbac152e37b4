"""Keep what people were shown when they agreed, once for all who saw the same."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from newsfeed.stores.sql.tables import shown_pages

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from newsfeed.stores.sql.engine import Database


def hash_page(text: str) -> str:
    """Return the name of a page: its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


def keep_page(database: Database, text: str) -> str:
    """Keep a page, unless it is there already; return its hash."""
    name = hash_page(text)
    with database.read() as connection:
        if read_page(connection, name):
            return name
    with database.write() as connection:
        connection.execute(
            database.insert(shown_pages).on_conflict_do_nothing(), {"hash": name, "text": text}
        )
    return name


def read_page(connection: Connection, name: str) -> str:
    """Return the page of a hash; empty when there is none, or when it is no longer what was shown."""
    text = connection.execute(select(shown_pages.c.text).where(shown_pages.c.hash == name)).scalar() or ""
    return text if hash_page(text) == name else ""
