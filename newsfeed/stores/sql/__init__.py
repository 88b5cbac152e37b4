"""Subscribers and the ledger in SQLite or PostgreSQL (SQLAlchemy Core, Alembic).

>>> store = open_store("sqlite://", hash_address=str.casefold)
>>> store.people.find("nobody@example.org") is None
True
>>> store.close()
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from newsfeed.errors import OutsideError, UsageError
from newsfeed.marking import N_
from newsfeed.stores.sql.address_changes import SqlAddressChanges
from newsfeed.stores.sql.batches import SqlBatches
from newsfeed.stores.sql.bounces import SqlBounces
from newsfeed.stores.sql.copying import fill_empty, read_tables
from newsfeed.stores.sql.instance import SqlInstanceBook
from newsfeed.stores.sql.issues import SqlIssues
from newsfeed.stores.sql.mail_domains import SqlMailDomains
from newsfeed.stores.sql.outbox import SqlOutbox
from newsfeed.stores.sql.people import SqlPeople
from newsfeed.stores.sql.postgresql import PostgresDatabase
from newsfeed.stores.sql.receivers import SqlReceiverBook
from newsfeed.stores.sql.schema import lost_database, migrate
from newsfeed.stores.sql.send_queue import SqlSendQueue
from newsfeed.stores.sql.shown_pages import SqlShownPages
from newsfeed.stores.sql.sqlite import SqliteDatabase, remove_database
from newsfeed.stores.sql.tables import meta
from newsfeed.stores.sql.websub import SqlWebSubBook
from newsfeed.stores.sql.workers import SqlWorkers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from newsfeed.instance_records import StoredTable, StoreMark
    from newsfeed.ports import Issues, SendQueue
    from newsfeed.queue_ports import Batches, Owners, Workers
    from newsfeed.receiver_ports import MailDomains, ReceiverBook
    from newsfeed.service_ports import AddressChanges, Bounces, InstanceBook, Outbox, ShownPages, WebSubBook
    from newsfeed.stores.sql.engine import Database

_SAMPLE = "secret-check@newsfeed.invalid"
"""An address whose hash tells whether the site's secret is still the same."""


class SqlStore:
    """Everything the verbs keep, over one database. Threads may share it; a forked child may not."""

    def __init__(self, database: Database, hash_address: Callable[[str], str]) -> None:
        self._database = database
        self.people = SqlPeople(database, hash_address)
        self.issues: Issues = SqlIssues(database)
        self.send_queue: SendQueue = SqlSendQueue(database)
        self.bounces: Bounces = SqlBounces(database)
        self.outbox: Outbox = SqlOutbox(database)
        self.shown_pages: ShownPages = SqlShownPages(database)
        self.address_changes: AddressChanges = SqlAddressChanges(database)
        self.websub: WebSubBook = SqlWebSubBook(database)
        self.instance: InstanceBook = SqlInstanceBook(database)
        self.batches: Batches = SqlBatches(database)
        self.receiver_book: ReceiverBook = SqlReceiverBook(database)
        self.workers: Workers = SqlWorkers(database)
        self.mail_domains: MailDomains = SqlMailDomains(database)
        self.owners: Owners = database.owners

    def verify(self) -> None:
        """Read every page, and raise `OutsideError` when one is damaged; on a server this is its own work."""
        self._database.verify()

    def read_tables(self) -> AbstractContextManager[tuple[str, Mapping[str, int], Iterator[StoredTable]]]:
        """Open all that is kept as it is at one moment; see `newsfeed.stores.sql.copying.read_tables`."""
        return read_tables(self._database)

    def close(self) -> None:
        """Close all connections; owners registered here count as dead from now on."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(
    url: str, *, hash_address: Callable[[str], str], durable: bool = False, made_before: str = ""
) -> SqlStore:
    """Open a store, making or migrating its tables as needed.

    ``url`` is ``sqlite:///PATH``, ``sqlite://`` (in memory) or ``postgresql://…``. ``hash_address``
    is keyed by the site's secret and gives the same for all spellings of an address. ``made_before`` names
    what shows that there was a store: a database that is missing, empty or somebody else's is refused then.
    Raises `OutsideError` when the database cannot be used, `UsageError` for a URL that means nothing.
    """
    database = _database(url, durable=durable, made_before=made_before)
    try:
        migrate(database, made_before)
        _check_secret(database, hash_address(_SAMPLE))
    except BaseException:
        database.close()
        raise
    return SqlStore(database, hash_address)


def fill_store(
    url: str,
    *,
    revision: str,
    numbers: Mapping[str, int],
    tables: Iterable[StoredTable],
    mark: StoreMark,
    durable: bool = False,
) -> Mapping[str, int]:
    """Make a store out of tables that were read from another one; return table → number of rows.

    ``mark``: the new store's own. Raises `OutsideError` when there is a store already; then, and after any
    other error, nothing is made.
    """
    path = Path(make_url(url).database or "") if url.startswith("sqlite") else None
    was_there = path is not None and path.exists()
    database = _database(url, durable=durable, made_before="")
    try:
        return fill_empty(database, revision, numbers, tables, mark)
    except BaseException:
        database.close()
        if path is not None and not was_there:
            remove_database(path)
        raise
    finally:
        database.close()


def _database(url: str, *, durable: bool, made_before: str) -> Database:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise UsageError(N_("the store's url is none"), N_("such as sqlite:///var/newsfeed.db")) from error
    backend = parsed.drivername.partition("+")[0]
    if backend == "sqlite":
        path = parsed.database or ""
        path = "" if path == ":memory:" else path
        if path:
            _check_presence(Path(path), made_before)
        return SqliteDatabase(path, durable=durable)
    if backend in ("postgresql", "postgres"):
        return PostgresDatabase(parsed, durable=durable)
    raise UsageError(
        N_("no store is called “{backend}”"), N_("stores are: sqlite, postgresql"), backend=backend
    )


def _check_presence(path: Path, made_before: str) -> None:
    """Refuse to make a database where there was one: everybody would be forgotten in silence."""
    if path.exists():
        return
    beside = [one for one in (Path(f"{path}.owners"), Path(f"{path}-wal")) if one.exists()]
    if made_before or beside:
        raise lost_database(str(path), made_before or str(beside[0]))


def _check_secret(database: Database, expected: str) -> None:
    """Refuse to go on with another secret: no suppressed address would be recognised any more."""
    query = select(meta.c.value).where(meta.c.name == "secret_check")
    with database.read() as connection:
        found = connection.execute(query).scalar()
    if found is None:
        row = {"name": "secret_check", "value": expected}
        with database.write() as connection:
            connection.execute(database.insert(meta).on_conflict_do_nothing(), row)
            found = connection.execute(query).scalar()
    if found != expected:
        raise OutsideError(
            N_("{where} was made with another secret: nobody's suppression would be respected"),
            N_("give the secret it was made with"),
            where=database.where,
        )
