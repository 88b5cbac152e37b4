"""Keep subscribers, their consents, and the hashes of those who must never be written to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, delete, func, select, update

from newsfeed.errors import StaleError
from newsfeed.marking import N_
from newsfeed.stores.sql import consents as chain
from newsfeed.stores.sql import former_mail_addresses as former
from newsfeed.stores.sql.mail_domains import forget_domain
from newsfeed.stores.sql.moves import read_moves, record_move
from newsfeed.stores.sql.rows import SUBSCRIBER, people_from_rows
from newsfeed.stores.sql.tables import address_changes, deliveries, subscribers, subscriptions, suppressions
from newsfeed.stores.sql.tables import consents as consents_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from newsfeed.records import Consent, Subscriber
    from newsfeed.stores.sql.engine import Database

_PAGE = 2000
"""People read at a time: no transaction stays open while a caller thinks about them."""
_QUERY = 500
"""Hashes asked for at a time: databases limit the parameters of a statement."""

_UPDATE = (
    update(subscribers)
    .where(subscribers.c.id == bindparam("number"), subscribers.c.revision == bindparam("known"))
    .values({name: bindparam(name) for name in ("key", "address", "address_hash", "name", "languages")})
    .values({name: bindparam(name) for name in ("state", "zone", "revision")})
)
_FORGET = delete(subscriptions).where(subscriptions.c.subscriber_id == bindparam("number"))
_SETTLE_ERASED = (
    update(deliveries)
    .where(deliveries.c.subscriber_id == bindparam("person"))
    .values(
        subscriber_id=None,
        message_id="",
        reply="",
        relay="",  # sent without one, it was a server of the reader's domain, which may be theirs alone
        receivers="",
        next_try=None,
        state=case((deliveries.c.state.in_(("planned", "deferred")), "left"), else_=deliveries.c.state),
        # What is on the wire is its sender's to settle.
        owner=case((deliveries.c.state == "intent", deliveries.c.owner), else_=None),
    )
)


class SqlPeople:
    """Implements `newsfeed.ports.People`."""

    def __init__(self, database: Database, hash_address: Callable[[str], str]) -> None:
        self._database = database
        self._hash = hash_address

    def find(self, address: str) -> Subscriber | None:
        """Return the subscriber with an address, found by its hash."""
        return self.find_all([address]).get(address)

    def find_all(self, addresses: Sequence[str]) -> dict[str, Subscriber]:
        """Return those of the addresses that are known."""
        hashed = {address: self._hash(address) for address in addresses}
        wanted = list(set(hashed.values()))
        found: dict[str, Subscriber] = {}
        with self._database.read() as connection:
            for start in range(0, len(wanted), _QUERY):
                which = subscribers.c.address_hash.in_(wanted[start : start + _QUERY])
                people = people_from_rows(
                    connection, connection.execute(select(*SUBSCRIBER).where(which)).all()
                )
                found.update((self._hash(person.address), person) for person in people)
        return {address: found[one] for address, one in hashed.items() if one in found}

    def get(self, subscriber_id: int) -> Subscriber | None:
        """Return the subscriber with a number."""
        query = select(*SUBSCRIBER).where(subscribers.c.id == subscriber_id)
        with self._database.read() as connection:
            return next(iter(people_from_rows(connection, connection.execute(query).all())), None)

    def all(self, digest: str = "") -> Iterator[Subscriber]:
        """Yield everybody in the order of their numbers; read in pages, so that memory stays small."""
        places = subscriptions.c
        query = select(*SUBSCRIBER).order_by(subscribers.c.id)
        if digest:
            theirs = select(places.subscriber_id).where(places.digest == digest)
            theirs = theirs.where(places.subscriber_id > bindparam("last"))
            page = theirs.order_by(places.subscriber_id).limit(_PAGE)
            query = query.where(subscribers.c.id.in_(page))
        else:
            query = query.where(subscribers.c.id > bindparam("last")).limit(_PAGE)
        last = 0
        while True:
            with self._database.read() as connection:
                people = people_from_rows(connection, connection.execute(query, {"last": last}).all())
            yield from people
            if len(people) < _PAGE:
                return
            last = people[-1].id

    def count_readers(self) -> Mapping[str, int]:
        """Return digest → how many active people are subscribed to it."""
        query = (
            select(subscriptions.c.digest, func.count())
            .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
            .where(subscribers.c.state == "active")
            .group_by(subscriptions.c.digest)
            .order_by(subscriptions.c.digest)
        )
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def save(self, people: Sequence[Subscriber], consents: Sequence[Consent] = ()) -> Sequence[Subscriber]:
        """Insert or update; one transaction. Raises `StaleError` when anything is not as it was read."""
        database = self._database
        with database.write() as connection:
            fresh = [one for one in people if not one.id]
            numbers = iter(database.reserve_numbers(connection, subscribers, len(fresh)) if fresh else ())
            saved = [replace(one, id=one.id or next(numbers), revision=one.revision + 1) for one in people]
            new = [one for one, before in zip(saved, people, strict=True) if not before.id]
            database.insert_rows(connection, subscribers, [{"id": one.id, **self._row(one)} for one in new])
            hashes = {one.id: self._hash(one.address) for one in people if one.id}
            former.remember_replaced(database, connection, hashes)
            former.forget_used(
                connection, [self._hash(one.address) for one in people if one.state == "active"]
            )
            self._update(connection, [one for one, before in zip(saved, people, strict=True) if before.id])
            database.insert_rows(connection, subscriptions, [row for one in saved for row in _places(one)])
            if consents:
                database.lock_table(connection, consents_table)
                numbered = _numbers(connection, saved, consents)
                database.insert_rows(
                    connection, consents_table, chain.make_chain_rows(connection, consents, numbered)
                )
        return saved

    def consents(self, subscriber_key: str = "") -> Sequence[Consent]:
        """Return the consents of one person, or of all, oldest first; erased ones say nothing."""
        with self._database.read() as connection:
            return chain.read_consents(connection, subscriber_key)

    def verify_chain(self) -> int | None:
        """Return the number of the first consent that does not fit into the chain; ``None`` when all do."""
        with self._database.read() as connection:
            return chain.find_broken_record(connection)

    def digest_moves(self) -> Mapping[str, str]:
        """Return former name → name of the digests whose readers were moved."""
        with self._database.read() as connection:
            return read_moves(connection)

    def record_digest_move(self, old: str, new: str) -> None:
        """Let one digest go on as another."""
        with self._database.write() as connection:
            record_move(self._database, connection, old, new)

    def suppress(self, address_hash: str, reason: str, at: datetime) -> None:
        """Never write to this address again; the first reason stays."""
        row = {"address_hash": address_hash, "reason": reason, "at": at}
        with self._database.write() as connection:
            connection.execute(self._database.insert(suppressions).on_conflict_do_nothing(), row)

    def unsuppress(self, address_hash: str) -> None:
        """Take a suppression back; it is no error when there is none."""
        with self._database.write() as connection:
            connection.execute(delete(suppressions).where(suppressions.c.address_hash == address_hash))

    def suppressions(self, address_hashes: Sequence[str]) -> Mapping[str, str]:
        """Return those of the hashes that are suppressed, with the reason."""
        found: dict[str, str] = {}
        with self._database.read() as connection:
            for start in range(0, len(address_hashes), _QUERY):
                some = address_hashes[start : start + _QUERY]
                query = select(suppressions.c.address_hash, suppressions.c.reason)
                rows = connection.execute(query.where(suppressions.c.address_hash.in_(some)))
                found.update((row[0], row[1]) for row in rows)
        return found

    def former_addresses(self, addresses: Sequence[str]) -> frozenset[str]:
        """Return those of the addresses that somebody gave up for another one."""
        hashed = {self._hash(address): address for address in addresses}
        with self._database.read() as connection:
            return frozenset(hashed[one] for one in former.find_former(connection, list(hashed)))

    def erase(self, subscriber_id: int) -> None:
        """Remove a person; then see to it that nothing of them stays in the files. Repeating it for
        somebody who is gone repeats only that.
        """
        query = select(*SUBSCRIBER).where(subscribers.c.id == subscriber_id)
        with self._database.write() as connection:
            row = connection.execute(query).one_or_none()
            wanted = connection.execute(
                select(address_changes.c.address).where(address_changes.c.subscriber_id == subscriber_id)
            ).scalar()
            chain.erase_consents(connection, subscriber_id)
            connection.execute(_SETTLE_ERASED, {"person": subscriber_id})
            connection.execute(delete(subscribers).where(subscribers.c.id == subscriber_id))
            if row:
                forget_domain(connection, row.address)
        self._database.remove_remains([row.address, row.key, row.name, wanted or ""] if row else [])

    def _update(self, connection: Connection, people: Sequence[Subscriber]) -> None:
        if not people:
            return
        rows = [{"number": one.id, "known": one.revision - 1, **self._row(one)} for one in people]
        if connection.execute(_UPDATE, rows).rowcount != len(rows):
            raise StaleError(N_("somebody else changed or erased the same person"), N_("run it again"))
        connection.execute(_FORGET, [{"number": one.id} for one in people])

    def _row(self, one: Subscriber) -> dict[str, Any]:
        return {
            "key": one.key,
            "address": one.address,
            "address_hash": self._hash(one.address),
            "name": one.name,
            "languages": one.languages,
            "state": one.state,
            "zone": one.zone,
            "revision": one.revision,
        }


def _places(one: Subscriber) -> Iterator[dict[str, Any]]:
    for place in one.subscriptions.values():
        yield {
            "subscriber_id": one.id,
            "digest": place.digest,
            "topics": place.topics,
            "frequency": place.frequency,
        }


def _numbers(
    connection: Connection, saved: Sequence[Subscriber], consents: Sequence[Consent]
) -> Mapping[str, int]:
    """Return key → number of everybody who consented."""
    known = {one.key: one.id for one in saved}
    others = list({one.subscriber_key for one in consents} - known.keys())
    for start in range(0, len(others), _QUERY):
        some = subscribers.c.key.in_(others[start : start + _QUERY])
        rows = connection.execute(select(subscribers.c.key, subscribers.c.id).where(some))
        known.update((row[0], row[1]) for row in rows)
    if any(key not in known for key in others):
        raise StaleError(N_("somebody erased a person whose consent was to be kept"), N_("run it again"))
    return known
