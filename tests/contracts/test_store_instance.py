"""What every store does for its own life: its mark, and a copy of all that it has, in any other database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsfeed.errors import OutsideError
from newsfeed.instance_records import StoredTable, StoreMark
from newsfeed.stores.sql import SqlStore, fill_store, open_store
from newsfeed.stores.sql.tables import METADATA
from tests.contracts.postgres import Server
from tests.contracts.stores import DAY, NOW, consent, hash_address, person, plan

MARK = StoreMark("fence", 1)


def test_a_store_has_no_mark_until_it_is_given_one(store: SqlStore) -> None:
    """And then it grows."""
    book = store.instance
    assert (book.read(), book.advance()) == (None, None)
    book.begin(MARK)
    book.begin(StoreMark("of somebody who was slower", 1))
    assert book.advance() == StoreMark("fence", 2)
    assert book.read() == StoreMark("fence", 2)
    book.write(MARK)
    assert book.read() == MARK


def test_what_waits_can_be_put_on_record_as_had(store: SqlStore) -> None:
    """What is on the wire or settled stays as it is."""
    people = store.people.save([person("ann"), person("ben"), person("eve")])
    plan(store, people)
    (claimed,) = store.send_queue.claim("me", NOW, 1)
    assert store.issues.settle_waiting("had it", NOW) == 2
    assert store.issues.settle_waiting("had it", NOW) == 0
    found = {one.id: store.issues.deliveries(one.id)[0][1] for one in people}
    assert found.pop(claimed.subscriber.id).state == "planned"
    assert {(one.state, one.reply) for one in found.values()} == {("accepted", "had it")}
    assert store.send_queue.claim("you", NOW + DAY, 10) == []


def filled(store: SqlStore) -> None:
    """Somebody with a consent and an issue, and somebody whose number must not be given again."""
    people = store.people.save([person("ann", name="Ännchen\u2028"), person("ben")], [consent(person("ann"))])
    plan(store, people)
    store.instance.write(MARK)
    (gone,) = store.people.save([person("gone")])
    store.people.erase(gone.id)


def rows(store: SqlStore) -> dict[str, list[object]]:
    """All that is kept, in an order of its own."""
    with store.read_tables() as (_, _, tables):
        return {one.name: sorted(map(repr, map(tuple, one.rows))) for one in tables if one.name != "meta"}


@contextmanager
def copied(store: SqlStore, url: str) -> Iterator[SqlStore]:
    """The store out of another one's tables."""
    with store.read_tables() as (revision, numbers, tables):
        listed = [StoredTable(one.name, one.columns, list(one.rows)) for one in tables]
        counts = fill_store(url, revision=revision, numbers=numbers, tables=listed, mark=StoreMark("copy", 0))
    assert set(counts) == set(METADATA.tables)
    with open_store(url, hash_address=hash_address) as copy:
        yield copy


def test_a_copy_has_everything_and_another_mark(store: SqlStore, tmp_path: Path) -> None:
    """Out of each kind of database into SQLite; numbers of the erased are given to nobody."""
    filled(store)
    with copied(store, f"sqlite:///{tmp_path}/copy.db") as copy:
        assert rows(copy) == rows(store)
        assert copy.instance.read() == StoreMark("copy", 0)
        assert copy.people.verify_chain() is None
        (new,) = copy.people.save([person("new")])
        assert new.id > max(one.id for one in copy.people.all() if one.key != new.key) + 1


@pytest.mark.xdist_group("postgresql")
def test_a_store_moves_from_sqlite_to_postgresql(postgres: Server, tmp_path: Path) -> None:
    """With everything; who joins there gets a number of their own."""
    with open_store(f"sqlite:///{tmp_path}/store.db", hash_address=hash_address) as store:
        filled(store)
        with copied(store, postgres.create_bare("moved")) as copy:
            assert rows(copy) == rows(store)
            assert copy.people.verify_chain() is None
            before = [one.id for one in copy.people.all()]
            (new,) = copy.people.save([person("new")])
            assert new.id > max(before) + 1
            assert len(list(copy.people.all())) == len(before) + 1


def test_nothing_is_copied_over_a_store(store: SqlStore, tmp_path: Path) -> None:
    """What is there stays."""
    filled(store)
    url = f"sqlite:///{tmp_path}/copy.db"
    with copied(store, url) as copy:
        copy.people.save([person("own")])
    with store.read_tables() as (revision, numbers, tables), pytest.raises(OutsideError, match="already"):
        fill_store(url, revision=revision, numbers=numbers, tables=tables, mark=MARK)
    with open_store(url, hash_address=hash_address) as copy:
        assert copy.people.find("own@example.org") is not None


def test_a_copy_that_breaks_off_leaves_nothing(store: SqlStore, tmp_path: Path) -> None:
    """Neither a file nor anything beside it."""
    url = f"sqlite:///{tmp_path}/copy/store.db"
    with store.read_tables() as (revision, numbers, tables):
        broken = (StoredTable(one.name, one.columns, (1 / 0 for _ in "1")) for one in tables)
        with pytest.raises(ZeroDivisionError):
            fill_store(url, revision=revision, numbers=numbers, tables=broken, mark=MARK)
    assert list((tmp_path / "copy").iterdir()) == []
