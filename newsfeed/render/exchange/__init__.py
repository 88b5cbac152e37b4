"""Pieces of texts ↔ files of translators: a module for each format, with ``write`` and ``read``.

``write`` and ``read`` lose nothing; what a file says wrongly is a `UsageError`. To add a format: a
module like the others, and its line in `EXCHANGE_FORMATS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from newsfeed.render.exchange import markdown, po, xliff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.content.exchange import ExchangeUnit

__all__ = ["EXCHANGE_FORMATS", "ExchangeFormat", "exchange_format"]


class ExchangeFormat(Protocol):
    """Writes and reads files of one format: a module."""

    def write(self, units: Sequence[ExchangeUnit], lang: str) -> bytes:
        """Return a file for a translator into a language."""

    def read(self, data: bytes) -> tuple[str, list[ExchangeUnit]]:
        """Return the language of a file that came back, and its units that have a translation. Raises
        `UsageError` when it cannot be read.
        """


EXCHANGE_FORMATS: tuple[tuple[str, ExchangeFormat], ...] = (("po", po), ("xliff", xliff), ("md", markdown))
"""Ending of the file, which is the name of the format, and what writes and reads it."""


def exchange_format(name: str) -> ExchangeFormat | None:
    """Return the format with a name, or with that ending: ``xlf`` is XLIFF, too."""
    return dict(EXCHANGE_FORMATS).get({"xlf": "xliff", "markdown": "md"}.get(name, name))
