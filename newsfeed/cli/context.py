"""The context of every command: the site it works on, and the time."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from newsfeed.app.delivery import DeliveryContext

DEFAULT_OUTPUT = "public"
"""Folder of the published site, below the site's own."""


class CommandContext:
    """The site that a command works on, with what the command line says of it."""

    def __init__(self, folder: str) -> None:
        self.root = Path(folder)

    def now(self, given: datetime | None) -> datetime:
        """Return the moment given with ``--now``, else the clock's; commands read the clock only here."""
        return given if given is not None else datetime.now(UTC)

    def output(self, given: str | None) -> Path:
        """Return the output folder: relative to where the command was typed, or below the site."""
        return Path(given) if given else self.root / DEFAULT_OUTPUT

    def open_delivery(self) -> AbstractContextManager[DeliveryContext]:
        """Open the site's store of readers and issues."""
        from newsfeed.app.delivery import open_delivery_context

        return open_delivery_context(self.root, os.environ)
