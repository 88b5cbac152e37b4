"""Write the files of a commit into a folder, and bring that folder from one commit to another.

There are two folders, used in turn: the site is read from one, while the other becomes the next commit. A
link, ``current``, says which; it moves when the next commit is published, and stays when that cannot be.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.publishing.commit_files import EXECUTABLE, LINK, CommitFile, is_safe_path
from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import make_private_folder
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from newsfeed.sources.git_mirror import BlobReader, GitMirror

_NAMES = ("a", "b")
_COMMIT = ".commit"
"""Beside a folder: the commit that is in it, and the id of its folder if that is all; written last and
removed first.
"""


@dataclass(frozen=True, slots=True)
class Checkouts:
    """The two folders, and which of them is published."""

    folder: Path

    @property
    def current(self) -> Path | None:
        """Return the folder of the published commit, if there is one."""
        try:
            name = (self.folder / "current").readlink().name
        except OSError:
            return None
        return self.folder / name if name in _NAMES else None

    def commit_of(self, tree: Path) -> str:
        """Return the commit that is in one of the folders; empty while it is being written."""
        return _Content.of(tree).commit

    def check_out(self, mirror: GitMirror, commit: str, site: str = "") -> Path:
        """Bring the folder that is not published to a commit whose files were checked; return it.

        site: the id of the one folder of the commit that is wanted; empty: all of it.
        """
        current = self.current
        name = next(one for one in _NAMES if current is None or one != current.name)
        try:
            make_private_folder(self.folder)
            with _locked(self.folder / f"{name}.lock", fcntl.LOCK_EX):
                _bring(self.folder / name, mirror, _Content(commit, site or commit))
        except OSError as error:
            raise OutsideError(
                N_("cannot write {path}: {reason}"),
                path=error.filename or self.folder,
                reason=reason_of(error),
            ) from error
        return self.folder / name

    def publish(self, tree: Path) -> None:
        """Let ``current`` lead to a folder from now on."""
        new = self.folder / "current.new"
        with suppress(FileNotFoundError):
            new.unlink()
        new.symlink_to(tree.name)
        os.replace(new, self.folder / "current")

    @contextmanager
    def reading(self) -> Iterator[Path | None]:
        """Hold the published folder as it is while it is read; ``None`` when nothing is published yet."""
        while True:
            tree = self.current
            if tree is None:
                yield None
                return
            with _locked(self.folder / f"{tree.name}.lock", fcntl.LOCK_SH):
                if self.current == tree:  # else another commit was published while we waited
                    yield tree
                    return


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, kind)
        yield
    finally:
        os.close(descriptor)


class _Content(NamedTuple):
    """The content of a folder: all of a commit, or one folder of it."""

    commit: str
    tree: str
    """Id of what is there; the commit itself, when that is all of it."""

    @classmethod
    def of(cls, tree: Path) -> _Content:
        try:
            words = tree.with_name(tree.name + _COMMIT).read_text("ascii").split()
        except OSError:
            return cls("", "")
        return cls(words[0], words[-1]) if words else cls("", "")

    def write(self, tree: Path) -> None:
        words = dict.fromkeys(self)
        tree.with_name(tree.name + _COMMIT).write_text(" ".join(words), "ascii")


def _bring(tree: Path, mirror: GitMirror, content: _Content) -> None:
    """Bring a folder to a commit: by what differs from the one in it, or from nothing."""
    before = _Content.of(tree)
    if before == content:
        return
    with suppress(FileNotFoundError):
        tree.with_name(tree.name + _COMMIT).unlink()
    if tree.is_dir() and mirror.has(before.tree):
        _amend(tree, mirror, mirror.changes(before.tree, content.tree))
    else:
        shutil.rmtree(tree, ignore_errors=True)
        tree.mkdir(mode=0o700)
        _amend(tree, mirror, ((one, one.path) for one in mirror.files(content.tree)))
    content.write(tree)


def _amend(tree: Path, mirror: GitMirror, changes: Iterable[tuple[CommitFile | None, str]]) -> None:
    """Remove all that is gone or changed, the deepest first, and only then write: a file may have become a
    folder, a folder a link, and git names the new one first.
    """
    written, gone = [], []
    for one, path in changes:
        if not is_safe_path(path):  # it was looked at before; but a path is what does the harm
            raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason="")
        gone.append(path)
        if one is not None:
            written.append(one)
    for path in sorted(gone, key=lambda path: path.count("/"), reverse=True):
        _remove(tree, path)
    folders = {tree}
    with mirror.contents() as read:
        for one in written:
            _make_folder((tree / one.path).parent, folders)
            _write(tree / one.path, one, read)


def _remove(tree: Path, path: str) -> None:
    """Remove a file, and the folders that are empty then."""
    place = tree / path
    above = place.parents[: path.count("/")]
    if any(folder.is_symlink() for folder in above):  # what is behind it is another file
        return
    try:
        place.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError:
        if not place.is_dir():
            raise
        shutil.rmtree(place)  # only what no commit has brought is left in it
    with suppress(OSError):  # it has other files
        for folder in above:
            folder.rmdir()


def _make_folder(folder: Path, known: set[Path]) -> None:
    """Make a folder and those above it. Raises `OSError` where a link is in its place: nothing is written
    through one. ``known``: those that are no links; the new ones are added.
    """
    if folder in known:
        return
    _make_folder(folder.parent, known)
    if folder.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(folder))
    if folder.is_file():  # no commit has brought it
        folder.unlink()
    folder.mkdir(exist_ok=True)
    known.add(folder)


def _write(path: Path, one: CommitFile, read: BlobReader) -> None:
    if one.mode == LINK:
        path.symlink_to(os.fsdecode(read.whole(one.blob)))
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o755 if one.mode == EXECUTABLE else 0o644), "wb") as file:
        for piece in read.pieces(one.blob):
            file.write(piece)
