"""Ask git about the past of files: when they came into it (of two that claim the same, the newer one has the
mistake), and what was in them.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from newsfeed.sources.git_blobs import git_failure, run_git

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

_MOST = 100
"""Files asked for: whoever has more mistakes of this kind has copied a whole site."""


def read_ages(root: Path, paths: Collection[str]) -> Mapping[str, float]:
    """Return path → when it was first committed (POSIX seconds); infinite when it is not committed yet.

    Nothing is returned where there is no git, or no repository.
    """
    try:
        inside = run_git(root, "rev-parse", "--is-inside-work-tree").stdout.strip() == b"true"
        return {path: _age(root, path) for path in sorted(paths)[:_MOST]} if inside else {}
    except (OSError, subprocess.SubprocessError, ValueError):
        return {}


def read_files_at(root: Path, base: str, paths: Collection[str]) -> Mapping[str, bytes]:
    """Return path → bytes of those files of a site that a commit has. ``base``: a commit that is there."""
    try:
        named = [path for path in paths if "\n" not in path]
        wanted = b"".join(b"%s:./%s\n" % (os.fsencode(base), os.fsencode(path)) for path in named)
        done = run_git(root, "cat-file", "--batch", given=wanted)
        done.check_returncode()
    except (OSError, subprocess.SubprocessError) as error:
        raise git_failure(error) from error
    answer = done.stdout
    found: dict[str, bytes] = {}
    place = 0
    for path in named:
        end = answer.index(b"\n", place)
        head = answer[place:end].split(b" ")
        place = end + 1
        if head[1:2] == [b"blob"] and len(head) == 3:
            size = int(head[2])
            found[path] = answer[place : place + size]
            place += size + 1
    return found


def _age(root: Path, path: str) -> float:
    options = ("-c", "log.showSignature=false", "log", "--no-show-signature", "--diff-filter=A")
    found = run_git(root, *options, "--format=%ct", "--no-ext-diff", "--no-textconv", "--", path)
    times = found.stdout.split()
    return float(times[-1]) if times else float("inf")
