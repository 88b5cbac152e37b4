"""Addresses that people gave up for another one: only their hashes, so that no old list brings them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from newsfeed.stores.sql.tables import former_addresses, subscribers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from newsfeed.stores.sql.engine import Database

_QUERY = 500
"""Hashes asked for at a time: databases limit the parameters of a statement."""
_HASH = former_addresses.c.address_hash


def find_former(connection: Connection, hashes: Sequence[str]) -> Iterator[str]:
    """Yield those of the hashes that are of addresses somebody gave up."""
    for some in _parts(hashes):
        yield from connection.execute(select(_HASH).where(_HASH.in_(some))).scalars()


def remember_replaced(database: Database, connection: Connection, hashes: Mapping[int, str]) -> None:
    """Remember the addresses that are about to be replaced. ``hashes``: number of a person → hash of the
    address they will have.
    """
    known = subscribers.c
    replaced = []
    for some in _parts(list(hashes)):
        rows = connection.execute(select(known.id, known.address_hash).where(known.id.in_(some)))
        replaced += [{"address_hash": row[1]} for row in rows if row[1] != hashes[row[0]]]
    if replaced:
        connection.execute(database.insert(former_addresses).on_conflict_do_nothing(), replaced)


def forget_used(connection: Connection, hashes: Sequence[str]) -> None:
    """Forget former addresses that an active person has now."""
    for some in _parts(hashes):
        connection.execute(delete(former_addresses).where(_HASH.in_(some)))


def _parts(values: Sequence[int] | Sequence[str]) -> Iterator[Sequence[int] | Sequence[str]]:
    return (values[start : start + _QUERY] for start in range(0, len(values), _QUERY))
