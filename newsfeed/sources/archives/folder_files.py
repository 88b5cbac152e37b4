"""The folder of another program's site: its files by name, and nothing that lies outside of it."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import read_file
from newsfeed.marking import N_
from newsfeed.sources.archives.heads import HeadUnreadableError
from newsfeed.sources.archives.opening import decode_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PASSED_OVER = frozenset(
    {"node_modules", "public", "_site", "output", "resources", "cache", "__pycache__", "vendor"}
)
"""Folders of what programs made or brought along, at the top of a site."""
_OF_THEMES = frozenset({"themes", "layouts", "archetypes", "templates", "plugins", "newsfeed-site"})
_DOCUMENTS = (
    ".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ods", ".csv", ".ppt", ".pptx", ".odp", ".epub",
    ".zip", ".mp3", ".ogg", ".m4a", ".mp4", ".webm", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif",
    ".svg",
)  # fmt: skip
_MOST_FILES = 500_000
_MOST_TEXT = 20_000_000


class FolderFiles:
    """All files below a folder, but for hidden ones and links that lead out of it."""

    def __init__(self, root: Path, static: Sequence[str] = ()) -> None:
        """static: folders whose files were published at the top of the site.

        Raises `OutsideError` when the folder cannot be read.
        """
        if not root.is_dir():
            raise UsageError(N_("{path} is no folder"), N_("look at what --from says"), path=root)
        self.root = root
        self.names = sorted(self._walk())
        self._known = frozenset(self.names)
        self._static = static
        self._found: set[str] = set()

    def _walk(self) -> Iterable[str]:
        real_root = os.path.realpath(self.root)
        found = []
        for folder, folders, files in os.walk(self.root, onerror=self._fail):
            inner = os.path.relpath(folder, self.root).replace(os.sep, "/")
            prefix = "" if inner == "." else f"{inner}/"
            folders[:] = sorted(
                one for one in folders if one[0] != "." and (prefix or one not in _PASSED_OVER)
            )
            for name in files:
                path = Path(folder, name)
                if name[0] == "." or not _is_utf8(name):
                    continue
                if path.is_symlink() and not os.path.realpath(path).startswith(real_root + os.sep):
                    continue
                found.append(prefix + name)
            if len(found) > _MOST_FILES:
                raise OutsideError(N_("{path} has too many files"), path=self.root)
        return found

    def _fail(self, error: OSError) -> None:
        raise OutsideError(
            N_("cannot read {path}: {reason}"), path=error.filename, reason=reason_of(error)
        ) from error

    def find(self, origin: str, target: str) -> str:
        """Return the file that a text means by a target: beside it, or in a static folder; else nothing."""
        path = _path_of(target)
        if not path:
            return ""
        folders = self._static if path.startswith("/") else (posixpath.dirname(origin), *self._static)
        for folder in folders:
            name = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
            if name in self._known:
                self._found.add(name)
                return name
        return ""

    def unnamed(self) -> list[str]:
        """Return the pictures, documents and the like that no text has named so far."""
        return [
            name
            for name in self.names
            if "/" in name
            and name.lower().endswith(_DOCUMENTS)
            and name not in self._found
            and name.partition("/")[0] not in _OF_THEMES
        ]

    def read(self, name: str) -> bytes:
        """Return the bytes of a file. Raises `OutsideError`."""
        if name not in self._known:
            raise OutsideError(N_("there is no {path}"), path=name)
        try:
            return read_file(self.root / name)
        except OSError as error:
            raise OutsideError(
                N_("cannot read {path}: {reason}"), path=name, reason=reason_of(error)
            ) from error

    def text(self, name: str) -> str:
        """Return a file as text. Raises `OutsideError`, and `HeadUnreadableError` for one of a size that no
        text has.
        """
        data = self.read(name) if self._size(name) <= _MOST_TEXT else None
        if data is None:
            raise HeadUnreadableError(f"> {_MOST_TEXT // 1_000_000} MB")
        return decode_text(data).replace("\r\n", "\n").replace("\r", "\n")

    def _size(self, name: str) -> int:
        try:
            return (self.root / name).stat().st_size
        except OSError:
            return 0  # reading it says why

    def first(self, *names: str) -> str:
        """Return the first of these files that there is; else nothing."""
        return next((name for name in names if name in self._known), "")


def _path_of(target: str) -> str:
    """Return the path in a target; empty when it is a whole address, or none."""
    try:
        parts = urlsplit(target.strip())
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc or "\0" in target else unquote(parts.path)


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def stem_of(name: str) -> str:
    """Return the name of a file without folders and ending."""
    return Path(name).stem
