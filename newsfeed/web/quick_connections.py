"""Answer requests for files in memory before uvicorn sees them, and hand it connections that ask for more.

Most requests are one packet: a GET without a body, for a page, a feed or a picture. Such a packet is read by
the parser that uvicorn uses, too, and answered with bytes that are ready. Whatever else comes, half a head,
two requests in one packet, a form, a mistake, is given to uvicorn as it came, and the connection is its own
from then on. So there is one reading of HTTP, and nothing to keep between two packets.
"""

from __future__ import annotations

import asyncio
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import httptools

from newsfeed.core.http.conditions import format_http_date
from newsfeed.web.connections import ImpatientProtocol, has_one_host

if TYPE_CHECKING:
    from collections.abc import Callable

    AnswerAtOnce = Callable[[str, str, list[tuple[bytes, bytes]]], tuple[bytes, bytes] | None]

LOOK = 5.0
"""Seconds between two looks at a connection."""
PATIENCE = 30.0
"""Seconds for which a connection may be idle, or take nothing of an answer."""
_METHODS = {b"GET": "GET", b"HEAD": "HEAD"}
_END = b"\r\n\r\n"
_LARGEST = 8_192
"""Bytes of a request that is read here."""


class QuickProtocol(asyncio.Protocol):
    """One connection, as long as it asks for files in memory only."""

    def __init__(self, answer: AnswerAtOnce, config: Any, server_state: Any, **given: Any) -> None:
        """Make what uvicorn makes for each connection.

        answer: returns head (without date, nor the empty line at its end) and body of an answer to method,
        path and headers; ``None`` when it is not for here.
        """
        self._answer = answer
        self._given = {"config": config, "server_state": server_state, **given}
        self._limit: int = config.limit_concurrency
        self._connections: set[Any] = server_state.connections
        self._parser = httptools.HttpRequestParser(self)
        self._url, self._is_whole, self._goes_on = b"", False, False
        self._headers: list[tuple[bytes, bytes]] = []
        self._seen: tuple[int, int] = (0, 0)
        self._answers, self._still = 0, 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look at the connection."""
        self._transport = transport
        self._connections.add(self)
        self._timer = asyncio.get_running_loop().call_later(LOOK, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look at it no longer."""
        self._timer.cancel()
        self._connections.discard(self)

    @property
    def transport(self) -> asyncio.Transport:
        """Return what carries it, as uvicorn's connections name it."""
        return self._transport

    def shutdown(self) -> None:
        """End the connection: what was asked here is answered already. uvicorn calls it when it ends."""
        self._transport.close()

    def pause_writing(self) -> None:
        """Read no more requests while answers are not taken."""
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Answer a request that is whole, simple, and for a file in memory; else hand the connection over."""
        if not self._answer_packet(data):
            self._hand_over(data)

    def on_url(self, url: bytes) -> None:
        """Take the target of a request from the parser."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header from the parser."""
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Note whether the connection goes on: when a request is read, the parser has forgotten it."""
        self._goes_on = self._parser.should_keep_alive() and self._parser.get_http_version() == "1.1"

    def on_message_complete(self) -> None:
        """Note that the parser has read a whole request."""
        self._is_whole = True

    def _answer_packet(self, data: bytes) -> bool:
        method = _METHODS.get(data[: data.find(b" ")])
        # One end of a head, and that at the end: no body, and nothing behind it.
        if method is None or len(data) > _LARGEST or data.find(_END) != len(data) - len(_END):
            return False
        if len(self._connections) >= self._limit:
            return False
        self._url, self._headers, self._is_whole, self._goes_on = b"", [], False, False
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            return False
        if not self._is_whole or not self._goes_on or not has_one_host(self._headers, "1.1"):
            return False
        path = self._url.partition(b"?")[0]
        if not path.startswith(b"/") or b"%" in path or b"#" in path or not path.isascii():
            return False
        found = self._answer(method, path.decode("ascii"), self._headers)
        if found is None:
            return False
        head, body = found
        self._transport.write(b"%bdate: %b\r\n\r\n%b" % (head, _date(int(time.time())), body))
        self._answers += 1
        return True

    def _hand_over(self, data: bytes) -> None:
        self._timer.cancel()
        self._connections.discard(self)
        protocol = ImpatientProtocol(**self._given)
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(data)

    def _look(self) -> None:
        """End the connection when it has not got on for too long; else look again later."""
        seen = self._answers, self._transport.get_write_buffer_size()
        self._still = self._still + LOOK if seen == self._seen else 0.0
        self._seen = seen
        if self._still < PATIENCE:
            self._timer = asyncio.get_running_loop().call_later(LOOK, self._look)
        else:
            self._transport.abort()


@lru_cache(2)
def _date(second: int) -> bytes:
    return format_http_date(second)
