"""Check the files of a commit before one of them is written: paths, links, submodules, sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from newsfeed.marking import FileSize
from newsfeed.problems import Location, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsfeed.problems import Problem

FILE, EXECUTABLE, LINK, SUBMODULE, FOLDER = "100644", "100755", "120000", "160000", "040000"
"""Modes of git's trees; 100664 is one of very old repositories."""
_FILES = (FILE, EXECUTABLE, "100664")
MOST_FILES = 200_000
"""And so many folders."""
FILE_BYTES = 200_000_000
ALL_BYTES = 5_000_000_000
MOST_TARGET = 4_095
"""Bytes of a link."""
_PATH_BYTES, _NAME_BYTES = 1_000, 255
"""Of all of a path, and of each part: file systems take no longer names."""
_MOST_PATHS = 40_000_000
"""Characters of all paths and links together."""
_MOST_PROBLEMS = 100
"""More of one commit are of no use to anybody."""


@dataclass(frozen=True, slots=True)
class CommitFile:
    """A file of a commit, as git's tree has it."""

    path: str
    mode: str
    blob: str
    """Id of what is in it."""
    size: int = 0


Targets = Mapping[str, str]
"""Path of a link → where it leads, as it is written in it."""


def take_commit_files(entries: Iterable[CommitFile]) -> tuple[list[CommitFile], list[Problem]]:
    """Return the files among the entries of a commit, and why there are too many. Then no more are taken: a
    few small trees that name each other stand for millions.
    """
    files: list[CommitFile] = []
    folders, size, paths = 0, 0, 0
    for one in entries:
        if len(one.path.encode("utf-8", "replace")) > _PATH_BYTES:  # deeper ones may follow without end
            return files, [_path_problem(one.path[:_PATH_BYTES])]
        if one.mode == FOLDER:
            folders += 1
        else:
            files.append(one)
        size += one.size
        paths += len(one.path) + (min(one.size, MOST_TARGET) if one.mode == LINK else 0)
        if max(len(files), folders) > MOST_FILES or size > ALL_BYTES or paths > _MOST_PATHS:
            limits = {"most_files": MOST_FILES, "most_bytes": FileSize(ALL_BYTES)}
            limits["most_paths"] = FileSize(_MOST_PATHS)
            return files, [problem("commit-too-large", Location("."), **limits)]
    return files, []


def check_commit_files(files: Sequence[CommitFile], targets: Targets) -> list[Problem]:
    """Return why a commit cannot be checked out; nothing when it can."""
    found = chain.from_iterable(_check(file, targets) for file in files)
    below = (_path_problem(path) for path in _below_links(files))
    return list(islice(chain(found, below), _MOST_PROBLEMS))


def _below_links(files: Sequence[CommitFile]) -> Iterator[str]:
    """Yield paths that a forged tree has below a link, where they would be written to where it leads."""
    links = {one.path for one in files if one.mode == LINK}
    for one in files if links else ():
        parts = one.path.split("/")
        if any("/".join(parts[:end]) in links for end in range(1, len(parts))):
            yield one.path


def _path_problem(path: str) -> Problem:
    return problem("commit-path", Location(path.encode("utf-8", "replace").decode()))


def _check(one: CommitFile, targets: Targets) -> list[Problem]:
    where = Location(one.path)
    if not is_safe_path(one.path):
        return [_path_problem(one.path)]
    if one.mode == SUBMODULE:
        return [problem("commit-submodule", where)]
    if one.mode == LINK:
        target = targets.get(one.path, "")
        return [] if stays_inside(one.path, target) else [problem("commit-link", where, to=target)]
    if one.mode not in _FILES:
        return [problem("commit-path", where)]
    if one.size > FILE_BYTES:
        return [problem("commit-file-too-large", where, size=FileSize(one.size), limit=FileSize(FILE_BYTES))]
    return []


def is_safe_path(path: str) -> bool:
    """Tell whether a path stays below the folder that it is put behind, and is no part of a repository."""
    if any(char < " " or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in path):
        return False
    parts = path.split("/")
    return len(path.encode()) <= _PATH_BYTES and not any(
        part in ("", ".", "..") or part.lower() == ".git" or len(part.encode()) > _NAME_BYTES
        for part in parts
    )


def stays_inside(path: str, target: str) -> bool:
    """Tell whether a link leads to something in its commit.

    Steps up come first, and no more of them than there are folders above the link: those are real ones,
    for git has nothing below a link. What follows goes down only, over links that stay inside as well.
    """
    if not target or target.startswith("/") or "\0" in target:
        return False
    parts = [part for part in target.split("/") if part not in ("", ".")]
    ups = next((number for number, part in enumerate(parts) if part != ".."), len(parts))
    return ups <= path.count("/") and ".." not in parts[ups:] and ".git" not in map(str.lower, parts)
