"""Check the files of a commit before one of them is written: paths, links, submodules, sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.marking import FileSize
from newsfeed.problems import Location, problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.problems import Problem

FILE, EXECUTABLE, LINK, SUBMODULE = "100644", "100755", "120000", "160000"
"""Modes of git's trees; 100664 is one of very old repositories."""
_FILES = (FILE, EXECUTABLE, "100664")
MOST_FILES = 200_000
FILE_BYTES = 200_000_000
ALL_BYTES = 5_000_000_000
_PATH_BYTES = 1_000


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


def check_commit_files(files: Sequence[CommitFile], targets: Targets) -> list[Problem]:
    """Return why a commit cannot be checked out; nothing when it can."""
    found = [one for file in files for one in _check(file, targets)]
    found += [problem("commit-path", Location(path)) for path in _below_links(files)]
    total = sum(one.size for one in files)
    if len(files) > MOST_FILES or total > ALL_BYTES:
        numbers = {"files": len(files), "size": FileSize(total), "most_files": MOST_FILES}
        numbers["most_bytes"] = FileSize(ALL_BYTES)
        found.append(problem("commit-too-large", Location("."), **numbers))
    return found


def _below_links(files: Sequence[CommitFile]) -> list[str]:
    """Return paths that a forged tree has below a link, where they would be written to where it leads."""
    links = tuple(f"{one.path}/" for one in files if one.mode == LINK)
    return [one.path for one in files if one.path.startswith(links)] if links else []


def _check(one: CommitFile, targets: Targets) -> list[Problem]:
    where = Location(one.path)
    if not is_safe_path(one.path):
        return [problem("commit-path", Location(one.path.encode("utf-8", "replace").decode()))]
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
        part in ("", ".", "..") or part.lower() == ".git" for part in parts
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
