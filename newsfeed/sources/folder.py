"""A site's folder on disk as a source of texts and assets."""

from __future__ import annotations

import os
import shutil
import stat
from typing import TYPE_CHECKING

from newsfeed.core.facts import media_type
from newsfeed.errors import OutsideError
from newsfeed.model import KINDS, Asset, RawFile
from newsfeed.problems import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ENDING = ".md"
_MEASURED = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"})


class FolderSource:
    """Reads the content folders below ``root``; never follows a link out of it."""

    def __init__(self, root: Path, size_limit: int) -> None:
        self._root = root
        self._real_root = os.path.realpath(root)
        self._size_limit = size_limit

    def paths(self) -> Iterator[str]:
        """Every ``.md`` file, in the order of its path."""
        for path in self._walk():
            if path.endswith(_ENDING) or self._leads_out(path):
                yield path

    def has(self, path: str) -> bool:
        """Whether there is such a file, or a link to one."""
        return os.path.lexists(self._root / path)

    def assets(self) -> Iterator[Asset]:
        """Every other file that stays inside the site."""
        for path in self._walk():
            if not path.endswith(_ENDING) and _is_utf8(path) and self._is_inside(path):
                asset = self._asset(path)
                if asset is not None:
                    yield asset

    def read(self, path: str) -> bytes:
        """The bytes of one file."""
        try:
            return (self._root / path).read_bytes()
        except OSError as error:
            raise OutsideError(f"{path}: {error.strerror}") from error

    def rewrite(self, path: str, before: bytes, after: bytes) -> None:
        """Give a text other bytes, at once and with the same rights; not when somebody changed it."""
        if not self._is_inside(path) or self.read(path) != before:
            raise OutsideError(f"{path}: it was changed meanwhile", "run the command again")
        real = (self._root / path).resolve()
        temporary = real.with_name(f".{real.name}.new")
        try:
            temporary.write_bytes(after)
            shutil.copymode(real, temporary)
            os.replace(temporary, real)
        except OSError as error:
            raise OutsideError(f"{path}: {error.strerror}") from error

    def stamp(self, path: str) -> tuple[int, ...]:
        """Size, and the moments of the last changes of content and of anything."""
        try:
            found = os.stat(self._root / path)
        except OSError as error:
            raise OutsideError(f"{path}: {error.strerror}") from error
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def _walk(self) -> Iterator[str]:
        for kind in sorted(KINDS):
            found: list[str] = []
            self._scan(kind, found, frozenset())
            yield from sorted(found)

    def _scan(self, folder: str, found: list[str], above: frozenset[str]) -> None:
        real = os.path.realpath(self._root / folder)
        if real in above:  # a link to a folder above it: going on would never end
            return
        try:
            entries = list(os.scandir(self._root / folder))
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise OutsideError(f"{folder}: {error.strerror}") from error
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if entry.name.startswith("."):
                continue
            if _is_folder(entry) and self._is_inside(path):
                self._scan(path, found, above | {real})
            else:
                found.append(path)

    def _leads_out(self, path: str) -> bool:
        """Whether this is a folder elsewhere, linked into the site: its texts would be missing silently."""
        return (self._root / path).is_dir() and not self._is_inside(path)

    def _is_inside(self, path: str) -> bool:
        real = os.path.realpath(self._root / path)
        return real.startswith(self._real_root + os.sep)

    def text(self, path: str) -> RawFile:
        """One of them as it is now; one that cannot be read says why."""
        if not _is_utf8(path):
            return RawFile(path, None, "unreadable", N_("its name is not UTF-8"))
        if not self._is_inside(path):
            return RawFile(path, None, "symlink-outside")
        try:
            found = os.stat(self._root / path)
            if not stat.S_ISREG(found.st_mode):
                return RawFile(path, None, "unreadable", N_("it is no ordinary file"))
            if found.st_size > self._size_limit:
                return RawFile(path, None, size=found.st_size)
            data = (self._root / path).read_bytes()
            return RawFile(path, data, size=len(data))
        except OSError as error:
            return RawFile(path, None, "unreadable", error.strerror or "")

    def _asset(self, path: str) -> Asset | None:
        try:
            found = os.stat(self._root / path)
        except OSError:  # a dangling link: whoever links to it is told so, at the link
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        kind = media_type(path)
        size = found.st_size
        width, height = self._dimensions(path) if kind in _MEASURED else (0, 0)
        return Asset(path, size, kind, width, height)

    def _dimensions(self, path: str) -> tuple[int, int]:
        import imagesize

        try:
            width, height = imagesize.get(self._root / path)
        except (OSError, ValueError):
            return 0, 0
        return max(int(width), 0), max(int(height), 0)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def _is_utf8(path: str) -> bool:
    """Names in another encoding cannot stand in addresses, messages and manifests."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
