"""Read a published site into memory: each address, and what is answered there.

Addresses are looked up in a table of the files that were found: no path is made of what a visitor sends.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsfeed.build.cache.file_stats import file_stat
from newsfeed.build.manifest import read_manifest
from newsfeed.core.site.redirects import REDIRECT_FILES
from newsfeed.core.site.urls import INDEX, encode_path
from newsfeed.web.served_files import LargeFile, ServedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from newsfeed.build.cache.file_stats import FileStat
    from newsfeed.web.file_headers import FileHeaders

LARGE = 4_000_000
"""Bytes of a file that is not kept in memory."""
MEMORY = 512_000_000
"""Bytes of all files that are kept in memory; the largest of those beyond that stay on the disk."""
_SHOWN = ".well-known"
"""The one hidden name that is for others (RFC 8615)."""
_FOR_SERVERS = frozenset(REDIRECT_FILES.values())
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

File = ServedFile | LargeFile


@dataclass(frozen=True, slots=True)
class ServedSite:
    """A site as it was published at one moment."""

    files: Mapping[str, File] = field(default_factory=dict)
    """Address → file; addresses are decoded, and begin with the path of the site's own."""
    redirects: Mapping[str, str] = field(default_factory=dict)
    """Old address → new one, which is encoded."""
    by_path: Mapping[str, File] = field(default_factory=dict)
    """Path in the output folder → file."""
    unsettled: Mapping[str, FileStat] = field(default_factory=dict)
    """Files that are not as the manifest says, and what they look like: somebody is writing."""


NO_SITE = ServedSite()
"""Nothing is published yet."""


def read_site(folder: Path, base_path: str, headers: FileHeaders, last: ServedSite = NO_SITE) -> ServedSite:
    """Read the site in an output folder; empty where there is none.

    base_path: of the site's addresses, with a slash at both ends; last: the site as it was read before: files
    that look as they did then are not read again.
    """
    by_path: dict[str, File] = {}
    redirects, room = b"", MEMORY
    for path, seen, place in _list_files(folder):
        known = last.by_path.get(path)
        if path in _FOR_SERVERS:
            redirects += (_read(place, path) or b"") if path == REDIRECT_FILES["netlify"] else b""
        elif known is not None and known.stat == seen:
            by_path[path] = known
        elif seen[0] > min(LARGE, room):
            by_path[path] = LargeFile(path, seen, headers)
        elif (data := _read(place, path)) is not None:
            by_path[path] = ServedFile(path, data, seen, headers)
        room -= seen[0] if isinstance(by_path.get(path), ServedFile) else 0
    return ServedSite(
        files=dict(_list_addresses(by_path, base_path)),
        redirects={**_list_folders(by_path, base_path), **_parse_redirects(redirects)},
        by_path=by_path,
        unsettled=dict(_list_unsettled(by_path, read_manifest(folder)[0])),
    )


def look_at(folder: Path, paths: Iterable[str]) -> dict[str, FileStat]:
    """Return what some files look like now; nothing of those that are not there."""
    return {path: file_stat(folder / path) or () for path in paths}


def _list_files(folder: Path) -> Iterator[tuple[str, FileStat, int]]:
    """Yield all ordinary files that are not hidden: path, stat, and a handle of their folder. No link is
    followed below the folder itself.
    """
    top = str(folder.resolve())
    if not os.path.isdir(top):  # noqa: PTH112 - beside the other calls
        return
    for above, folders, names, place in os.fwalk(top, follow_symlinks=False):
        folders[:] = sorted(name for name in folders if _is_shown(name))
        start = above.removeprefix(top).removeprefix("/")
        for name in sorted(filter(_is_shown, names)):
            try:
                found = os.stat(name, dir_fd=place, follow_symlinks=False)
            except FileNotFoundError:  # a build has just removed it
                continue
            if stat.S_ISREG(found.st_mode):
                path = f"{start}/{name}" if start else name
                yield path, (found.st_size, found.st_mtime_ns, found.st_ctime_ns), place


def _is_shown(name: str) -> bool:
    return not name.startswith(".") or name == _SHOWN


def _read(place: int, path: str) -> bytes | None:
    """Return the bytes of a file in an open folder; ``None`` when it is gone, or not for us."""
    try:
        with os.fdopen(os.open(path.rpartition("/")[2], _READ, dir_fd=place), "rb") as file:
            return file.read()
    except OSError:
        return None


def _list_addresses(by_path: Mapping[str, File], base_path: str) -> Iterator[tuple[str, File]]:
    """Yield each file with its address; a page has that of its folder, too."""
    for path, file in by_path.items():
        yield base_path + path, file
        if path == INDEX or path.endswith(f"/{INDEX}"):
            yield base_path + path.removesuffix(INDEX), file


def _list_folders(by_path: Mapping[str, File], base_path: str) -> dict[str, str]:
    """Return the addresses of folders without their last slash, and where they lead."""
    pages = [path.removesuffix(INDEX) for path in by_path if path.endswith(f"/{INDEX}")]
    root = {base_path[:-1]: base_path} if len(base_path) > 1 else {}
    return root | {base_path + page[:-1]: base_path + encode_path(page) for page in pages}


def _parse_redirects(data: bytes) -> dict[str, str]:
    """Read the file of redirects that each build writes: an old address, a new one, a status."""
    rows = (line.split() for line in data.decode("ascii", "replace").splitlines())
    return {unquote(row[0]): row[1] for row in rows if len(row) == 3 and _is_here(row[1])}


def _is_here(target: str) -> bool:
    """Tell whether a redirect stays on the site: browsers take two slashes for the name of another host."""
    return target.startswith("/") and not target.startswith(("//", "/\\"))


def _list_unsettled(
    by_path: Mapping[str, File], digests: Mapping[str, str]
) -> Iterator[tuple[str, FileStat]]:
    for path, digest in digests.items():
        file = by_path.get(path)
        if path in _FOR_SERVERS or isinstance(file, LargeFile):
            continue
        if file is None:
            yield path, ()
        elif file.digest != digest:
            yield path, file.stat
