"""In-memory twins of every port, and builders of small sites; for our tests and for yours.

>>> site = load_files({"news/2026/a.en.md": an_item(title="A")})
>>> [story.id for story in site.library.stories.values()]
['2026-a']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed import config
from newsfeed.core.facts import Vocabulary, media_type
from newsfeed.errors import OutsideError
from newsfeed.i18n import known_countries
from newsfeed.load import Loaded, load
from newsfeed.model import KINDS, Asset, RawFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from newsfeed.model import Message, Reader
    from newsfeed.problems import Problem
    from newsfeed.settings import Settings

CONFIG = """\
[site]
title = "Test site"
base_url = "https://test.example/"
languages = ["en", "de", "fr", "nl"]
timezone = "Europe/Berlin"
authority = "test.example,2020"

[languages.nl]
fallback = ["en", "de"]

[topics]
water = "Water"
energy = "Energy"

[donors]
ministry = "Ministry"

[partners]
club = "Club"

[audiences.staff]
file = "staff.csv"

[digests.staff]
schedule = "mon 08:00"
audience = "staff"

[mail]
from = "Newsroom <news@test.example>"
"""
"""The configuration of test sites: four editions, two topics, one digest."""


class MemorySource:
    """A source that holds its files in a mapping: path → text or bytes."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = {
            path: data.encode() if isinstance(data, str) else data for path, data in sorted(files.items())
        }

    def texts(self) -> Iterator[RawFile]:
        """Every ``.md`` file."""
        for path, data in self._content():
            if path.endswith(".md"):
                yield RawFile(path, data, size=len(data))

    def assets(self) -> Iterator[Asset]:
        """Every other file; images are 4 by 3 pixels here."""
        for path, data in self._content():
            if not path.endswith(".md"):
                kind = media_type(path)
                width, height = (4, 3) if kind.startswith("image/") else (0, 0)
                yield Asset(path, len(data), kind, width, height)

    def read(self, path: str) -> bytes:
        """The bytes of one file."""
        if path not in self._files:
            raise OutsideError(f"{path}: no such file")
        return self._files[path]

    def _content(self) -> Iterator[tuple[str, bytes]]:
        return (
            (path, data)
            for path, data in self._files.items()
            if path.split("/")[0] in KINDS and "/." not in path
        )


class MemoryAudience:
    """An audience of given readers, with given problems."""

    def __init__(self, readers: Sequence[Reader], problems: Sequence[Problem] = ()) -> None:
        self._readers = tuple(readers)
        self._problems = tuple(problems)

    def readers(self) -> tuple[Sequence[Reader], Sequence[Problem]]:
        """The readers it was made with."""
        return self._readers, self._problems


class MemoryLedger:
    """A ledger that knows what it was told."""

    def __init__(self, had: Mapping[str, frozenset[str]] | None = None) -> None:
        self._had = dict(had or {})

    def had(self, digest: str) -> Mapping[str, frozenset[str]]:
        """Reader key → story ids, the same for every digest."""
        return self._had


class MemoryChannel:
    """A channel that keeps what it is handed, by Message-ID."""

    def __init__(self) -> None:
        self.sent: dict[str, Message] = {}

    def send(self, message: Message) -> str:
        """Keep one message."""
        self.sent[message.message_id] = message
        return message.message_id


def settings_from(text: str = CONFIG) -> Settings:
    """Settings of a configuration that must be right."""
    settings, problems = config.parse(text)
    assert settings is not None, problems
    return settings


def load_files(
    files: Mapping[str, str | bytes], settings: Settings | None = None, *, keep_going: bool = False
) -> Loaded:
    """Load a site from memory, as ``newsfeed check`` would read it from disk."""
    known = settings or settings_from()
    words = Vocabulary(known.topics, known.donors, known.partners, known_countries())
    return load(MemorySource(files), known, words, keep_going=keep_going)


def an_item(body: str = "Some text.\n", /, *, date: str | None = "2026-01-05", **fields: str) -> str:
    """A content file. ``date=None`` makes a translation; every field is written as given."""
    given = {"title": "A title", "date": date, **fields}
    lines = [f"{key}: {value}" for key, value in given.items() if value is not None]
    return "\n".join(["---", *lines, "---", body])


def write_tree(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder; returns the folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder
