"""What is made once for all feeds of a site, kept for other processes by somebody else."""

from __future__ import annotations

from typing import Any, Protocol


class Shelf(Protocol):
    """Values by their names, for as long as nothing they depend on changes."""

    def get(self, name: object) -> Any:
        """What was put there under a name; ``None`` when nothing was."""

    def put(self, name: object, value: object) -> None:
        """Keep a value."""
