"""What every command knows: which site, and what time it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

DEFAULT_OUTPUT = "public"
"""Folder of the published site, below the site's own."""
MOST_JOBS = 256
"""Processes that somebody may ask for."""


def moment_of(text: str) -> datetime:
    """A moment on the command line: ISO 8601; without an offset it is UTC. Raises `ValueError`."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


class Context:
    """The site a command works on."""

    def __init__(self, folder: str) -> None:
        self.root = Path(folder)

    def now(self, given: object) -> datetime:
        """The moment given with ``--now``, else the clock's; the only reading of the clock."""
        return given if isinstance(given, datetime) else datetime.now(UTC)

    def output(self, given: str | None) -> Path:
        """The output folder: relative to where the command was typed, or below the site."""
        return Path(given) if given else self.root / DEFAULT_OUTPUT
