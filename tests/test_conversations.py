"""Conversations held in one thread: what they wait for, and how they end."""

import selectors
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from newsfeed.conversations import Conversation, Wait, do_in_thread, hold


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two ends of one connection."""
    here, there = socket.socketpair()
    with here, there:
        yield here, there


def listening(sock: socket.socket, patience: float) -> Conversation[bytes]:
    """Hear what comes; time-outs are heard, too."""
    try:
        yield Wait(time.monotonic() + patience, sock)
    except TimeoutError:
        return b"nothing"
    return sock.recv(10)


def test_a_conversation_goes_on_when_its_socket_is_ready(ends: tuple[socket.socket, socket.socket]) -> None:
    """And returns what it has heard."""
    here, there = ends
    threading.Timer(0.01, lambda: there.sendall(b"hello")).start()
    assert hold(listening(here, 60)) == b"hello"


def test_a_conversation_is_told_that_its_time_is_up(ends: tuple[socket.socket, socket.socket]) -> None:
    """It may make the best of it."""
    assert hold(listening(ends[0], 0.01)) == b"nothing"
    assert hold(listening(ends[0], -1)) == b"nothing"


def test_a_conversation_can_wait_until_it_may_write(ends: tuple[socket.socket, socket.socket]) -> None:
    """Where there is room that is at once."""

    def talk() -> Conversation[str]:
        yield Wait(time.monotonic() + 60, ends[0], selectors.EVENT_WRITE)
        return "room"

    assert hold(talk()) == "room"


def test_a_moment_is_waited_for_without_any_socket() -> None:
    """And is no time-out when it comes."""

    def talk() -> Conversation[float]:
        yield Wait(time.monotonic() + 0.01)
        yield Wait(time.monotonic() - 1)
        return time.monotonic()

    began = time.monotonic()
    assert hold(talk()) >= began + 0.01


def test_a_conversation_that_fails_has_put_its_things_away(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    """The error is the caller's; so it is when the caller itself is interrupted."""
    put_away = []

    def talk(wait: Wait) -> Conversation[None]:
        try:
            yield wait
        finally:
            put_away.append(wait)

    with pytest.raises(TimeoutError):
        hold(talk(Wait(0.0, ends[0])))
    ends[0].close()
    with pytest.raises(ValueError, match="file descriptor"):
        hold(talk(Wait(0.0, ends[0])))
    assert len(put_away) == 2


def test_what_holds_its_thread_gets_one_of_its_own() -> None:
    """The conversation goes on when that is done."""
    seen = []
    hold(do_in_thread(lambda: seen.append(threading.current_thread())))
    assert len(seen) == 1
    assert seen != [threading.current_thread()]


def test_what_goes_wrong_in_a_thread_is_raised_where_it_is_waited_for() -> None:
    """Interruptions, too."""

    def fail() -> None:
        raise KeyboardInterrupt("stop")

    with pytest.raises(KeyboardInterrupt, match="stop"):
        hold(do_in_thread(fail))


def test_a_thread_that_nobody_waits_for_any_more_ends_by_itself() -> None:
    """Whoever gave it up is not held."""
    go, gone = threading.Event(), threading.Event()

    def work() -> None:
        go.wait(60)
        gone.set()

    talk = do_in_thread(work)
    next(talk)
    talk.close()
    go.set()
    assert gone.wait(60)


def test_a_conversation_that_takes_too_long_in_all_is_given_up(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    """However short each of its waits is, and whatever it makes of time-outs; it can put things away."""
    here, there = ends
    put_away: list[bool] = []

    def dripping() -> Conversation[None]:
        try:
            while True:
                yield Wait(time.monotonic() + 0.01)
                yield Wait(time.monotonic() + 60, here)
        finally:
            put_away.append(True)

    there.sendall(b"x")
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        hold(dripping(), 0.1)
    assert put_away == [True]
    assert time.monotonic() - began < 10
    assert hold(listening(here, 60), 60) == b"x"
