"""Ask a server at moments that were chosen before, however long its answers take.

A client that waits for an answer before it asks again asks less of a server that is slow, and so never sees
how long others would have waited. Here each request has its moment; it goes out then, over a connection that
is free or a new one, and its time is counted from that moment on.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PATIENCE = 20.0
"""Seconds after which a request without an answer counts as an error."""
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_BODILESS = (204, 304)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its kind, its bytes, and the status that is right."""

    kind: str
    data: bytes
    status: int
    who: str = ""
    """Whom it is about."""
    is_alone: bool = False
    """It has a connection of its own, as feed readers do."""


@dataclass(slots=True)
class Answered:
    """What became of it; moments in seconds since the start."""

    asked: Asked
    due: float
    sent: float = 0.0
    ended: float = 0.0
    status: int = 0
    """0: no answer."""

    @property
    def seconds(self) -> float:
        """How long somebody waited, from the moment at which they wanted it."""
        return self.ended - self.due

    @property
    def is_right(self) -> bool:
        """It has the status that it should."""
        return self.status == self.asked.status


class Connection(asyncio.Protocol):
    """A connection that carries one request at a time."""

    def __init__(self, free: deque[Connection]) -> None:
        self._free = free
        self._answer: asyncio.Future[int] | None = None
        self._got = bytearray()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport

    def ask(self, data: bytes) -> asyncio.Future[int]:
        """Send a request; the future is the status of its answer, once that is there as a whole."""
        self._got.clear()
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._got += data
        end = self._got.find(b"\r\n\r\n")
        if end < 0 or self._answer is None:
            return
        head = bytes(self._got[:end])
        status, length = int(head[9:12]), _LENGTH.search(head)
        wanted = int(length[1]) if length and status not in _BODILESS else 0
        if len(self._got) < end + 4 + wanted:
            return
        answer, self._answer = self._answer, None
        if _CLOSES.search(head):
            self.transport.close()
        else:
            self._free.append(self)
        if not answer.done():
            answer.set_result(status)

    def connection_lost(self, exc: Exception | None) -> None:
        if self in self._free:
            self._free.remove(self)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(0)


async def ask_all(port: int, plan: Sequence[tuple[float, Asked]]) -> list[Answered]:
    """Send each request at its moment (seconds from now, ascending); return what became of them."""
    loop, free = asyncio.get_running_loop(), deque[Connection]()
    began, tasks, found = loop.time(), set(), []

    async def one(answered: Answered) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                if free and not answered.asked.is_alone:
                    connection = free.pop()
                else:
                    _, connection = await loop.create_connection(lambda: Connection(free), "127.0.0.1", port)
                answered.sent = loop.time() - began
                answered.status = await connection.ask(answered.asked.data)
        except OSError:  # TimeoutError is one
            pass
        answered.ended = loop.time() - began

    for due, asked in plan:
        await asyncio.sleep(max(0.0, began + due - loop.time()))
        found.append(Answered(asked, due))
        task = loop.create_task(one(found[-1]))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    for connection in list(free):
        connection.transport.close()
    return found
