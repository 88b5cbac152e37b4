"""Many conversations in one thread: who may go on, and who wants something."""

import selectors
import socket
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack

import pytest

from newsfeed.conversations import Wait
from newsfeed.delivery.switchboard import Switchboard, Talk

Asking = Generator[Wait | str, None, None]
SOON, LONG = 0.001, 60.0
Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Callable[[], Pair]]:
    """Makes connections, and closes both ends of each."""
    with ExitStack() as stack:

        def make() -> Pair:
            here, there = socket.socketpair()
            stack.enter_context(here)
            stack.enter_context(there)
            return here, there

        yield make


@pytest.fixture
def board() -> Iterator[Switchboard[str]]:
    """A switchboard; nothing is left open."""
    found = Switchboard[str]()
    yield found
    found.close()


def hear(sock: socket.socket, heard: list[bytes], times: int = 1, patience: float = LONG) -> Asking:
    """Hear some words, one after the other."""
    for _ in range(times):
        yield Wait(time.monotonic() + patience, sock)
        heard.append(sock.recv(10))


def until_over(board: Switchboard[str], *talks: Talk[str]) -> None:
    """Turn until some are over."""
    while not all(talk.is_over for talk in talks):
        board.turn(LONG)


def test_each_goes_on_when_its_own_socket_is_ready(board: Switchboard[str], pair: Callable[[], Pair]) -> None:
    """In whatever order that is, and more than once."""
    heard: list[bytes] = []
    first, second = pair(), pair()
    one, two = board.start(hear(first[0], heard, 2)), board.start(hear(second[0], heard))
    assert board.turn(LONG) == []
    second[1].sendall(b"second")
    assert board.turn(LONG) == [two]
    first[1].sendall(b"first")
    assert board.turn(LONG) == []
    assert heard == [b"second", b"first"]
    first[1].sendall(b"again")
    assert board.turn(LONG) == [one]
    assert (one.is_over, one.failure, two.is_over) == (True, None, True)


def test_who_waits_in_vain_is_told(board: Switchboard[str], pair: Callable[[], Pair]) -> None:
    """And nobody else: a moment without a socket is no time-out."""
    heard: list[bytes] = []

    def rest() -> Asking:
        yield Wait(time.monotonic() + SOON)
        heard.append(b"rested")

    late, rested = board.start(hear(pair()[0], heard, patience=SOON)), board.start(rest())
    patient = board.start(hear(pair()[0], heard))
    until_over(board, late, rested)
    assert isinstance(late.failure, TimeoutError)
    assert (rested.failure, heard, patient.is_over) == (None, [b"rested"], False)


def test_a_switchboard_waits_no_longer_than_it_is_told(
    board: Switchboard[str], pair: Callable[[], Pair]
) -> None:
    """Nobody wants anything then."""
    board.start(hear(pair()[0], []))
    board.turn(LONG)
    assert not board.has_ready
    assert board.turn(SOON) == []


def test_who_asks_for_something_waits_until_it_is_there(board: Switchboard[str]) -> None:
    """Or hears why not."""
    answers: list[str] = []

    def ask() -> Asking:
        yield "bread"
        answers.append("thanks")
        try:
            yield "butter"
        except LookupError as error:
            answers.append(str(error))

    talk = board.start(ask())
    assert board.turn(0.0) == [talk]
    assert talk.request == "bread"
    assert board.turn(0.0) == []
    board.resume(talk)
    assert board.has_ready
    assert board.turn(0.0) == [talk]
    assert talk.request == "butter"
    board.resume(talk, LookupError("sold out"))
    assert board.turn(0.0) == [talk]
    assert (talk.is_over, talk.failure, answers) == (True, None, ["thanks", "sold out"])


def test_a_server_that_speaks_while_nobody_listens_keeps_nobody_busy(
    board: Switchboard[str], pair: Callable[[], Pair]
) -> None:
    """Its words are there when they are asked for."""
    here, there = pair()
    heard: list[bytes] = []

    def talk() -> Asking:
        yield from hear(here, heard)
        yield "a moment"
        yield from hear(here, heard)

    asking = board.start(talk())
    there.sendall(b"one")
    until = time.monotonic() + LONG
    while asking.request is None and time.monotonic() < until:
        board.turn(LONG)
    there.sendall(b"two")
    assert board.turn(0.0) == []
    assert board.turn(SOON) == []
    board.resume(asking)
    until_over(board, asking)
    assert heard == [b"one", b"two"]


def test_the_number_of_a_closed_socket_may_be_anothers(
    board: Switchboard[str], pair: Callable[[], Pair]
) -> None:
    """The system gives it away at once."""
    heard: list[bytes] = []
    first = pair()

    def leave() -> Asking:
        yield from hear(first[0], heard)
        first[0].close()
        yield "closed"

    leaving = board.start(leave())
    first[1].sendall(b"bye")
    while leaving.request is None:
        board.turn(LONG)
    second = pair()
    coming = board.start(hear(second[0], heard))
    second[1].sendall(b"hi")
    until_over(board, coming)
    assert heard == [b"bye", b"hi"]


def test_one_can_wait_to_read_and_to_write_in_turn(board: Switchboard[str], pair: Callable[[], Pair]) -> None:
    """As encrypted connections do."""
    here, there = pair()
    heard: list[bytes] = []

    def talk() -> Asking:
        yield Wait(time.monotonic() + LONG, here, selectors.EVENT_WRITE)
        here.sendall(b"question")
        yield from hear(here, heard)

    asking = board.start(talk())
    board.turn(LONG)
    board.turn(LONG)
    assert there.recv(10) == b"question"
    there.sendall(b"answer")
    until_over(board, asking)
    assert heard == [b"answer"]


def test_the_end_gives_up_all_that_wait(pair: Callable[[], Pair]) -> None:
    """They put their things away."""
    board = Switchboard[str]()
    put_away = []

    def talk(name: str, first: Wait | str) -> Asking:
        try:
            yield first
        finally:
            put_away.append(name)

    board.start(talk("waits", Wait(time.monotonic() + LONG, pair()[0])))
    board.turn(0.0)
    board.start(talk("never began", "x"))
    board.close()
    assert put_away == ["waits"]
