"""What is SQLite's own: files, what stays in them, and what goes wrong with them."""

import os
import random
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from newsfeed.errors import OutsideError
from newsfeed.model import Message
from newsfeed.records import Bounce, ServiceMail
from newsfeed.stores.sql import SqlStore, open_store
from newsfeed.stores.sql import sqlite as sqlite_module
from tests.contracts.stores import (
    DAY,
    MINUTE,
    NOW,
    Place,
    consent,
    hash_address,
    opening,
    person,
    plan,
    result,
    states,
    step,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is to be."""
    return tmp_path / "var" / "newsfeed.db"


@pytest.fixture
def place(path: Path) -> Iterator[Place]:
    """A place for stores in that file."""
    with opening(f"sqlite:///{path}") as found:
        yield found


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits ten seconds in a test."""
    monkeypatch.setattr(sqlite_module, "PATIENCE", 0.2)


def remains(path: Path, *words: str) -> list[tuple[str, str]]:
    """The words that any file beside the database holds, and in which."""
    return [
        (file.name, word)
        for file in sorted(path.parent.rglob("*"))
        if file.is_file()
        for word in words
        if word.encode() in file.read_bytes()
    ]


def test_only_the_owner_can_read_the_files(place: Place, path: Path) -> None:
    """Addresses are nobody else's business; the folder is made when it is missing."""
    store = place.open()
    store.people.save([person("ann")])
    store.owners.register()
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert files == {
        "newsfeed.db": 0o600,
        "newsfeed.db-wal": 0o600,
        "newsfeed.db-shm": 0o600,
        "newsfeed.db.owners": 0o700,
    }


@pytest.mark.parametrize(("durable", "synchronous"), [(False, 1), (True, 2)])
def test_power_loss_is_survived_on_request(place: Place, durable: bool, synchronous: int) -> None:
    """`durable` lets every commit wait for the disk; the other settings are the same."""
    raw = place.open(durable=durable)._database._raw
    settings = {
        name: raw.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("synchronous", "journal_mode", "foreign_keys", "secure_delete", "busy_timeout")
    }
    assert settings == {
        "synchronous": synchronous,
        "journal_mode": "wal",
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }


def test_erasing_leaves_no_byte_in_any_file(place: Place, path: Path) -> None:
    """Wherever the person was written: lists, consents, replies, bounces, service mails, the WAL."""
    store = place.open()
    ann, bob = store.people.save([person("ann", name="Ann Unforgettable"), person("bob")])
    store.people.save([], [consent(ann, source="typed by Ann Unforgettable")])
    plan(store, [ann, bob])
    owner = store.owners.register()
    for outgoing in store.send_queue.claim(owner, NOW, 10):
        outcome = replace(result(outgoing, "deferred", NOW + MINUTE), reply="450 <ann@example.org> is busy")
        step(store, outcome, None, owner, NOW)
    detail = "ann@example.org key-of-ann"
    store.bounces.add(Bounce(subscriber_id=1, delivery_id=1, at=NOW, kind="soft", detail=detail))
    mail = Message("news@example.org", "ann@example.org", "<key-of-ann@x>", b"To: ann@example.org" * 500)
    for _ in range(3):
        store.outbox.add(
            ServiceMail(
                kind="confirm", subscriber_id=1, message=mail, created=NOW, next_try=NOW, expires=NOW + DAY
            )
        )
    store.people.save([replace(ann, address="ann.new@example.org")])
    words = ("Unforgettable", "key-of-ann", "ann.new@example.org", "s1.1@example.org")
    assert {word for _, word in remains(path, *words)} == set(words)
    store.people.erase(1)
    # Bob's relay spoke of her too; who reads replies to others must not find her either way round.
    assert remains(path, *words) == []
    store.close()
    assert remains(path, *words) == []


def test_erasing_many_of_a_crowd_leaves_no_byte(place: Place, path: Path) -> None:
    """SQLite moves rows between its pages and leaves old copies behind: those are found and cleared."""
    store = place.open()
    chance = random.Random(7)
    names = [f"reader-{chance.randrange(10**12):012d}" for _ in range(3000)]
    crowd = store.people.save([person(name, name=f"Name of {name}") for name in names])
    for _ in range(3):  # growing rows move
        moved = chance.sample(range(3000), 900)
        longer = [replace(crowd[n], name=crowd[n].name + "x" * chance.randrange(80)) for n in moved]
        crowd = dict(enumerate(crowd)) | dict(zip(moved, store.people.save(longer), strict=True))
        crowd = [crowd[n] for n in range(3000)]
    victims = chance.sample(crowd, 40)
    for one in victims:
        store.people.erase(one.id)
    assert remains(path, *(one.address.partition("@")[0] for one in victims)) == []
    assert len(list(store.people.all())) == 2960


def test_an_erasure_says_when_others_keep_traces_alive(place: Place, path: Path, impatient: None) -> None:
    """A program that reads keeps old pages in the WAL: the erasure is done, but not yet complete."""
    store = place.open()
    (ann,) = store.people.save([person("ann")])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM subscribers").fetchone()
        with pytest.raises(OutsideError, match="traces may remain"):
            store.people.erase(ann.id)
        assert store.people.get(ann.id) is None
        other.execute("COMMIT")
    store.people.erase(ann.id)
    assert remains(path, "ann@example.org", "key-of-ann") == []


def test_a_full_disk_is_said_so_and_nothing_is_half_written(place: Place) -> None:
    """The message that could not be recorded is not sent; with room again, work goes on."""
    store = place.open()
    people = store.people.save([person("ann"), person("bob")])
    issue = plan(store, people)
    owner = store.owners.register()
    raw = store._database._raw
    pages = raw.execute("PRAGMA page_count").fetchone()[0]
    raw.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OutsideError, match=r"disk of .* is full"):
        store.people.save([person(f"p{n}") for n in range(1000)])
    with pytest.raises(OutsideError, match=r"disk of .* is full"):
        plan(store, people, "s2", parts=[replace_body(store, 1 << 20)])
    raw.execute("PRAGMA max_page_count = 1073741823")
    assert len(list(store.people.all())) == 2
    assert states(store, issue) == {"planned": 2}
    assert len(store.send_queue.claim(owner, NOW, 10)) == 2


