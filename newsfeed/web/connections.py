"""A connection of uvicorn that has an end for clients that are slow, idle or never stop with their headers.

A head that never ends, a body that drips, and an answer that nobody takes hold a connection, and nothing
else; here they hold it for a minute at most.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from newsfeed.web.guard import HEADER_BYTES

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable

HEAD, BODY, REST = "head", "body", "rest"
"""What a connection is at: a request begins, its body comes, it is answered or the next one is awaited."""
SECONDS = {HEAD: 10.0, BODY: 30.0, REST: 60.0}
"""How long each may take without getting on."""
LOOK = 5.0
"""Seconds between two looks at a connection."""
_HOST = re.compile(rb"[^\s,/\\?#@]*")
_NO_PATH = re.compile(rb"[a-z][a-z0-9+.-]*://[^/?#]*(?=[?#]|$)", re.IGNORECASE)
"""The beginning of a whole address that names nothing on its host."""
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class HeadError(ValueError):
    """The head of a request is larger than any reader's."""


class HostError(ValueError):
    """A request names no host, or several: two servers could take it for requests to different sites."""


def has_one_host(headers: Iterable[tuple[bytes, bytes]], version: str) -> bool:
    """Tell whether a request says which host it is for, as HTTP/1.1 must (RFC 9112 3.2).

    headers: names in small letters.
    """
    hosts = [value for name, value in headers if name == b"host"]
    return len(hosts) <= 1 and all(map(_HOST.fullmatch, hosts)) and (bool(hosts) or version != "1.1")


def give_path(target: bytes) -> bytes:
    """Return the target of a request; a whole address that has no path means the root (RFC 9110 4.2.3)."""
    found = _NO_PATH.match(target)
    return target if found is None else found[0] + b"/" + target[found.end() :]


class ImpatientProtocol(HttpToolsProtocol):
    """One connection. It overrides what asyncio and httptools call, and nothing that is uvicorn's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._phase = HEAD
        self._asked: deque[Any] = deque()
        """Requests that are not answered yet: several may come in one packet, and are answered in order."""
        self._hosts: list[tuple[bytes, bytes]] = []
        self._target = b""
        self._head_bytes = 0
        """Of a head that has not ended yet."""
        self._parsed_bytes = 0
        """Of the head that is parsed."""
        self._steps = 0
        """Requests that were complete, and times that the client took more of an answer."""
        self._seen: tuple[object, ...] = ()
        self._still = 0.0
        """Seconds for which nothing has got on."""
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look at the connection."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(LOOK, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look at it no longer, and let nobody answer there: uvicorn tells only what was asked last."""
        if self._timer is not None:
            self._timer.cancel()
        for asked in self._asked:
            asked.disconnected = True
            asked.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come, as long as heads have an end. One that is in here as a whole is measured while
        it is parsed.
        """
        if self._phase is REST:
            self._phase, self._head_bytes = HEAD, 0
        super().data_received(data)
        if self._phase is HEAD and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > 2 * HEADER_BYTES:
                self.transport.write(_TOO_LARGE)
                self.transport.close()

    def on_message_begin(self) -> None:
        """Know nothing of a request."""
        self._hosts, self._target, self._parsed_bytes = [], b"", 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Note what is asked for; it may come in pieces."""
        self._measure(len(url))
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note which host a request is for."""
        self._measure(len(name) + len(value))
        if name.lower() == b"host":
            self._hosts.append((b"host", value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Wait for its body. Raises `HostError`, of which the parser makes the answer 400."""
        if not has_one_host(self._hosts, self.parser.get_http_version()):
            raise HostError
        self._phase = BODY
        super().on_url(give_path(self._target))
        super().on_headers_complete()
        while self._asked and self._asked[0].response_complete:
            self._asked.popleft()
        self._asked.append(self.cycle)

    def on_message_complete(self) -> None:
        """Wait for nothing, but that the answer is taken."""
        self._phase = REST
        self._steps += 1
        super().on_message_complete()

    def resume_writing(self) -> None:
        """Note that the client takes what it is sent."""
        self._steps += 1
        super().resume_writing()

    def _measure(self, size: int) -> None:
        """Count what a head has. Raises `HeadError`, which ends the connection, when it is too much."""
        self._parsed_bytes += size
        if self._parsed_bytes > 2 * HEADER_BYTES:
            self.transport.write(_TOO_LARGE)
            self.transport.close()
            raise HeadError

    def _look(self) -> None:
        """End the connection when it has not got on for too long; else look again later."""
        unsent = self.transport.get_write_buffer_size()
        seen = self._phase, self._steps, unsent
        self._still = self._still + LOOK if seen == self._seen else 0.0
        self._seen = seen
        if self._still < SECONDS[self._phase]:
            self._timer = self.loop.call_later(LOOK, self._look)
        elif self._phase is HEAD and not unsent and not self.transport.is_closing():
            self.transport.write(_TOO_SLOW)
            self.transport.close()
        else:
            self.transport.abort()
