"""Stores to test, empty and open, and small people, issues and deliveries to put into them."""

import hashlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from unittest.mock import patch

import psycopg

from newsfeed.queue_ports import QueueTask, TaskQueue
from newsfeed.records import (
    AddressedDelivery,
    Consent,
    Delivery,
    DeliveryResult,
    Issue,
    Rendering,
    Subscriber,
    Subscription,
)
from newsfeed.stores import sql
from newsfeed.stores.sql import SqlStore, open_store
from newsfeed.stores.sql.schema import migrate
from newsfeed.stores.sql.sqlite import SqliteDatabase

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def hash_address(address: str) -> str:
    """As the site's keyed hash: the same for all spellings."""
    return hashlib.blake2b(address.casefold().encode(), key=b"secret", digest_size=16).hexdigest()


@cache
def _migrated() -> bytes:
    """A SQLite database with all tables and no secret, made by migrations once: they take longer than a test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        open_store(f"sqlite:///{path}", hash_address=hash_address).close()
        database = sqlite3.connect(path)
        forget_secret(database)
        database.close()
        return path.read_bytes()


@cache
def _tables() -> str:
    """The statements that make all tables, of a database that migrations made."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(_migrated())
        file.flush()
        database = sqlite3.connect(file.name)
        statements = "\n".join(database.iterdump())
        database.close()
        return statements


def _bring_tables(database: SqliteDatabase, made_before: str = "") -> None:
    """In memory there is no file to be copied; migrations find nothing to do then."""
    database._raw.executescript(_tables())
    migrate(database, made_before)


def forget_secret(database: sqlite3.Connection | psycopg.Connection) -> None:
    """Let a database take the secret of whoever opens it next."""
    database.execute("DELETE FROM meta WHERE name = 'secret_check'")
    database.commit()


def new_database(path: Path) -> None:
    """Write a SQLite database as it is before its first use."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(_migrated())


class Noted:
    """A queue that notes what it is to carry."""

    def __init__(self) -> None:
        self.tasks: list[QueueTask] = []

    def defer(self, tasks: Sequence[QueueTask], transaction: object = None) -> None:
        """Note it; what is planned is deferred within a transaction."""
        assert transaction is not None
        self.tasks += tasks


@dataclass
class Place:
    """Where a store is; opens it as often as a test asks, as several processes would."""

    url: str
    opened: list[SqlStore] = field(default_factory=list)

    def open(self, *, durable: bool = False) -> SqlStore:
        """The store, open until the test ends."""
        bring = migrate
        if self.url == "sqlite://":
            _tables()  # made with the real migrations, before they are exchanged
            bring = _bring_tables
        with patch.object(sql, "migrate", bring):
            store = open_store(self.url, hash_address=hash_address, durable=durable)
        self.opened.append(store)
        return store


@contextmanager
def opening(url: str) -> Iterator[Place]:
    """A place whose stores are closed in the end."""
    place = Place(url)
    try:
        yield place
    finally:
        for store in place.opened:
            store.close()


def empty(url: str) -> None:
    """Make a PostgreSQL store empty again: quicker than a new one."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        tables = ", ".join(name for (name,) in rows if name != "alembic_version")
        if tables:
            connection.execute(f"TRUNCATE {tables} RESTART IDENTITY")


def person(name: str, /, **facts: object) -> Subscriber:
    """An active subscriber of the digest ``staff``; facts replace what is usual."""
    usual: dict[str, object] = {
        "key": f"key-of-{name}",
        "address": f"{name}@example.org",
        "name": name.title(),
        "languages": ("en",),
        "state": "active",
        "subscriptions": {"staff": Subscription(digest="staff")},
    }
    return Subscriber(**(usual | facts))


def consent(one: Subscriber, at: datetime = NOW, /, **facts: object) -> Consent:
    """A consent of a person."""
    usual: dict[str, object] = {"digest": "staff", "how": "import", "wording": "by letter", "language": "en"}
    return Consent(subscriber_key=one.key, at=at, **(usual | facts))


def rendering(group: str = "en", stories: Sequence[str] = ("a", "b"), lang: str = "en") -> Rendering:
    """What a group gets."""
    return Rendering(
        group=group,
        lang=lang,
        stories=tuple(stories),
        headers=(("Subject", "=?utf-8?q?Gr=C3=BC=C3=9Fe?="), ("List-Id", "<staff.example.org>")),
        body=b"MIME-Version: 1.0\r\n\r\n\x00\xff body",
    )


def plan(
    store: SqlStore,
    people: Sequence[Subscriber],
    slot: str = "s1",
    *,
    at: datetime = NOW,
    parts: Sequence[Rendering] = (),
    digest: str = "staff",
    queue: TaskQueue | None = None,
    receivers_of: Callable[[str], str] | None = None,
) -> Issue:
    """An issue to people; each gets the part of their first language, or the only one."""
    known = parts or (rendering(),)
    planned = store.issues.plan(
        Issue(digest=digest, slot=slot, instant=at, created=at, revisions={"a": "1"}),
        known,
        (
            Delivery(
                issue_id=0,
                subscriber_id=one.id,
                group=one.languages[0] if len(known) > 1 else known[0].group,
                message_id=f"<{slot}.{one.id}@example.org>",
                planned_at=at,
            )
            for one in people
        ),
        queue,
        receivers_of,
    )
    assert planned is not None
    return planned


def result(
    outgoing: AddressedDelivery, state: str = "accepted", next_try: datetime | None = None
) -> DeliveryResult:
    """The outcome of a parcel."""
    return DeliveryResult(outgoing.delivery.id, state, next_try, f"250 {state}", "relay:25")


def step(
    store: SqlStore, ended: DeliveryResult | None, beginning: int | None, owner: str, now: datetime
) -> str:
    """Record one result and one intent, as a sender with a single connection does; the intent's verdict."""
    results = [] if ended is None else [ended]
    verdicts = store.send_queue.record(results, [] if beginning is None else [beginning], owner, now)
    return verdicts[0] if verdicts else "go"


def states(store: SqlStore, issue: Issue) -> dict[str, int]:
    """State → number of deliveries of an issue, over all languages."""
    found: dict[str, int] = {}
    for counts in store.issues.receipt(issue.id).values():
        for state, number in counts.items():
            found[state] = found.get(state, 0) + number
    return found
