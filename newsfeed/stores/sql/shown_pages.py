"""Keep what people were shown when they agreed, once for all who saw the same."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from newsfeed.stores.sql.tables import shown_pages

if TYPE_CHECKING:
    from newsfeed.stores.sql.engine import Database


class SqlShownPages:
    """Implements `newsfeed.service_ports.ShownPages`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, text: str) -> str:
        """Keep a page, unless it is there already; return its hash."""
        name = _hash(text)
        if not self.find(name):
            row = {"hash": name, "text": text}
            with self._database.write() as connection:
                connection.execute(self._database.insert(shown_pages).on_conflict_do_nothing(), row)
        return name

    def find(self, page_hash: str) -> str:
        """Return the page of a hash; empty when there is none, or when it is not as it was shown."""
        query = select(shown_pages.c.text).where(shown_pages.c.hash == page_hash)
        with self._database.read() as connection:
            text = connection.execute(query).scalar() or ""
        return text if _hash(text) == page_hash else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
