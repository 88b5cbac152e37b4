"""The context of every command: the site it works on, and the time."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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

    def clock(self, given: datetime | None) -> Callable[[], datetime]:
        """Return the clock; with ``--now`` one that was set to that moment when the command began."""
        if given is None:
            return lambda: datetime.now(UTC)
        began = datetime.now(UTC)
        return lambda: given + (datetime.now(UTC) - began)

    def output(self, given: str | None) -> Path:
        """Return the output folder: relative to where the command was typed, or below the site."""
        return Path(given) if given else self.root / DEFAULT_OUTPUT

    @contextmanager
    def open_delivery(self) -> Iterator[DeliveryContext]:
        """Open the site's store of readers and issues; tell which secrets others could read."""
        from newsfeed.app.delivery import open_delivery_context
        from newsfeed.app.permissions import find_readable
        from newsfeed.cli.output.problems import print_warnings
        from newsfeed.cli.output.voice import user_voice

        with open_delivery_context(self.root, os.environ) as delivery:
            readable = find_readable(self.root, delivery.settings, secrets_only=True)
            if readable:
                print_warnings(readable, user_voice())
            yield delivery
