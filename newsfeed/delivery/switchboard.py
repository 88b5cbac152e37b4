"""Hold many conversations in one thread: each goes on when its socket is ready, or its moment has come.

Threads would do the same, but every call of the system hands the interpreter's lock from one to the next, and
with a few connections that costs more than the mails do.
"""

from __future__ import annotations

import selectors
import time
from typing import TYPE_CHECKING, Generic, TypeVar

from newsfeed.conversations import Wait

if TYPE_CHECKING:
    import socket
    from collections.abc import Generator

Request = TypeVar("Request")


class Talk(Generic[Request]):
    """One conversation, and what it waits for."""

    __slots__ = ("_watched", "conversation", "failure", "is_over", "request", "told", "wait")

    def __init__(self, conversation: Generator[Wait | Request, None, None]) -> None:
        self.conversation = conversation
        self.wait: Wait | None = None
        self.request: Request | None = None
        """What it asks for, where it waits for neither a socket nor a moment."""
        self.told: BaseException | None = None
        """Is raised where it goes on."""
        self.is_over = False
        self.failure: Exception | None = None
        """Why it is over, when it should not be."""
        self._watched: tuple[socket.socket, int] | None = None

    def go_on(self) -> bool:
        """Let it go on; tell whether it waits for a socket or a moment again."""
        self.wait = self.request = None
        told, self.told = self.told, None
        try:
            found = next(self.conversation) if told is None else self.conversation.throw(told)
        except StopIteration:
            self.is_over = True
        except Exception as error:  # noqa: BLE001 - told to whoever asks
            self.is_over, self.failure = True, error
        else:
            if isinstance(found, Wait):
                self.wait = found
            else:
                self.request = found
        return self.wait is not None

    def be_watched(self, selector: selectors.BaseSelector) -> None:
        """Let a selector watch the socket that this waits for. Most wait for the same one all the time."""
        wait = self.wait
        if wait is None or wait.sock is None or self._watched == (wait.sock, wait.events):
            return
        self.be_left_alone(selector)
        selector.register(wait.sock, wait.events, self)
        self._watched = wait.sock, wait.events

    def be_left_alone(self, selector: selectors.BaseSelector) -> None:
        """Let a selector watch nothing of this."""
        if self._watched is not None:
            selector.unregister(self._watched[0])  # it may be closed by now
            self._watched = None

    @property
    def has_hung_up(self) -> bool:
        """Tell whether the socket that is watched is closed: its number may be another's next moment."""
        return self._watched is not None and self._watched[0].fileno() < 0


class Switchboard(Generic[Request]):
    """The conversations of one thread."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._ready: list[Talk[Request]] = []
        self._waiting: dict[Talk[Request], None] = {}
        self.has_moved = False
        """One went on at the last turn."""

    def start(self, conversation: Generator[Wait | Request, None, None]) -> Talk[Request]:
        """Start a conversation, at the next turn."""
        talk = Talk(conversation)
        self._ready.append(talk)
        return talk

    def resume(self, talk: Talk[Request], told: BaseException | None = None) -> None:
        """Let one that asked for something go on, at the next turn; ``told`` is raised there."""
        talk.told = told
        self._ready.append(talk)

    def turn(self, patience: float) -> list[Talk[Request]]:
        """Let all go on that can, after waiting ``patience`` seconds at most; return those that ask for
        something, or are over.
        """
        if not self._ready:
            self._listen(patience)
        ready, self._ready = self._ready, []
        self.has_moved = bool(ready)
        return [talk for talk in ready if not self._advance(talk)]

    def wait(self, patience: float) -> None:
        """Wait until one can go on, ``patience`` seconds at most."""
        self._listen(patience)

    @property
    def has_ready(self) -> bool:
        """Tell whether one can go on."""
        return bool(self._ready)

    def close(self) -> None:
        """Give up all that still wait."""
        for talk in (*self._ready, *self._waiting):
            talk.be_left_alone(self._selector)
            talk.conversation.close()
        self._ready.clear()
        self._waiting.clear()
        self._selector.close()

    def _advance(self, talk: Talk[Request]) -> bool:
        waits = talk.go_on()
        if talk.is_over or talk.has_hung_up:
            talk.be_left_alone(self._selector)
        if waits:
            talk.be_watched(self._selector)
            self._waiting[talk] = None
        return waits

    def _listen(self, patience: float) -> None:
        """Find those that can go on."""
        if not self._waiting and not patience:
            return
        first = min((talk.wait.until for talk in self._waiting if talk.wait), default=float("inf"))
        timeout = min(patience, max(first - time.monotonic(), 0.0))
        for key, _ in self._selector.select(timeout):
            talk: Talk[Request] = key.data
            if talk.wait is not None and talk.wait.sock is key.fileobj and talk in self._waiting:
                del self._waiting[talk]
                self._ready.append(talk)
            else:  # a server that speaks while nobody listens: its words keep
                talk.be_left_alone(self._selector)
        now = time.monotonic()
        if first <= now:
            for talk in [one for one in self._waiting if one.wait and one.wait.until <= now]:
                del self._waiting[talk]
                self.resume(talk, TimeoutError("timed out") if talk.wait and talk.wait.sock else None)
