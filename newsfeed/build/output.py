"""The output folder: published all or nothing, only where bytes differ, never over foreign files.

Everything is rendered into a staging folder before the first published file changes, so an error while
rendering publishes nothing.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from newsfeed.build.cache.file_stats import FileStat, file_stat
from newsfeed.build.manifest import MANIFEST, amend_manifest, read_manifest, write_manifest
from newsfeed.build.publish_result import PublishResult
from newsfeed.build.staging import COMPRESSED, Staging
from newsfeed.errors import ForeignOutputError, OutsideError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from newsfeed.build.manifest import Entry

_STAGING = ".newsfeed-staging"
_LOCK = ".newsfeed-lock"
_OURS = frozenset({MANIFEST, _STAGING, _LOCK})


class OutputFolder:
    """An output folder while it is open: no other build writes into it."""

    def __init__(self, folder: Path, staging: Path) -> None:
        self._folder = folder
        self._staging = staging

    @property
    def manifest(self) -> FileStat | None:
        """What the manifest looks like from outside."""
        return file_stat(self._folder / MANIFEST)

    @cached_property
    def _known(self) -> tuple[dict[str, str], dict[str, str]]:
        return read_manifest(self._folder)

    def read(self, path: str) -> bytes:
        """Return the bytes of a published file; none when it is not there."""
        try:
            return (self._folder / path).read_bytes()
        except OSError:
            return b""

    def stage_all(self, stats: Mapping[str, FileStat]) -> Staging:
        """Begin a whole site. ``stats``: path → what published files looked like with their digests."""
        is_new = not (self._folder / MANIFEST).exists()
        return Staging(self._folder, self._staging, self._known[0], stats, is_new=is_new)

    def stage_some(self) -> Staging:
        """Begin some files of the published site."""
        return Staging(self._folder, self._staging, {}, {})

    def commit(self, staging: Staging, notes: Mapping[str, str]) -> PublishResult:
        """Publish exactly the staged files. ``notes``: what the manifest is to know of other pages."""
        before, noted = self._known
        files = staging.files()
        digests = {file.path: file.digest for file in files}
        new_notes = {**notes, **{file.path: file.note for file in files if file.note}}
        stats = {file.path: file.stat for file in files}
        changed = [file.path for file in files if file.is_staged]
        if not changed and digests == before and new_notes == noted:
            return PublishResult(0, len(files), 0, stats)
        old = before.keys() - digests.keys()
        gone = sorted(path for path in old if _is_ours(self._folder, path))
        # Until all is in place both old and new files are ours: a crash in between loses track of none.
        write_manifest(self._folder, _sorted({**before, **digests}), _sorted({**noted, **new_notes}))
        for path in _put_in_place(self._folder, self._staging, changed, gone):
            stats[path] = file_stat(f"{self._folder}/{path}") or ()
        if old or noted.keys() - new_notes.keys():
            write_manifest(self._folder, digests.items(), _sorted(new_notes))
        return PublishResult(len(changed), len(files) - len(changed), len(gone), stats)

    def commit_some(self, staging: Staging, removed: Collection[str], total: int) -> PublishResult:
        """Publish the staged files, and remove some; the others stay. ``total``: files that are published."""
        files = staging.files()
        changed = [file.path for file in files if file.is_staged]
        new = {file.path for file in files if not (self._folder / file.path).exists()}
        notes = {file.path: file.note for file in files if file.note}
        digests: dict[str, str | None] = {file.path: file.digest for file in files if file.is_staged}
        if new:  # a crash before the end must not lose track of them
            amend_manifest(self._folder, {path: digests[path] for path in new}, notes)
        gone = [path for path in removed if _is_ours(self._folder, path)]
        _put_in_place(self._folder, self._staging, changed, gone)
        amend_manifest(self._folder, {**digests, **dict.fromkeys(removed)}, notes)
        total += len(new) - len(removed)
        stats = {file.path: file_stat(f"{self._folder}/{file.path}") or () for file in files}
        return PublishResult(len(changed), total - len(changed), len(removed), stats)


@contextmanager
def open_output(folder: Path) -> Iterator[OutputFolder]:
    """Open an output folder for one build, with an empty staging folder inside.

    Raises `ForeignOutputError` when the folder is in use for something else, `OutsideError` when another
    build writes into it, or the disk lets us down.
    """
    staging = folder / _STAGING
    try:
        _claim(folder)
        with _locked(folder):
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir()
            try:
                yield OutputFolder(folder, staging)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        raise OutsideError(f"cannot write the site: {error.strerror}{where}") from error


def _sorted(entries: Mapping[str, str]) -> list[Entry]:
    return sorted(entries.items())


def _put_in_place(folder: Path, staging: Path, changed: Sequence[str], gone: Sequence[str]) -> list[str]:
    """Nothing dangles at any moment: see `_steps`. Returns the files that were moved one by one."""
    obstacles = _in_the_way(gone, changed)
    for path in obstacles:
        _remove(folder, path)
    folders, files = _steps(folder, changed)
    for path in (*folders, *files):
        os.replace(f"{staging}/{path}", f"{folder}/{path}")
    for path in sorted(gone, key=_rank, reverse=True):
        if path not in obstacles:
            _remove(folder, path)
    return files


def _steps(folder: Path, paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """What is moved, in this order: folders that are not there yet, as a whole; then files. What is new
    comes first: nobody is led there before the last of it is in place. Then what changes, which names
    new and old. A compressed copy follows its original at once.
    """
    there = {"": True}
    folders: dict[str, None] = {}
    files = []

    def is_there(path: str) -> bool:
        if path not in there:
            above = path.rpartition("/")[0]
            there[path] = is_there(above) and os.path.isdir(f"{folder}/{path}")
            if there[above] and not there[path]:
                folders[path] = None
        return there[path]

    for path in paths:
        if is_there(path.rpartition("/")[0]):
            files.append(path)

    def place(path: str) -> tuple[bool, int, str, str]:
        return os.path.exists(f"{folder}/{path.removesuffix(COMPRESSED)}"), *_rank(path)

    return sorted(folders), sorted(files, key=place)


def _rank(path: str) -> tuple[int, str, str]:
    """Files before the texts that show them, pages before the lists and feeds that name them. What
    goes, goes the other way round.
    """
    original = path.removesuffix(COMPRESSED)
    if not original.endswith((".html", ".xml", ".rss", ".atom", ".json", ".opml")):
        rank = 0
    elif "/news/" in original:
        rank = 1
    else:
        rank = 2 if original.endswith(".html") else 3
    return rank, original, path


def _claim(folder: Path) -> None:
    """Make sure the folder is ours: new, empty, or marked by our manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / MANIFEST).exists() or (folder / _LOCK).exists():
        return
    found = sorted(entry.name for entry in folder.iterdir() if entry.name not in _OURS)
    if found:
        raise ForeignOutputError(
            f"{folder} is not empty and was not made by newsfeed (it has {found[0]})",
            "name another folder with --output, or empty this one",
        )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutsideError(
                "another build is writing this folder", "run it again when that is done"
            ) from error
        yield


def _in_the_way(gone: Sequence[str], changed: Sequence[str]) -> set[str]:
    """Old files that stand where a new folder must be, or in a folder that becomes a file."""
    if not gone:
        return set()
    files, folders = set(changed), {above for path in changed for above in _folders_of(path)}
    return {path for path in gone if path in folders or not files.isdisjoint(_folders_of(path))}


def _folders_of(path: str) -> list[str]:
    return [above.as_posix() for above in PurePosixPath(path).parents]


def _remove(folder: Path, path: str) -> None:
    """Delete one of our files, and the folders it leaves empty."""
    (folder / path).unlink(missing_ok=True)
    parent = (folder / path).parent
    while parent != folder:
        try:
            parent.rmdir()
        except OSError:  # not empty: something else lives there
            return
        parent = parent.parent


def _is_ours(folder: Path, path: str) -> bool:
    """A manifest that somebody edited, or a link, must not make us delete anything elsewhere."""
    target = folder / path
    try:
        return (
            path not in _OURS
            and target.is_file()
            and target.parent.resolve().is_relative_to(folder.resolve())
        )
    except (OSError, ValueError):  # no file can have such a name
        return False
