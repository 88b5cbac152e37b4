"""Receivers' servers that enforce rules, as large ones do: so many connections and messages on each, a rate,
greylisting, storms of 421, and a block for whoever breaks rules or writes to people who do not exist.

They live in a thread of their own process, each on a loopback address of its own, all on one port.
"""

from __future__ import annotations

import asyncio
import random
import re
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATH = re.compile(rb"<([^>]*)>")
_WINDOW = 10.0
"""Seconds over which a rate is counted."""
_LATEST, _FEWEST = 1_000, 100
"""Recipients among which unknown ones are counted, and before which nobody is blocked for them."""
_PATIENCE = 10
"""Breaches after which a receiver takes no more mail from us."""
_KNOCKS = 30
"""Connections in one storm that are one too many: whoever is told to wait must wait."""
GONE = "gone"
"""Readers whose addresses begin so do not exist any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one receiver."""

    connections: int = 10
    messages: int = 100
    """On one connection."""
    per_second: float = 0.0
    """Messages, over any ten seconds; 0: no rate."""
    think: float = 0.0
    """Seconds until it says what becomes of a message, on average: from half of it to three halves."""
    greylisting: float = 0.0
    """Seconds for which whoever writes to a recipient for the first time is told to come back."""
    storms: tuple[tuple[float, float], ...] = ()
    """Begin and end of times in which it takes nothing, in seconds since it was called first."""
    most_unknown: float = 0.05
    """Share of unknown recipients above which it blocks us."""

    def least_seconds(self, taken: int, unknown: int = 0) -> float:
        """Return the seconds below which nobody can deliver so many messages without breaking a rule."""
        begun = taken * (2 if self.greylisting else 1) + unknown
        work = taken * self.think / self.connections
        if self.per_second:
            work = max(work, begun / self.per_second - _WINDOW)
        if self.greylisting:
            work = max(work, self.greylisting + self.think)
        for begin, end in sorted(self.storms):
            if begin < work:
                work += end - begin
        return work


@dataclass
class Receiver:
    """One receiver: its servers, and what they have seen."""

    name: str
    rules: Rules
    address: str
    taken: Counter[str] = field(default_factory=Counter)
    """Recipient → how often a message for them was accepted."""
    unknown: set[str] = field(default_factory=set)
    breaches: Counter[str] = field(default_factory=Counter)
    blocked: float = 0.0
    """Seconds after the first call at which it had enough of us; 0: never."""
    began: float = 0.0
    last: float = 0.0
    """Monotonic moments of the first call, and of the last message that was accepted."""
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    open: int = 0
    most_open: int = 0
    calls: int = 0
    _begun: deque[float] = field(default_factory=deque)
    _latest: deque[bool] = field(default_factory=lambda: deque(maxlen=_LATEST))
    _seen: dict[str, float] = field(default_factory=dict)
    _knocks: Counter[int] = field(default_factory=Counter)

    def breach(self, what: str) -> None:
        """Note that a rule was broken."""
        self.breaches[what] += 1
        if self.breaches.total() >= _PATIENCE or what == "unknown users":
            self.blocked = self.blocked or time.monotonic() - self.began

    def greet(self) -> bytes:
        """Answer a call; anything but 220 ends it."""
        self.began = self.began or time.monotonic()
        self.calls += 1
        if self.blocked:
            return b"554 5.7.1 blocked: your network has a bad reputation\r\n"
        storm = self._storm()
        if storm is not None:
            self._knocks[storm] += 1
            if self._knocks[storm] > _KNOCKS:
                self.breach("calls in a storm")
            return b"421 4.7.0 too much mail from you, try again later\r\n"
        if self.open > self.rules.connections:
            self.breach("connections")
            return b"421 4.7.0 too many connections from you\r\n"
        return b"220 receiver ESMTP\r\n"

    def begin(self, carried: int) -> bytes:
        """Answer MAIL; ``carried``: the messages of this connection, with this one."""
        now = time.monotonic()
        if self.blocked:
            return b"554 5.7.1 blocked: your network has a bad reputation\r\n"
        if self._storm() is not None:
            return b"421 4.7.0 too much mail from you, try again later\r\n"
        if carried > self.rules.messages:
            self.breach("messages on a connection")
            return b"421 4.7.0 too many messages on this connection\r\n"
        self._begun.append(now)
        while self._begun[0] <= now - _WINDOW:
            self._begun.popleft()
        if self.rules.per_second and len(self._begun) > self.rules.per_second * _WINDOW:
            self.breach("rate")
            return b"421 4.7.28 unusual rate of mail\r\n"
        return b"250 2.1.0 fine\r\n"

    def hear_of(self, recipient: str) -> bytes:
        """Answer RCPT."""
        is_unknown = recipient.startswith(GONE)
        self._latest.append(is_unknown)
        if is_unknown:
            self.unknown.add(recipient)
            if len(self._latest) >= _FEWEST and sum(self._latest) > self.rules.most_unknown * len(
                self._latest
            ):
                self.breach("unknown users")
            return b"550 5.1.1 no such user\r\n"
        first = self._seen.setdefault(recipient, time.monotonic())
        if time.monotonic() < first + self.rules.greylisting:
            return b"450 4.7.1 greylisted, come back later\r\n"
        return b"250 2.1.5 fine\r\n"

    def accept(self, recipient: str) -> bytes:
        """Take a message."""
        self.taken[recipient] += 1
        self.last = time.monotonic()
        return b"250 2.0.0 taken\r\n"

    def _storm(self) -> int | None:
        since = time.monotonic() - self.began
        for number, (begin, end) in enumerate(self.rules.storms):
            if begin <= since < end:
                return number
        return None