def replace_body(store: SqlStore, size: int):
    """A rendering too big for the disk."""
    return replace(store.issues.rendering(1, "en"), group="big", body=b"x" * size)


def test_a_full_disk_stops_a_step_before_the_final_dot(place: Place) -> None:
    """No intent, no dot; the transaction is undone, and the connection is good for the next one."""
    store = place.open()
    plan(store, store.people.save([person("ann")]))
    owner = store.owners.register()
    (outgoing,) = store.send_queue.claim(owner, NOW, 1)
    raw = store._database._raw
    raw.execute("CREATE TEMP TRIGGER full BEFORE UPDATE ON deliveries BEGIN SELECT RAISE(ABORT, 'x'); END")
    with pytest.raises(OutsideError):
        step(store, None, outgoing.delivery.id, owner, NOW)
    raw.execute("DROP TRIGGER full")
    assert not raw.in_transaction
    assert step(store, None, outgoing.delivery.id, owner, NOW) == "go"


def test_a_locked_database_is_waited_for_and_then_said_so(place: Place, path: Path, impatient: None) -> None:
    """Another program writes: reading goes on, writing waits for a while."""
    store = place.open()
    (ann,) = store.people.save([person("ann")])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.people.get(ann.id) == ann
        with pytest.raises(OutsideError, match="locked by another program"):
            store.people.save([person("bob")])
        with pytest.raises(OutsideError, match="locked by another program"):
            step(store, None, 1, "me", NOW)
        other.execute("COMMIT")
        store.people.save([person("bob")])


