"""A count of what is done, on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from newsfeed.cli.output.terminal import is_quiet, print_detail

if TYPE_CHECKING:
    from types import TracebackType


class Progress:
    """A line that counts on a terminal, and nothing elsewhere."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._stream = sys.stderr
        self._shown = self._stream.isatty() and not is_quiet()
        self._last = 0

    def __call__(self, number: int, total: int = 0) -> None:
        """Show that ``number`` (of ``total``) are done; every fiftieth is enough for the eye."""
        self._last = number
        if self._shown and (number % 50 == 0 or number == total):
            of = f"/{total}" if total else ""
            self._stream.write(f"\r{self._label} {number}{of}")
            self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was; after an error the count stays, to say how far it came."""
        if error is None:
            self.close()

    def close(self) -> None:
        """Wipe the line."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
        print_detail(f"{self._label} {self._last}")
