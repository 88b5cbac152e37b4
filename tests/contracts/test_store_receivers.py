"""What every store knows of groups of receivers."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from newsfeed.receiver_ports import ReceiverBook, ReceiverState
from newsfeed.stores.sql import SqlStore
from tests.contracts.stores import MINUTE, NOW, Place

FULL = ReceiverState(
    name="orange",
    allowed=2,
    carried=7,
    next_turn=NOW,
    paused_until=NOW + MINUTE,
    pauses=3,
    reason="421 4.7.0 plus tard",
    counted_since=NOW - MINUTE,
    sent=1000,
    complaints=2,
    latest=100,
    unknown=4,
)


@pytest.fixture
def book(store: SqlStore) -> ReceiverBook:
    """The book of each store."""
    return store.receiver_book


def put(state: ReceiverState) -> Callable[[ReceiverState], ReceiverState]:
    """A change to something fixed."""
    return lambda _: state


def test_nothing_is_known_at_first(book: ReceiverBook) -> None:
    """Of nobody."""
    assert book.read() == {}
    assert book.change({}) == {}


def test_what_is_known_is_kept(book: ReceiverBook) -> None:
    """All of it; a group that is new begins with nothing, and several change together."""
    seen: list[ReceiverState] = []

    def note(state: ReceiverState) -> ReceiverState:
        seen.append(state)
        return replace(state, sent=state.sent + 1)

    assert book.change({"orange": put(FULL)}) == {"orange": FULL}
    found = book.change({"orange": note, "free": note})
    assert seen == [ReceiverState(name="free"), FULL]
    assert found == {"free": ReceiverState(name="free", sent=1), "orange": replace(FULL, sent=1001)}
    assert book.read() == found


def test_a_change_that_fails_changes_nothing(book: ReceiverBook) -> None:
    """Not even the groups before it."""

    def fail(state: ReceiverState) -> ReceiverState:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        book.change({"free": put(ReceiverState(name="free", sent=1)), "orange": fail})
    assert book.read() == {}


def test_changes_at_the_same_time_come_one_after_the_other(book: ReceiverBook) -> None:
    """None is lost."""

    def count(names: list[str]) -> None:
        for _ in range(20):
            book.change({name: lambda state: replace(state, sent=state.sent + 1) for name in names})

    threads = [threading.Thread(target=count, args=[names]) for names in (["a", "b"], ["b", "a"], ["b"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {name: state.sent for name, state in book.read().items()} == {"a": 40, "b": 60}


def test_connections_are_counted_over_all_owners(store: SqlStore) -> None:
    """For each group by itself."""
    book, one, other = store.receiver_book, store.owners.register(), store.owners.register()
    assert [book.take_connection("orange", one, 3), book.take_connection("orange", one, 3)] == [True, True]
    assert book.take_connection("orange", other, 3)
    assert not book.take_connection("orange", other, 3)
    assert not book.take_connection("orange", one, 3)
    assert book.take_connection("free", one, 1)
    book.leave_connection("orange", one)
    book.leave_connection("free", other)  # never had one
    assert book.take_connection("orange", other, 3)
    assert not book.take_connection("orange", other, 3)
    assert not book.take_connection("free", other, 1)
    assert not book.take_connection("new", one, 0)


def test_the_dead_hold_no_connections(store: SqlStore) -> None:
    """What they had is free as soon as somebody needs it."""
    book, one, other = store.receiver_book, store.owners.register(), store.owners.register()
    for _ in range(2):
        assert book.take_connection("orange", one, 2)
    assert not book.take_connection("orange", other, 2)
    store.owners.leave(one)
    assert book.take_connection("orange", other, 2)
    assert book.take_connection("orange", other, 2)
    assert not book.take_connection("orange", other, 2)


def test_two_stores_over_one_database_share_connections(shared: Place) -> None:
    """As two machines do."""
    with shared.open() as one, shared.open() as other:
        first, second = one.owners.register(), other.owners.register()
        assert one.receiver_book.take_connection("orange", first, 1)
        assert not other.receiver_book.take_connection("orange", second, 1)
        one.receiver_book.leave_connection("orange", first)
        assert other.receiver_book.take_connection("orange", second, 1)
