"""Hold conversations with servers without holding a thread while they think.

A conversation is a generator: where it can go no further it yields a `Wait`, and it is resumed when what it
waits for has come. So one thread can hold many of them, or `hold` one.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Callable, Generator
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Wait(NamedTuple):
    """The moment or the socket that a conversation waits for."""

    until: float
    """Monotonic moment: with a socket the conversation is told `TimeoutError` then, else it goes on."""
    sock: socket.socket | None = None
    """Must be ready before then."""
    events: int = selectors.EVENT_READ


Conversation = Generator[Wait, None, T]
"""Yields what it waits for; returns its result."""


def hold(conversation: Conversation[T], seconds: float = float("inf")) -> T:
    """Hold a conversation to its end in this thread; return its result, or raise what it raises. One that
    takes longer than ``seconds`` is given up: raises `TimeoutError`.
    """
    ends = time.monotonic() + seconds
    try:
        wait = next(conversation)
        while True:
            in_time = _has_come(wait._replace(until=min(wait.until, ends)))
            if time.monotonic() >= ends:
                raise TimeoutError("given up")
            wait = next(conversation) if in_time else conversation.throw(TimeoutError("timed out"))
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        conversation.close()


def _has_come(wait: Wait) -> bool:
    """Wait; tell whether the conversation may go on, and has not waited in vain."""
    if wait.sock is None:
        time.sleep(max(wait.until - time.monotonic(), 0.0))
        return True
    with selectors.DefaultSelector() as selector:
        selector.register(wait.sock, wait.events)
        while True:
            left = wait.until - time.monotonic()
            if selector.select(min(max(left, 0.0), _LONGEST)):
                return True
            if left <= 0:
                return False


_LONGEST = 60.0
"""Seconds of one waiting: systems do not take any number."""


def do_in_thread(work: Callable[[], None]) -> Conversation[None]:
    """Do something that cannot be a conversation in a thread of its own; raise what it raises.

    Given up, the conversation ends at once, and the thread when its work is done.
    """
    here, there = socket.socketpair()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            failures.append(error)
        finally:
            there.close()  # which the other end can read

    with here:
        threading.Thread(target=run, name="conversation", daemon=True).start()
        yield Wait(float("inf"), here)
    if failures:
        raise failures[0]
