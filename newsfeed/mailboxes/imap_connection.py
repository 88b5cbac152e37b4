"""Connections to IMAP servers: the standard library's, with limits for the whole answer to a command.

`socket` limits the time of each call only: a server that sends a byte now and then could keep a reader for
ever. Lines and literals are read from a buffer of our own, up to a moment and a size.
"""

from __future__ import annotations

import imaplib
import time
from typing import Any

from newsfeed.core.bounces.mime import SIZE_LIMIT
from newsfeed.marking import N_

_ANSWER = SIZE_LIMIT + (1 << 20)
"""Bytes of an answer: a message, and what servers say around it. A search names far less."""
_PIECE = 1 << 16


class ImapConnection(imaplib.IMAP4):
    """A connection in which every command, with its whole answer, has so many seconds and bytes."""

    def open(self, host: str = "", port: int | None = None, timeout: float | None = None) -> None:
        """Connect; the greeting has the time of a command."""
        assert timeout is not None
        self._seconds = timeout
        self._buffer = bytearray()
        self._begin()
        super().open(host, port or 143, timeout)
        self._reads_from = self.socket()

    def send(self, data: Any) -> None:
        """Send a command; its time begins."""
        self._begin()
        server = self.socket()
        if server is not self._reads_from and self._buffer:
            # Said in the clear with the go-ahead of STARTTLS, to be taken for something said in confidence.
            raise imaplib.IMAP4.error(N_("it spoke out of turn"))
        self._reads_from = server
        server.settimeout(self._seconds)
        super().send(data)

    def read(self, size: int) -> bytes:
        """Read a literal of so many bytes, or less when the server hangs up."""
        while len(self._buffer) < size and self._receive(size):
            pass
        return self._take(size)

    def readline(self) -> bytes:
        """Read a line with its end; empty when the server has hung up."""
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if not self._receive(searched):
                return self._take(searched)
        return self._take(end + 1)

    def _begin(self) -> None:
        self._until = time.monotonic() + self._seconds
        self._bytes = _ANSWER

    def _take(self, size: int) -> bytes:
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _receive(self, wanted: int) -> bool:
        """Wait for more bytes; return whether there are any."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        if wanted > _ANSWER or self._bytes <= 0:
            raise imaplib.IMAP4.error(N_("its answer is too long"))
        self.socket().settimeout(left)
        more = self.socket().recv(_PIECE)
        self._buffer += more
        self._bytes -= len(more)
        return bool(more)


class ImapTlsConnection(ImapConnection, imaplib.IMAP4_SSL):
    """One that is encrypted from the first byte."""
