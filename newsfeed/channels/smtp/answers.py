"""Take answers of a relay out of the bytes that arrive: whole ones, or none yet."""

from __future__ import annotations

import smtplib

from newsfeed.marking import N_

LINE, LINES = 4_096, 100
"""Bytes of a reply line and lines of a reply: far more than RFC 5321 4.5.3.1.5 allows."""

Answer = tuple[int, list[bytes]]
"""A reply's code, and its lines without it."""


class AnswerBuffer:
    """Holds what arrived and was not taken yet."""

    def __init__(self) -> None:
        self._data = b""

    def __bool__(self) -> bool:
        return bool(self._data)

    def add(self, data: bytes) -> None:
        """Add what arrived."""
        self._data += data

    def clear(self) -> None:
        """Forget all of it."""
        self._data = b""

    def take(self) -> Answer | None:
        """Take the next answer; ``None`` when not all of it is there. Raises `SMTPServerDisconnected` when it
        is no SMTP.
        """
        lines: list[bytes] = []
        data, start, first = self._data, 0, self._data[:3]
        while (end := data.find(b"\n", start)) >= 0:
            code, mark = data[start : start + 3], data[start + 3 : start + 4]
            if mark in (b"\r", b"\n"):
                mark = b""
            # Lines that contradict each other are no answer, whatever the last one says (RFC 5321 4.2.1).
            if code != first or not code.isdigit() or mark not in (b" ", b"-", b"") or len(lines) >= LINES:
                break
            lines.append(data[start + 4 : end].rstrip(b"\r"))
            start = end + 1
            if mark != b"-":
                self._data = data[start:]
                return int(code), lines
        if end >= 0 or len(data) - start > LINE:
            raise smtplib.SMTPServerDisconnected(N_("it does not speak SMTP"))
        return None
