"""What every command knows: which site, and what time it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

DEFAULT_OUTPUT = "public"
"""Folder of the published site, below the site's own."""


class Moment(click.ParamType[datetime]):
    """A moment on the command line: ISO 8601; without an offset it is UTC."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read ``2010-02-08T09:00+01:00``; fail as click does otherwise."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"“{value}” is no moment; write it like 2010-02-08T09:00+01:00", param, ctx)
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
