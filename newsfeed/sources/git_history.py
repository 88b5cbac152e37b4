"""Ask git when files came into it: of two that claim the same, the newer one has the mistake."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from newsfeed.sources.git_blobs import run_git

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


def _age(root: Path, path: str) -> float:
    options = ("-c", "log.showSignature=false", "log", "--no-show-signature", "--diff-filter=A")
    found = run_git(root, *options, "--format=%ct", "--no-ext-diff", "--no-textconv", "--", path)
    times = found.stdout.split()
    return float(times[-1]) if times else float("inf")