class Receivers:
    """Several receivers, in a thread of their own, until `close`."""

    def __init__(self, rules: dict[str, Rules], port: int = 0, network: str = "127.0.1") -> None:
        self.receivers: Sequence[Receiver] = [
            Receiver(name, one, f"{network}.{number}") for number, (name, one) in enumerate(rules.items(), 1)
        ]
        self.port = port

    def __enter__(self) -> Self:
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="receivers", daemon=True)
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def __getitem__(self, name: str) -> Receiver:
        return next(one for one in self.receivers if one.name == name)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        servers = []
        for one in self.receivers:
            server = await asyncio.start_server(_talker(one), one.address, self.port, limit=1 << 22)
            self.port = server.sockets[0].getsockname()[1]
            servers.append(server)
        self._ready.set()
        await self._stop.wait()
        for server in servers:
            server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()


def _talker(receiver: Receiver):  # noqa: ANN202 - as asyncio wants it
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        receiver.open += 1
        receiver.most_open = max(receiver.most_open, receiver.open)
        try:
            greeting = receiver.greet()
            writer.write(greeting)
            if greeting.startswith(b"220"):
                await _converse(receiver, reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            receiver.open -= 1
            writer.close()

    return talk


async def _converse(receiver: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    recipient, carried, begun, answer = "", 0, False, b""
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"EHLO":
            answer = b"250-receiver\r\n250-PIPELINING\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"
        elif verb == b"MAIL":
            carried += 1
            recipient, answer = "", receiver.begin(carried)
            begun = answer.startswith(b"2")
        elif verb == b"RCPT":
            found = _PATH.search(line)
            asked = found[1].decode() if found else ""
            answer = receiver.hear_of(asked) if begun else b"503 5.5.1 MAIL first\r\n"
            recipient = asked if answer.startswith(b"2") else ""
        elif verb == b"DATA" and not recipient:
            answer = b"554 5.5.1 nobody to write to\r\n"
        elif verb == b"DATA":
            writer.write(b"354 go on\r\n")
            await writer.drain()
            await reader.readuntil(b"\r\n.\r\n")
            await asyncio.sleep(receiver.rules.think * receiver.chance.uniform(0.5, 1.5))
            answer = receiver.accept(recipient)
        elif verb == b"QUIT":
            writer.write(b"221 bye\r\n")
            return
        else:
            answer = b"250 fine\r\n"
        writer.write(answer)
        if answer.startswith(b"421"):
            return
