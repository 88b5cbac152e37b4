"""Keep what one build leaves for the next in one SQLite file, in a folder that only the user writes into.

Not in the site: a site comes from strangers, and what is unpickled can run code. So a folder or a file that
belongs to somebody else, or that others may write into, is not even opened, and every value has a checksum
that also names the program: what is damaged, or another program's, counts as missing. Each build is one
transaction.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sqlite3
import stat
import weakref
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsfeed.config.user_cache import user_cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Codec = tuple[Callable[[Any], object], Callable[[Any], Any]]

FOLDER_VARIABLE = "NEWSFEED_CACHE"
"""Environment variable that names the cache folder of one site."""
_FORMAT = 1
_PAGE = 16384
"""Bytes: most of the file is a few large values."""
_PATIENCE = 1.0
"""Seconds to wait while another build writes."""
_SCHEMA = """
CREATE TABLE value (name TEXT PRIMARY KEY, checksum BLOB NOT NULL, data BLOB NOT NULL);
CREATE TABLE story (name TEXT PRIMARY KEY, checksum BLOB NOT NULL, data BLOB NOT NULL);
"""
_HEAD = "state"
"""The value that says which build the others are of."""


class CacheDamagedError(Exception):
    """Something that must be in the cache is not there, or not as it was written."""


def cache_path(root: Path, output: Path, environment: Mapping[str, str]) -> Path:
    """Return the file in which builds of a site into an output folder remember each other.

    `FOLDER_VARIABLE` names its folder, which may be restored on another machine, beside a checkout somewhere
    else; without it the file is in the user's cache folder, under a name made of both paths.
    """
    named = environment.get(FOLDER_VARIABLE, "")
    if named:
        return Path(named).absolute() / "build.sqlite"
    both = f"{root.resolve()}\0{output.resolve()}".encode("utf-8", "surrogateescape")
    name = hashlib.blake2b(both, digest_size=12).hexdigest()
    return user_cache_folder(environment) / f"{name}.sqlite"


class BuildCache:
    """Values by their names, and stories by their ids, as the last build of the same program left them.

    Whatever is wrong with the file, a build without it makes the same bytes: so reading returns ``None``, and
    writing may do nothing.
    """

    def __init__(self, path: Path, fingerprint: str, codecs: Mapping[str, Codec] | None = None) -> None:
        """``fingerprint``: of the program and everything else that values depend on; ``codecs``: name → what
        makes plain values, which are loaded in a fraction of the time, of a value, and what makes it of them.
        """
        self._path = path
        self._fingerprint = fingerprint
        self._codecs = codecs or {}
        self._connection: sqlite3.Connection | None = None
        self._head = b""
        """Checksum of the head as it was read or written here."""
        self._stored: dict[str, object] = {}
        """Values that are in the file, as they are in memory: they need not be written again."""

    @property
    def path(self) -> Path:
        """Return the path of the file."""
        return self._path

    def read(self, name: str) -> Any:
        """Return a value; ``None`` when there is none, or none to be trusted."""
        if name in self._stored:
            return self._stored[name]
        found = self._select("value", name)
        if found is None:
            return None
        try:
            value = pickle.loads(found[1])  # noqa: S301 - our own file, in our own folder
            if name in self._codecs:
                value = self._codecs[name][1](value)
        except Exception:  # noqa: BLE001 - such as a class or a zone that is no longer there
            return None
        if name == _HEAD:
            self._head = found[0]
        self._stored[name] = value
        return value

    def read_story(self, key: str) -> bytes:
        """Return a story as it was packed. Raises `CacheDamagedError` when it is not there."""
        found = self._select("story", key)
        if found is None:
            raise CacheDamagedError(key)
        return found[1]

    def close(self) -> None:
        """Close the file; the next read opens it again."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def replace(self, values: Mapping[str, object], stories: Iterable[tuple[str, bytes]]) -> bool:
        """Write all of it anew; returns whether it was written. A disk that cannot take it costs time at the
        next build, and nothing else.
        """
        self.close()
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not is_ours(self._path.parent):
                return False
            os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # drafts are in it, too
            try:
                self._write_new(temporary, values, stories)
                os.replace(temporary, self._path)
            finally:
                temporary.unlink(missing_ok=True)
        except (OSError, sqlite3.Error):
            return False
        self._stored = dict(values)
        return True

    def update(self, values: Mapping[str, object], stories: Mapping[str, bytes | None]) -> bool:
        """Write the values that are not the very same as in the file, and these stories; ``None``: one that
        is gone.

        Nothing is written, and ``False`` returned, when another build has written since.
        """
        connection = self._open()
        if connection is None or not self._head:
            return False
        changed = {
            name: value for name, value in values.items() if self._stored.get(name, _MISSING) is not value
        }
        try:
            with closing(connection.cursor()) as cursor:
                cursor.execute("BEGIN IMMEDIATE")
                try:
                    head = cursor.execute("SELECT checksum FROM value WHERE name = ?", (_HEAD,)).fetchone()
                    is_same = bool(head == (self._head,))
                    if is_same:
                        self._insert(cursor, changed, [one for one in stories.items() if one[1] is not None])
                        gone = [(key,) for key, data in stories.items() if data is None]
                        cursor.executemany("DELETE FROM story WHERE name = ?", gone)
                        cursor.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        cursor.execute("ROLLBACK")
        except sqlite3.Error:
            return False
        if is_same:
            self._stored.update(changed)
        return is_same

    def _write_new(
        self, path: Path, values: Mapping[str, object], stories: Iterable[tuple[str, bytes]]
    ) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA page_size = {_PAGE}")
            connection.execute("PRAGMA journal_mode = OFF")  # the file gets its name when it is complete
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(f"{_SCHEMA} PRAGMA user_version = {_FORMAT}; BEGIN;")
            with closing(connection.cursor()) as cursor:
                self._insert(cursor, values, stories)
                cursor.execute("COMMIT")

    def _insert(
        self,
        cursor: sqlite3.Cursor,
        values: Mapping[str, object],
        stories: Iterable[tuple[str, bytes | None]],
    ) -> None:
        statement = "INSERT OR REPLACE INTO {} VALUES (?, ?, ?)"
        for name, value in values.items():
            plain = self._codecs[name][0](value) if name in self._codecs else value
            data = pickle.dumps(plain, protocol=pickle.HIGHEST_PROTOCOL)
            checksum = self._checksum("value", name, data)
            cursor.execute(statement.format("value"), (name, checksum, data))
            if name == _HEAD:
                self._head = checksum
        rows = ((key, self._checksum("story", key, data), data) for key, data in stories if data is not None)
        cursor.executemany(statement.format("story"), rows)

    def _select(self, table: str, name: str) -> tuple[bytes, bytes] | None:
        """Return checksum and data of a row that is as it was written."""
        connection = self._open()
        if connection is None:
            return None
        try:
            query = f"SELECT checksum, data FROM {table} WHERE name = ?"  # noqa: S608 - a table of ours
            found: tuple[bytes, object] | None = connection.execute(query, (name,)).fetchone()
        except (sqlite3.Error, OverflowError):  # SQLite says what it cannot make sense of
            return None
        checksum, data = found or (b"", None)
        if not isinstance(data, bytes) or checksum != self._checksum(table, name, data):
            return None
        return checksum, data

    def _open(self) -> sqlite3.Connection | None:
        """Open the file, if it is ours and nobody else's."""
        if self._connection is not None:
            return self._connection
        if not (is_ours(self._path.parent) and is_ours(self._path) and not self._path.is_symlink()):
            return None
        with suppress(sqlite3.Error):
            # no other process uses it: what is forked does not touch the cache; another thread may, after
            # the one that opened it, and whichever thread the garbage is collected in closes it
            connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=_PATIENCE,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                connection.execute("PRAGMA trusted_schema = OFF")
                connection.execute("PRAGMA synchronous = NORMAL")
                if connection.execute("PRAGMA user_version").fetchone() == (_FORMAT,):
                    self._connection = connection
                    weakref.finalize(self, connection.close)
            finally:
                if self._connection is None:
                    connection.close()
        return self._connection

    def _checksum(self, table: str, name: str, data: bytes) -> bytes:
        head = f"{self._fingerprint}\0{table}\0{name}\0".encode("utf-8", "surrogateescape")
        checksum = hashlib.sha256(head)  # the one that processors compute themselves
        checksum.update(data)
        return checksum.digest()


