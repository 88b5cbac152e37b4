"""Read a site's folder on disk: its texts and assets."""

from __future__ import annotations

import io
import os
import stat
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.core.content.asset_checks import DRAWING, MEASURED
from newsfeed.core.content.drawings import find_drawing_fault
from newsfeed.core.content.facts import guess_media_type
from newsfeed.core.content.sniffing import HEAD_BYTES, UNREADABLE, find_contradiction
from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import NOT_ORDINARY, open_file, pieces_of, replace_file, write_new
from newsfeed.marking import N_
from newsfeed.model import Asset, RawFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence

    from newsfeed.model import AssetStat

_ENDING = ".md"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/avif"})
"""Pictures that are made in other sizes; moving ones and drawings stay as they are."""
_MOST_BYTES = 50_000_000
"""A picture of more is published as it is."""
_BEGINNING = 2_000_000
"""Bytes of a picture: its size in pixels stands there, behind a preview and a colour profile at most."""


@dataclass(frozen=True, slots=True)
class _ContentFiles:
    """The files of one content folder, as paths in the site."""

    texts: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)


_NEVER = ("var", "public")
"""Folders of a site that hold secrets, the database and what is published; never content."""


class FilePieces:
    """The bytes of a file of any size, read anew and piece by piece each time that they are asked for.

    Raises `OutsideError` when it cannot be read.
    """

    def __init__(self, path: str, shown: str) -> None:
        """``shown``: its path in the site."""
        self._path = path
        self._shown = shown

    def __iter__(self) -> Iterator[bytes]:
        try:
            with open_file(self._path) as file:
                yield from pieces_of(file)
        except OSError as error:
            raise OutsideError(N_("{path}: {reason}"), path=self._shown, reason=reason_of(error)) from error


