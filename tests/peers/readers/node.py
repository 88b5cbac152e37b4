"""Feed clients from npm, one process for many files."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..need import HERE, need_command, need_npm
from ..process import run
from .entry import Entry


def rss_parser_entries(files: Sequence[Path]) -> dict[Path, list[Entry]]:
    """What rss-parser reads from RSS or Atom; of Atom it knows no enclosures."""
    return _entries("rss-parser", files)


def feedsmith_entries(files: Sequence[Path]) -> dict[Path, list[Entry]]:
    """What feedsmith reads from RSS, Atom or JSON."""
    return _entries("feedsmith", files)


def _entries(client: str, files: Sequence[Path]) -> dict[Path, list[Entry]]:
    need_npm(client)
    script = HERE / "readers.mjs"
    report = json.loads(run([need_command("node"), script, client, *files]))
    feeds = zip(files, report, strict=True)
    return {file: [_entry(**entry) for entry in entries] for file, entries in feeds}


def _entry(
    *, id: str, title: str, link: str, published: str, enclosure: str | None = None
) -> Entry:
    moment = datetime.fromisoformat(published).astimezone(UTC)
    return Entry(id, title, link, moment, enclosure)