@pytest.mark.parametrize("data", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_database_is_said_so(path: Path, data: bytes) -> None:
    """And it is left as it is."""
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(OutsideError, match="damaged, or is no database"):
        open_store(f"sqlite:///{path}", hash_address=hash_address)
    assert path.read_bytes() == data


def test_a_damaged_database_is_said_so(place: Place, path: Path) -> None:
    """A page in the middle was overwritten."""
    store = place.open()
    store.people.save([person(f"p{n}") for n in range(2000)])
    store.close()
    data = bytearray(path.read_bytes())
    for page in range(30, len(data) // 4096):
        data[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(data)
    with pytest.raises(OutsideError, match="damaged"):
        list(place.open().people.all())


def test_a_path_that_cannot_be_is_said_so(tmp_path: Path) -> None:
    """The folder is a file, or the file a folder."""
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for path in ("file/newsfeed.db", "folder"):
        with pytest.raises(OutsideError, match="cannot be opened"):
            open_store(f"sqlite:///{tmp_path}/{path}", hash_address=hash_address)


def test_threads_share_a_store(place: Place) -> None:
    """Senders, a reader and somebody who leaves, all at once: every delivery is settled once."""
    store = place.open()
    people = store.people.save([person(f"p{n}") for n in range(300)])
    issue = plan(store, people)
    owner = store.owners.register()
    claimed = iter(store.send_queue.claim(owner, NOW, 300))
    verdicts: list[str] = []
    lock = threading.Lock()

    def send() -> None:
        last = None
        while True:
            with lock:
                outgoing = next(claimed, None)
            if outgoing is None:
                step(store, last, None, owner, NOW)
                return
            verdict = step(store, last, outgoing.delivery.id, owner, NOW)
            last = result(outgoing) if verdict == "go" else None
            verdicts.append(verdict)

    def leave() -> None:
        for one in people[::3]:
            store.people.save([replace(one, state="left")])
            assert sum(states(store, issue).values()) == 300

    threads = [threading.Thread(target=work) for work in (send, send, send, leave)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = states(store, issue)
    assert counts == {state: number for state, number in counts.items() if state in ("accepted", "left")}
    assert counts["accepted"] == verdicts.count("go")
    assert sum(counts.values()) == 300


@pytest.mark.slow
def test_stores_may_be_made_at_the_same_moment(tmp_path: Path) -> None:
    """However the threads or processes interleave, each gets a whole store."""
    for attempt in range(5):
        url = f"sqlite:///{tmp_path}/{attempt}.db"
        together = threading.Barrier(4)
        made: list[SqlStore] = []

        def work(url: str = url, together: threading.Barrier = together, made: list = made) -> None:
            together.wait()
            made.append(open_store(url, hash_address=hash_address))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for store in made:
            store.close()
        assert len(made) == 4


def test_dead_owners_files_are_cleared_away(place: Place, path: Path) -> None:
    """What killed senders left does not pile up; living ones' files stay."""
    store = place.open()
    owner = store.owners.register()
    folder = path.parent / "newsfeed.db.owners"
    (folder / "1-dead").touch()
    assert not store.owners.is_alive("1-dead")
    other = store.owners.register()
    assert {file.name for file in folder.iterdir()} == {owner, other}
    store.close()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("durable", "stepping"), [(False, 1), (True, 2)])
def test_what_people_asked_for_waits_for_the_disk(path: Path, durable: bool, stepping: int) -> None:
    """``synchronous`` is FULL (2) while it is written down; a sender's steps are as configured."""
    question = "PRAGMA synchronous"
    with open_store(f"sqlite:///{path}", hash_address=hash_address, durable=durable) as store:
        database = store._database
        for lasting, expected in ((True, 2), (False, stepping)):
            with database.write(lasting=lasting) as connection:
                assert connection.exec_driver_sql(question).scalar() == expected
        with pytest.raises(ZeroDivisionError), database.write():
            raise ZeroDivisionError
        assert database._raw.execute(question).fetchone()[0] == stepping  # type: ignore[union-attr]


@pytest.mark.parametrize("ending", ["", "-journal", "-wal", "-shm"])
def test_a_pipe_in_the_place_of_a_database_is_named_and_not_waited_for(tmp_path: Path, ending: str) -> None:
    """SQLite opens its own files whatever they are; a link to a database is one."""
    url = f"sqlite:///{tmp_path}/newsfeed.db"
    if ending:
        open_store(url, hash_address=hash_address).close()
    os.mkfifo(tmp_path / f"newsfeed.db{ending}")
    with pytest.raises(OutsideError, match=f"newsfeed.db{ending} cannot be opened: it is no ordinary file"):
        open_store(url, hash_address=hash_address)


def test_a_device_in_the_place_of_a_database_is_refused(tmp_path: Path) -> None:
    """By way of a link."""
    (tmp_path / "newsfeed.db").symlink_to("/dev/zero")
    with pytest.raises(OutsideError, match="it is no ordinary file"):
        open_store(f"sqlite:///{tmp_path}/newsfeed.db", hash_address=hash_address)


ALTERED = {
    "subscribers.languages": ("'de'", """'{"a": 1}'""", "'[1, null]'"),
    "subscribers.state": ("'gone'",),
    "subscribers.name": ("x'ff00'",),
    "subscriptions.topics": ("'water'", "'[[]]'"),
    "subscriptions.frequency": ("'daily'",),
}
"""Column of somebody → what another program has put there."""


@pytest.mark.parametrize(
    ("column", "value"), [(column, value) for column, values in ALTERED.items() for value in values]
)
def test_a_person_that_was_altered_is_told_by_number_and_column(
    place: Place, path: Path, column: str, value: str
) -> None:
    """Whoever mends it needs the place; whose it is, and what it was, is said to nobody."""
    store = place.open()
    [anna, other] = store.people.save([person("anna"), person("other")])
    table, _, name = column.partition(".")
    number = "id" if table == "subscribers" else "subscriber_id"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"UPDATE {table} SET {name} = {value} WHERE {number} = {anna.id}")
        raw.commit()
    for read in (lambda: store.people.get(anna.id), lambda: list(store.people.all())):
        with pytest.raises(OutsideError) as told:
            read()
        assert f"{column} of person {anna.id} holds" in told.value.message
        assert "anna" not in told.value.message
        assert told.value.hint
    assert store.people.get(other.id) == other


@pytest.mark.parametrize("value", ["'yesterday'", "99999999999999999999"])
def test_a_moment_that_was_altered_is_told(place: Place, path: Path, value: str) -> None:
    """With what to do, and without a traceback."""
    store = place.open()
    [anna] = store.people.save([person("anna")])
    plan(store, [anna])
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"UPDATE deliveries SET planned_at = {value}")
        raw.commit()
    with pytest.raises(OutsideError, match="newsfeed never writes"):
        store.issues.deliveries(anna.id)
