"""A folder held open by its handle: what lies below it is reached part by part, and never through a link.

An output folder may come out of somebody's repository. A link in it, ``en`` → ``/home/ann``, would have us
write and delete in other folders than the one that was named (CWE-59), so every change goes through here.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from newsfeed.errors import ForeignOutputError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_OPEN = 100
"""Handles that are kept; neighbours mostly share theirs."""


class FolderHandle:
    """Changes below a folder, without following links. Close it after use.

    Raises `ForeignOutputError` where a link, or something that is no folder, stands in the way.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handles = {"": self._open(str(folder), None, "")}

    def close(self) -> None:
        """Close all handles."""
        for handle in self._handles.values():
            os.close(handle)
        self._handles.clear()

    def names(self) -> list[str]:
        """Return the names in the folder itself."""
        return sorted(os.listdir(self._handles[""]))  # noqa: PTH208 - of a handle, not of a path

    def check(self, paths: Iterable[str]) -> None:
        """Check that no folder on the way to these files is a link, before anything is changed."""
        for above in sorted({path.rpartition("/")[0] for path in paths}):
            self._let_go_of_some()
            with suppress(FileNotFoundError, NotADirectoryError):  # a file of ours gives way to a folder
                self._handle(above)

    def status(self, path: str) -> os.stat_result | None:
        """Return what a file looks like from outside, a link as a link; ``None`` when there is none."""
        self._let_go_of_some()
        try:
            return os.stat(self._name(path), dir_fd=self._parent(path), follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def is_file(self, path: str) -> bool:
        """Tell whether there is an ordinary file."""
        try:
            status = self.status(path)
        except ForeignOutputError:
            return False
        return status is not None and stat.S_ISREG(status.st_mode)

    def is_folder(self, path: str) -> bool:
        """Tell whether there is a folder, and not a link to one."""
        status = self.status(path)
        return status is not None and stat.S_ISDIR(status.st_mode)

    def open_file(self, path: str, flags: int, mode: int = 0o666) -> int:
        """Open an ordinary file; returns its descriptor."""
        flags |= os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe would make us wait for ever
        try:
            descriptor = os.open(self._name(path), flags, mode, dir_fd=self._parent(path))
        except OSError as error:
            raise self._refusal(path, error) from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise self._foreign(path, N_("{where} is no ordinary file; nothing is written through it"))
        return descriptor

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; none when it is not there."""
        try:
            with os.fdopen(self.open_file(path, os.O_RDONLY), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""

    def move(self, source: str, target: str) -> None:
        """Move a file or folder to another place below; what was there, a link for instance, is replaced."""
        self._let_go_of_some()
        os.replace(
            self._name(source),
            self._name(target),
            src_dir_fd=self._parent(source),
            dst_dir_fd=self._parent(target),
        )

    def remove(self, path: str) -> None:
        """Delete a file, or a link itself."""
        self._let_go_of_some()
        with suppress(FileNotFoundError):
            os.unlink(self._name(path), dir_fd=self._parent(path))

    def remove_folder(self, path: str) -> bool:
        """Delete a folder if it is empty; return whether it was."""
        try:
            os.rmdir(self._name(path), dir_fd=self._parent(path))
        except OSError:
            return False
        handle = self._handles.pop(path, None)
        if handle is not None:
            os.close(handle)
        return True

    def remove_tree(self, path: str) -> None:
        """Delete a folder with all that is in it; links in it are deleted, not followed."""
        for folder in [folder for folder in self._handles if f"{folder}/".startswith(f"{path}/")]:
            os.close(self._handles.pop(folder))
        status = self.status(path)
        if status is None:
            return
        if stat.S_ISDIR(status.st_mode):
            import shutil  # takes as long to load as a build in which nothing changed has to spare

            shutil.rmtree(self._name(path), ignore_errors=True, dir_fd=self._parent(path))
        else:
            self.remove(path)

    def make_folder(self, path: str) -> None:
        """Make a folder that is not there."""
        os.mkdir(self._name(path), dir_fd=self._parent(path))

    def _parent(self, path: str) -> int:
        return self._handle(path.rpartition("/")[0])

    def _let_go_of_some(self) -> None:
        """Close handles, when there are many; only between two changes, for each needs up to two."""
        if len(self._handles) > _MOST_OPEN:
            for folder in [folder for folder in self._handles if folder]:
                os.close(self._handles.pop(folder))

    def _name(self, path: str) -> str:
        name = path.rpartition("/")[2]
        if name in {"", ".", ".."} or "\0" in path:
            raise self._foreign(path, N_("{where} is no name of a file; nothing is written there"))
        return name

    def _handle(self, folder: str) -> int:
        if folder not in self._handles:
            above = self._handle(folder.rpartition("/")[0])
            handle = self._open(self._name(folder), above, folder)
            self._handles[folder] = handle
        return self._handles[folder]

    def _open(self, name: str, above: int | None, folder: str) -> int:
        try:
            return os.open(name, _FOLDER, dir_fd=above)
        except OSError as error:
            raise self._refusal(folder, error) from error

    def _refusal(self, path: str, error: OSError) -> OSError | ForeignOutputError:
        """Return the error to raise: what is in the way, where it is a link."""
        # Linux says ENOTDIR of a link where a folder was wanted, ELOOP of one where a file was.
        if error.errno in {errno.ELOOP, errno.EMLINK} or (
            error.errno == errno.ENOTDIR and self._is_link(path)
        ):
            return self._foreign(path, N_("{where} is a link; nothing is written through it"))
        return error

    def _is_link(self, path: str) -> bool:
        return os.path.islink(os.path.join(self._folder, path) if path else self._folder)  # noqa: PTH114, PTH118

    def _foreign(self, path: str, message: str) -> ForeignOutputError:
        where = f"{self._folder}/{path}" if path else str(self._folder)
        hint = N_("remove it, or name another folder with --output")
        return ForeignOutputError(message, hint, where=where)


def read_ordinary_file(path: Path) -> bytes:
    """Return the bytes of a file that is neither a link nor something that would never end, such as a pipe.

    Raises `FileNotFoundError` of everything else, too.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise FileNotFoundError(error.errno, error.strerror, str(path)) from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        return file.read()
