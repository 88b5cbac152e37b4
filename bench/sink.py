"""A relay that writes down what it takes: who for, which Message-ID, when, and on which life's
connection. It lives in a thread of its own process and survives everything that is done to senders.
"""

from __future__ import annotations

import asyncio
import random
import re
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]*>)", re.IGNORECASE | re.MULTILINE)
FINE, HANG_UP, HANG = b"250 2.0.0 fine\r\n", b"", b"hang"
_PATH = re.compile(rb"<([^>]*)>")


@dataclass(frozen=True, slots=True)
class Taken:
    """One accepted message."""

    recipient: str
    message_id: str
    at: float
    """``time.monotonic()`` of the moment it was ours."""
    life: int
    """Which sender's life the connection began in."""
    sender: str = ""
    data: bytes = b""
    """The message, where the sink keeps them."""


@dataclass
class Sink:
    """Listens on a free port of the loopback interface until `close`."""

    delay: float = 0.0
    """Longest pause in seconds before and after a message is ours; drawn anew each time."""
    pause: float = 0.0
    """Seconds for which it thinks about every message before it takes it."""
    reply: Callable[[str, str], bytes] | None = None
    """(stage ``rcpt`` or ``dot``, recipient) → what to reply; empty: hang up; `HANG`: say nothing."""
    chance: random.Random = field(default_factory=lambda: random.Random(0))
    utf8: bool = True
    """Offers SMTPUTF8."""
    keeps: bool = False
    """Keeps whole messages."""
    life: int = 0
    taken: list[Taken] = field(default_factory=list)
    port: int = 0
    open: int = 0
    most_open: int = 0
    """Connections at a time."""

    def start(self) -> Sink:
        """Listen; returns when the port is known."""
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sink", daemon=True)
        self._thread.start()
        self._ready.wait()
        return self

    def close(self) -> None:
        """Stop listening."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", self.port, limit=1 << 22)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        life = self.life
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            writer.write(b"220 sink ESMTP\r\n")
            await self._converse(reader, writer, life)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.open -= 1
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, life: int) -> None:
        sender, recipient, good = "", "", False
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                utf8 = b"250-SMTPUTF8\r\n" if self.utf8 else b""
                writer.write(b"250-sink\r\n250-PIPELINING\r\n" + utf8 + b"250 8BITMIME\r\n")
            elif verb == b"MAIL":
                found = _PATH.search(line)
                sender = found[1].decode() if found else ""
                writer.write(b"250 fine\r\n")
            elif verb == b"RCPT":
                found = _PATH.search(line)
                recipient = found[1].decode() if found else ""
                answer = await self._reply_to("rcpt", recipient)
                if not answer:
                    return
                good = answer.startswith(b"2")
                writer.write(answer)
            elif verb == b"DATA" and not good:
                writer.write(b"554 nobody to write to\r\n")
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                await writer.drain()
                data = await reader.readuntil(b"\r\n.\r\n")
                taken = Taken(recipient, _name_of(data), 0.0, life, sender, data if self.keeps else b"")
                if not await self._take(writer, taken):
                    return
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 fine\r\n")

    async def _reply_to(self, stage: str, recipient: str) -> bytes:
        """Ask in a thread: a reply that takes its time must hold up no other connection."""
        return await asyncio.to_thread(self.reply, stage, recipient) if self.reply else FINE

    async def _take(self, writer: asyncio.StreamWriter, taken: Taken) -> bool:
        if self.delay or self.pause:
            await asyncio.sleep(self.pause + self.chance.uniform(0, self.delay))
        answer = await self._reply_to("dot", taken.recipient)
        if answer == HANG:
            await asyncio.sleep(3600)
        if not answer or answer.startswith(b"2"):  # hanging up here is "accepted, but nobody heard it"
            self.taken.append(replace(taken, at=time.monotonic()))
        if self.delay:
            await asyncio.sleep(self.chance.uniform(0, self.delay))
        writer.write(answer)
        return bool(answer)


def _name_of(data: bytes) -> str:
    found = _MESSAGE_ID.search(data)
    return found[1].decode() if found else ""
