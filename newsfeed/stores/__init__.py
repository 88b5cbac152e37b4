"""Edges that keep people and the ledger: who reads which digest, in which language, and who got what.

`STORES` lists what a store's URL may begin with: adding one is one module and one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.stores.sql import SqlStore


class StoreFactory(Protocol):
    """Opens the store behind a URL."""

    def __call__(
        self, url: str, *, hash_address: Callable[[str], str], durable: bool = False, made_before: str = ""
    ) -> SqlStore:
        """Open the store.

        ``hash_address``: the site's keyed hash of an address; ``durable``: survive power loss;
        ``made_before``: what shows that there was a store, so that no empty one is taken for it.
        """


def _sql(
    url: str, *, hash_address: Callable[[str], str], durable: bool = False, made_before: str = ""
) -> SqlStore:
    from newsfeed.stores.sql import open_store

    return open_store(url, hash_address=hash_address, durable=durable, made_before=made_before)


def open_store(
    url: str, *, hash_address: Callable[[str], str], durable: bool = False, made_before: str = ""
) -> SqlStore:
    """Open the store behind a URL. Raises `UsageError` when no store knows such URLs."""
    scheme = url.partition(":")[0].partition("+")[0]
    known = dict(STORES)
    if scheme not in known:
        raise UsageError(
            N_("no store is known for “{scheme}:”"),
            N_("[store] url begins with: {known}"),
            scheme=scheme,
            known=", ".join(known),
        )
    return known[scheme](url, hash_address=hash_address, durable=durable, made_before=made_before)


STORES: tuple[tuple[str, StoreFactory], ...] = (("sqlite", _sql), ("postgresql", _sql), ("postgres", _sql))
"""URL scheme → what opens the store."""