_MISSING = object()


def is_ours(path: Path) -> bool:
    """Tell whether a file or folder belongs to this user, and nobody else may write into it."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return False
    is_right_kind = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    return (
        is_right_kind and found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


class EnvironmentCache:
    """A cache for one program and configuration: compiled templates, for instance."""

    _NAME = "parts"

    def __init__(self, cache: BuildCache, *, is_fresh: bool = False) -> None:
        """``is_fresh``: use nothing of what is in the cache."""
        self._cache = cache
        self._parts: dict[object, Any] | None = {} if is_fresh else None

    def get(self, name: object) -> Any:
        """Return what was put there under a name; ``None`` when nothing was."""
        if self._parts is None:
            found = self._cache.read(self._NAME)
            self._parts = found if isinstance(found, dict) else {}
        return self._parts.get(name)

    def put(self, name: object, value: object) -> None:
        """Keep a value in memory, until the build is written."""
        self.get(name)
        self._parts = {**(self._parts or {}), name: value}

    def read(self, key: str) -> bytes | None:
        """Return a compiled template: see `newsfeed.render.bytecode.BytecodeStore`."""
        found: bytes | None = self.get(("template", key))
        return found

    def write(self, key: str, data: bytes) -> None:
        """Keep a compiled template."""
        self.put(("template", key), data)

    def values(self) -> dict[str, object]:
        """Return all of them as a value of the cache; none when nobody looked."""
        return {} if self._parts is None else {self._NAME: self._parts}
