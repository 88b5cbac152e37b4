"""The output folder: published all or nothing, only where bytes differ, never over foreign files.

Everything is rendered into a staging folder before the first published file changes, so an error while
rendering publishes nothing.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from newsfeed.build.cache.file_stats import FileStat, file_stat
from newsfeed.build.folder_handle import FolderHandle, read_ordinary_file
from newsfeed.build.manifest import MANIFEST, amend_manifest, read_manifest, write_manifest
from newsfeed.build.ownership import is_proof, key_path, make_proof, read_key
from newsfeed.build.publish_result import PublishResult
from newsfeed.build.staging import COMPRESSED, Staging
from newsfeed.errors import ForeignOutputError, OutsideError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from newsfeed.build.manifest import Entry

_STAGING = ".newsfeed-staging"
_LOCK = ".newsfeed-lock"
_OURS = frozenset({MANIFEST, _STAGING, _LOCK})


class OutputFolder:
    """An output folder while it is open: no other build writes into it."""

    def __init__(self, folder: Path, handle: FolderHandle) -> None:
        self._folder = folder
        self._handle = handle

    @property
    def manifest(self) -> FileStat | None:
        """Return the stat of the manifest."""
        return file_stat(self._folder / MANIFEST)

    @cached_property
    def _known(self) -> tuple[dict[str, str], dict[str, str]]:
        return read_manifest(self._folder)

    def read(self, path: str) -> bytes:
        """Return the bytes of a published file; none when it is not there."""
        try:
            return self._handle.read(path)
        except OSError:
            return b""

    def stage_all(self, stats: Mapping[str, FileStat]) -> Staging:
        """Begin a whole site. ``stats``: path → what published files looked like with their digests."""
        is_new = not self._handle.is_file(MANIFEST)
        return Staging(self._folder, self._folder / _STAGING, self._known[0], stats, is_new=is_new)

    def stage_some(self) -> Staging:
        """Begin some files of the published site."""
        return Staging(self._folder, self._folder / _STAGING, {}, {})

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
        gone = sorted(path for path in old if self._is_ours(path))
        self._handle.check((*changed, *gone))
        # Until all is in place both old and new files are ours: a crash in between loses track of none.
        write_manifest(self._handle, _sorted({**before, **digests}), _sorted({**noted, **new_notes}))
        for path in self._put_in_place(changed, gone):
            stats[path] = file_stat(f"{self._folder}/{path}") or ()
        if old or noted.keys() - new_notes.keys():
            write_manifest(self._handle, digests.items(), _sorted(new_notes))
        return PublishResult(len(changed), len(files) - len(changed), len(gone), stats)

    def commit_some(self, staging: Staging, removed: Collection[str], total: int) -> PublishResult:
        """Publish the staged files, and remove some; the others stay. ``total``: files that are published."""
        files = staging.files()
        changed = [file.path for file in files if file.is_staged]
        self._handle.check((*changed, *removed))
        new = {file.path for file in files if self._handle.status(file.path) is None}
        notes = {file.path: file.note for file in files if file.note}
        digests: dict[str, str | None] = {file.path: file.digest for file in files if file.is_staged}
        if new:  # a crash before the end must not lose track of them
            amend_manifest(self._handle, {path: digests[path] for path in new}, notes)
        self._put_in_place(changed, [path for path in removed if self._is_ours(path)])
        amend_manifest(self._handle, {**digests, **dict.fromkeys(removed)}, notes)
        total += len(new) - len(removed)
        stats = {file.path: file_stat(f"{self._folder}/{file.path}") or () for file in files}
        return PublishResult(len(changed), total - len(changed), len(removed), stats)

    def _is_ours(self, path: str) -> bool:
        """Tell whether a path can be deleted: one of an edited manifest, or a link, may lie elsewhere."""
        try:
            return path not in _OURS and self._handle.is_file(path)
        except (OSError, ValueError):  # no file can have such a name
            return False

    def _put_in_place(self, changed: Sequence[str], gone: Sequence[str]) -> list[str]:
        """Move staged files to their places, so that no published page names a missing file (`_steps`).
        Returns the files that were moved one by one.
        """
        obstacles = _in_the_way(gone, changed)
        for path in obstacles:
            self._remove(path)
        folders, files = _steps(self._handle, changed)
        for path in (*folders, *files):
            self._handle.move(f"{_STAGING}/{path}", path)
        for path in sorted(gone, key=_rank, reverse=True):
            if path not in obstacles:
                self._remove(path)
        return files

    def _remove(self, path: str) -> None:
        """Delete one of our files, and the folders it leaves empty."""
        self._handle.remove(path)
        above = path.rpartition("/")[0]
        while above and self._handle.remove_folder(above):
            above = above.rpartition("/")[0]


@contextmanager
def open_output(folder: Path) -> Iterator[OutputFolder]:
    """Open an output folder for one build, with an empty staging folder inside.

    Raises `ForeignOutputError` when the folder is in use for something else, `OutsideError` when another
    build writes into it, or the disk lets us down.
    """
    key = read_key(key_path(os.environ))
    with _opened(folder, key) as handle:
        _refuse_what_is_foreign(handle, folder, key)
        with _locked(handle, key):
            try:
                handle.remove_tree(_STAGING)
                handle.make_folder(_STAGING)
                yield OutputFolder(folder, handle)
            finally:
                handle.remove_tree(_STAGING)


def adopt_output(folder: Path) -> None:
    """Take over an output folder that newsfeed made elsewhere, or for somebody else."""
    key = read_key(key_path(os.environ))
    with _opened(folder, key) as handle:
        if not handle.is_file(MANIFEST):
            _refuse_what_is_foreign(handle, folder, key)
        with _locked(handle, key):
            pass


@contextmanager
def _opened(folder: Path, key: bytes) -> Iterator[FolderHandle]:
    """Open a folder. It may be reached over a link, as web servers like it, when that is one of ours."""
    try:
        real = folder
        if folder.is_symlink() and folder.is_dir() and _is_proved(folder / _LOCK, key):
            real = folder.resolve()
        else:
            folder.mkdir(parents=True, exist_ok=True)
        with closing(FolderHandle(real)) as handle:
            yield handle
    except OSError as error:
        raise OutsideError(
            N_("cannot write {path}: {reason}"), path=folder / (error.filename or ""), reason=reason_of(error)
        ) from error


def _refuse_what_is_foreign(handle: FolderHandle, folder: Path, key: bytes) -> None:
    """Make sure that the folder is ours: new, empty, or with a proof that this user made it."""
    others = [name for name in handle.names() if name not in _OURS]
    if not others or is_proof(handle.read(_LOCK), key):
        return
    if handle.is_file(MANIFEST):
        raise ForeignOutputError(
            N_("{folder} was made by newsfeed, but not by you on this machine"),
            N_("look at what is in it; then “newsfeed build --adopt” takes it over"),
            folder=folder,
        )
    raise ForeignOutputError(
        N_("{folder} is not empty and was not made by newsfeed (it has {name})"),
        N_("name another folder with --output, or empty this one"),
        folder=folder,
        name=others[0],
    )


def _is_proved(lock: Path, key: bytes) -> bool:
    try:
        return is_proof(read_ordinary_file(lock), key)
    except FileNotFoundError:
        return False


@contextmanager
def _locked(handle: FolderHandle, key: bytes) -> Iterator[None]:
    """Keep other builds out, and prove to later ones that the folder is ours."""
    with os.fdopen(handle.open_file(_LOCK, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutsideError(
                N_("another build is writing this folder"), N_("run it again when that is done")
            ) from error
        if not is_proof(lock.read(), key):
            lock.seek(0)
            lock.truncate()
            lock.write(make_proof(key))
        yield


def _sorted(entries: Mapping[str, str]) -> list[Entry]:
    return sorted(entries.items())


def _steps(handle: FolderHandle, paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return what is moved, in this order: folders that are not there yet, as a whole; then files.

    What is new comes first: nobody is led there before the last of it is in place. Then what changes,
    which names new and old. A compressed copy follows its original at once.
    """
    there = {"": True}
    folders: dict[str, None] = {}
    files = []

    def is_there(path: str) -> bool:
        if path not in there:
            above = path.rpartition("/")[0]
            there[path] = is_there(above) and handle.is_folder(path)
            if there[above] and not there[path]:
                folders[path] = None
        return there[path]

    for path in paths:
        if is_there(path.rpartition("/")[0]):
            files.append(path)

    def place(path: str) -> tuple[bool, int, str, str]:
        return handle.status(path.removesuffix(COMPRESSED)) is not None, *_rank(path)

    return sorted(folders), sorted(files, key=place)


def _rank(path: str) -> tuple[int, str, str]:
    """Rank a path: files before the texts that show them, pages before the lists and feeds that name them.
    What goes, goes the other way round.
    """
    original = path.removesuffix(COMPRESSED)
    if not original.endswith((".html", ".xml", ".rss", ".atom", ".json", ".opml")):
        rank = 0
    elif "/news/" in original:
        rank = 1
    else:
        rank = 2 if original.endswith(".html") else 3
    return rank, original, path


def _in_the_way(gone: Sequence[str], changed: Sequence[str]) -> set[str]:
    """Return old files that stand where a new folder must be, or in a folder that becomes a file."""
    if not gone:
        return set()
    files, folders = set(changed), {above for path in changed for above in _folders_of(path)}
    return {path for path in gone if path in folders or not files.isdisjoint(_folders_of(path))}


def _folders_of(path: str) -> list[str]:
    return [above.as_posix() for above in PurePosixPath(path).parents]
