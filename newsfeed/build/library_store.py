"""Keep stories and texts from when they are read until the site is built.

They are plain objects in memory, or, of a large site, rows in a temporary SQLite file, which any process
reads and only the one that began the build writes.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import weakref
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from newsfeed.build.stored_stories import StoredStories, pack
from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsfeed.model import Story

MANY = 5_000
"""Stories that are kept in memory: each takes some 10 kB with its texts, in every process that reads it."""
_SCHEMA = """
PRAGMA page_size = 16384;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE piece (name TEXT PRIMARY KEY, data BLOB NOT NULL);
BEGIN;
"""


class LibraryStore(Protocol):
    """Stories by their ids, and texts, ready to be shown, by the paths of their files."""

    def add(self, story: Story) -> None:
        """Keep a story."""

    def add_texts(self, texts: Mapping[str, bytes]) -> None:
        """Keep texts: path → text."""

    def finish(self, ids: Iterable[str]) -> Mapping[str, Story]:
        """Return the stories in this order of their ids; afterwards nothing is added any more."""

    def text(self, path: str) -> bytes | None:
        """Return a text; ``None`` when it was not kept, or is no longer."""

    def drop_texts(self) -> None:
        """Forget all texts, to free their memory."""


class MemoryStore:
    """A `LibraryStore` in memory, which forked processes inherit."""

    def __init__(self) -> None:
        self._stories: dict[str, Story] = {}
        self._texts: dict[str, bytes] = {}

    def add(self, story: Story) -> None:
        """Keep a story."""
        self._stories[story.id] = story

    def add_texts(self, texts: Mapping[str, bytes]) -> None:
        """Keep texts: path → text."""
        self._texts.update(texts)

    def finish(self, ids: Iterable[str]) -> Mapping[str, Story]:
        """Return the stories in this order of their ids."""
        return {key: self._stories[key] for key in ids}

    def text(self, path: str) -> bytes | None:
        """Return a text; ``None`` when it was not kept, or is no longer."""
        return self._texts.get(path)

    def drop_texts(self) -> None:
        """Forget all texts, to free their memory."""
        self._texts.clear()


class SqliteStore:
    """A `LibraryStore` on the disk."""

    def __init__(self) -> None:
        self._stories = _TemporaryTable()
        self._texts: _TemporaryTable | None = _TemporaryTable()

    def add(self, story: Story) -> None:
        """Keep a story."""
        self._stories.add([(story.id, pack(story))])

    def add_texts(self, texts: Mapping[str, bytes]) -> None:
        """Keep texts: path → text."""
        if self._texts is not None:
            self._texts.add(texts.items())

    def finish(self, ids: Iterable[str]) -> Mapping[str, Story]:
        """Return the stories in this order of their ids, read as they are asked for."""
        self._stories.finish()
        if self._texts is not None:
            self._texts.finish()
        return StoredStories(self, ids)

    def read_story(self, key: str) -> bytes:
        """Return a story as it is packed."""
        data = self._stories.get(key)
        assert data is not None, "only what was added has an id here"
        return data

    def text(self, path: str) -> bytes | None:
        """Return a text; ``None`` when it was not kept, or is no longer."""
        return self._texts.get(path) if self._texts is not None else None

    def drop_texts(self) -> None:
        """Forget all texts, to free their memory."""
        self._texts = None


class _TemporaryTable:
    """Bytes by their names in a temporary SQLite file, which goes when nobody needs it any more."""

    def __init__(self) -> None:
        try:
            folder = tempfile.mkdtemp(prefix="newsfeed-")  # nobody else looks in: drafts are in it, too
            weakref.finalize(self, _remove, folder, os.getpid())
            self._path = Path(folder) / "library.sqlite"
            self._writer = sqlite3.connect(self._path, isolation_level=None)
            self._writer.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise _trouble(error) from error
        self._readers: dict[int, sqlite3.Connection] = {}
        """By process: a connection must not be used in another one than that which opened it."""

    def add(self, pieces: Iterable[tuple[str, bytes]]) -> None:
        """Add bytes with their names. Raises `OutsideError` when the disk is full."""
        try:
            self._writer.executemany("INSERT OR REPLACE INTO piece VALUES (?, ?)", pieces)
        except sqlite3.Error as error:
            raise _trouble(error) from error

    def finish(self) -> None:
        """Write what was added: now all processes may read it, and nothing is added any more."""
        try:
            with closing(self._writer):
                self._writer.execute("COMMIT")
        except sqlite3.Error as error:
            raise _trouble(error) from error

    def get(self, name: str) -> bytes | None:
        """Return what was added under a name."""
        try:
            row = self._reader().execute("SELECT data FROM piece WHERE name = ?", (name,)).fetchone()
        except sqlite3.Error as error:
            raise _trouble(error) from error
        return row[0] if row is not None else None

    def _reader(self) -> sqlite3.Connection:
        process = os.getpid()
        if process not in self._readers:
            uri = f"{self._path.as_uri()}?mode=ro&immutable=1"
            # whichever thread the garbage is collected in closes it
            reader = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            self._readers[process] = reader
            weakref.finalize(self, reader.close)
        return self._readers[process]


def _remove(folder: str, process: int) -> None:
    if os.getpid() == process:  # and no forked one
        shutil.rmtree(folder, ignore_errors=True)


def _trouble(error: Exception) -> OutsideError:
    hint = N_("free some space, or set TMPDIR to a folder that has it")
    reason = reason_of(error) if isinstance(error, OSError) else error
    return OutsideError(N_("a temporary file cannot be written: {reason}"), hint, reason=reason)