class FolderSource:
    """Reads the content folders below ``root``; never follows a link out of them."""

    def __init__(
        self,
        root: Path,
        size_limit: int,
        kinds: Sequence[str] = CONTENT_KINDS,
        known: MutableMapping[AssetStat, Asset] | None = None,
    ) -> None:
        """kinds: the folders.
        known: assets that were looked into before; those that are now are added.
        """
        self._root = root
        self._base = f"{root}/"
        self._kinds = kinds
        self._content_folders = self._real_content_folders()
        self._size_limit = size_limit
        self._known = known
        self._inside: set[str] = set()
        """Folders below it that were seen to lie in it."""

    def paths(self) -> Iterator[str]:
        """Yield every ``.md`` file, in the order of its path."""
        for content_files in self._walk():
            yield from content_files.texts

    def has(self, path: str) -> bool:
        """Return whether there is such a file, or a link to one."""
        return os.path.lexists(self._root / path)

    def assets(self) -> Iterator[Asset]:
        """Yield every other file that stays inside the site."""
        for content_files in self._walk():
            for path in content_files.assets:
                asset = self._asset(path)
                if asset is not None:
                    yield asset

    def asset(self, path: str) -> Asset | None:
        """Return one of the other files; ``None`` when it is no file of the site."""
        return self._asset(path) if _is_utf8(path) and self._is_inside(path) else None

    def read(self, path: str) -> bytes:
        """Return the bytes of one file."""
        try:
            return _bytes_of(self._base + path)
        except OSError as error:
            raise OutsideError(N_("{path}: {reason}"), path=path, reason=reason_of(error)) from error

    def pieces(self, path: str) -> FilePieces:
        """Return the bytes of one file, piece by piece."""
        return FilePieces(self._base + path, path)

    def rewrite(self, path: str, before: bytes, after: bytes) -> None:
        """Give a text other bytes, at once and with the same rights.

        Raises `OutsideError` when somebody changed it since ``before`` was read.
        """
        if not self._is_inside(path) or self.read(path) != before:
            raise OutsideError(N_("{path}: it was changed meanwhile"), N_("run the command again"), path=path)
        real = (self._root / path).resolve()
        try:
            replace_file(real, after)
        except OSError as error:
            raise OutsideError(N_("{path}: {reason}"), path=path, reason=reason_of(error)) from error

    def create(self, path: str, data: bytes) -> None:
        """Write a new text, with its folders.

        Raises `UsageError` when there is something of this name, `OutsideError` when it cannot be written.
        """
        real = Path(self._base + path)
        if self.has(path):
            raise UsageError(N_("{path} exists already"), N_("open it, or remove it first"), path=path)
        if not self._holds(os.path.realpath(real)):
            raise OutsideError(N_("{path}: it would not lie in the site"), path=path)
        try:
            real.parent.mkdir(parents=True, exist_ok=True)
            write_new(real, data)
        except OSError as error:
            raise OutsideError(
                N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)
            ) from error

    def stamp(self, path: str) -> tuple[int, ...]:
        """Return size, and the moments of the last changes of content and of anything (ns)."""
        try:
            found = os.stat(self._base + path)
        except OSError as error:
            raise OutsideError(N_("{path}: {reason}"), path=path, reason=reason_of(error)) from error
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns

    def added(self, paths: Collection[str]) -> Mapping[str, float]:
        """Return when files came into version control; see `newsfeed.ports.Source`."""
        from newsfeed.sources.git_history import read_ages

        return read_ages(self._root, paths)

    def _real_content_folders(self) -> tuple[str, ...]:
        """Return where content folders really lie: below the root, not in a folder of another purpose."""
        root = os.path.realpath(self._root) + os.sep
        folders = (os.path.realpath(self._base + kind) for kind in self._kinds)
        return tuple(
            folder
            for folder in folders
            if folder.startswith(root)
            and not _is_hidden(folder[len(root) :])
            and folder[len(root) :].partition(os.sep)[0] not in _NEVER
        )

    def _walk(self) -> Iterator[_ContentFiles]:
        self._content_folders = self._real_content_folders()
        for kind in sorted(self._kinds):
            content_files = _ContentFiles()
            self._scan(kind, os.path.realpath(self._base + kind), content_files, frozenset())
            yield _ContentFiles(sorted(content_files.texts), sorted(content_files.assets))

    def _scan(self, folder: str, real: str, content_files: _ContentFiles, above: frozenset[str]) -> None:
        if real in above:  # a link to a folder above it: going on would never end
            return
        if self._holds(real):
            self._inside.add(folder)
        else:
            self._inside.discard(folder)
        for entry in self._entries(folder):
            path = f"{folder}/{entry.name}"
            its_real = os.path.realpath(entry.path) if entry.is_symlink() else f"{real}/{entry.name}"
            stays, is_folder = self._holds(its_real), _is_folder(entry)
            if is_folder and stays:
                self._scan(path, its_real, content_files, above | {real})
            elif is_folder or path.endswith(_ENDING) or (entry.is_symlink() and not stays) or _is_odd(entry):
                content_files.texts.append(path)  # what leads out is told, as a text that cannot be read
            elif stays and _is_utf8(path):
                content_files.assets.append(path)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._base + folder) as entries:
                return [entry for entry in entries if not entry.name.startswith(".")]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise OutsideError(N_("{path}: {reason}"), path=folder, reason=reason_of(error)) from error

    def _is_inside(self, path: str) -> bool:
        return self._holds(os.path.realpath(self._base + path))

    def may_show(self, path: str) -> bool:
        """Return whether a file may be quoted: no link to a secret, a hidden file or out of the site."""
        real, root = os.path.realpath(self._base + path), os.path.realpath(self._root) + os.sep
        if path.partition("/")[0] in CONTENT_KINDS:
            return self._holds(real)
        inside = real.removeprefix(root)
        return inside != real and not _is_hidden(inside) and inside.partition(os.sep)[0] not in _NEVER

    def _holds(self, real: str) -> bool:
        for folder in self._content_folders:
            if real == folder or real.startswith(folder + os.sep):
                return not _is_hidden(real[len(folder) :])
        return False

    def text(self, path: str) -> RawFile:
        """Return a text file with its bytes, or the reason why it cannot be read."""
        if not _is_utf8(path):
            return RawFile(path, None, "unreadable", N_("its name is not UTF-8"))
        try:
            return self._text(path)
        except OSError as error:
            return RawFile(path, None, "unreadable", str(reason_of(error)))

    def _text(self, path: str) -> RawFile:
        full = self._base + path
        # What is no link, in a folder that was seen to be inside, is inside.
        status = os.lstat(full) if path.rpartition("/")[0] in self._inside else None
        if status is None or stat.S_ISLNK(status.st_mode):
            if not self._is_inside(path):
                return RawFile(path, None, "symlink-outside")
            status = os.stat(full)
        if not stat.S_ISREG(status.st_mode):
            return RawFile(path, None, "unreadable", NOT_ORDINARY)
        if status.st_size > self._size_limit:
            return RawFile(path, None, size=status.st_size)
        data = _bytes_of(full)
        return RawFile(path, data, size=len(data))

    def _asset(self, path: str) -> Asset | None:
        try:
            status = os.stat(self._base + path)
        except OSError:  # a dangling link: whoever links to it is told so, at the link
            return None
        if not stat.S_ISREG(status.st_mode):
            return None
        if self._known is None:
            return self._look_at(path, status.st_size)
        seen = path, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        if seen not in self._known:
            self._known[seen] = self._look_at(path, status.st_size)
        return self._known[seen]

    def _look_at(self, path: str, size: int) -> Asset:
        kind = guess_media_type(path)
        width, height = self._dimensions(path) if kind in MEASURED else (0, 0)
        asset = Asset(path, size, kind, width, height, self._contradiction(path, kind))
        if size >= _MOST_BYTES or asset.content_type:
            return asset
        if kind == DRAWING:
            return self._checked_drawing(asset)
        return self._looked_into(asset) if kind in PICTURES and width else asset

    def _checked_drawing(self, asset: Asset) -> Asset:
        """Return a drawing with what it does beside showing something; one that is no XML shows nothing."""
        try:
            fault = find_drawing_fault(_bytes_of(self._base + asset.path))
        except OSError:
            return asset
        return replace(asset, active=(fault.what, fault.line)) if fault and not fault.is_broken else asset

    def _looked_into(self, asset: Asset) -> Asset:
        """Return a picture as readers get it."""
        from newsfeed.sources.picture_files import look_into

        try:
            return look_into(asset, _bytes_of(self._base + asset.path))
        except OSError:
            return asset

    def _contradiction(self, path: str, kind: str) -> str:
        """Return what a file's first bytes show, if it is not what its name says."""
        try:
            with open_file(self._base + path) as file:
                return find_contradiction(kind, file.read(HEAD_BYTES))
        except OSError:
            return UNREADABLE

    def _dimensions(self, path: str) -> tuple[int, int]:
        import imagesize

        try:
            with open_file(self._base + path) as file:
                # Of a long one the beginning: in some formats each byte is looked at.
                is_long = os.fstat(file.fileno()).st_size > _BEGINNING
                width, height = imagesize.get(io.BytesIO(file.read(_BEGINNING)) if is_long else file)
        except (OSError, ValueError):
            return 0, 0
        return max(int(width), 0), max(int(height), 0)


def _bytes_of(path: str) -> bytes:
    with open_file(path) as file:
        return file.read()


def _is_hidden(path: str) -> bool:
    """Return whether a part of a path begins with a dot, as ``.git`` does."""
    return f"{os.sep}." in f"{os.sep}{path.lstrip(os.sep)}"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def _is_odd(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is neither file, folder nor link: a pipe, a socket, a device."""
    return not entry.is_symlink() and not entry.is_file()


def _is_utf8(path: str) -> bool:
    """Return whether a path is UTF-8; others cannot stand in addresses, messages and manifests."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
