"""Ask git when files came into it: of two that claim the same, the newer one has the mistake."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError, UsageError
from newsfeed.marking import N_
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


def list_changed(root: Path, base: str, folders: Collection[str]) -> set[str]:
    """Return the files below some folders that differ from a commit, are gone, or that git does not know
    yet. Raises `UsageError` when there is no such commit, or no repository.
    """
    try:
        # what begins with "-" would be an option; older versions of git know no --end-of-options here
        found = run_git(root, "rev-parse", "--verify", "--quiet", f"{base.lstrip('-')}^{{commit}}")
        commit = found.stdout.decode().strip()
        if base.startswith("-") or found.returncode or not commit:
            raise UsageError(
                N_("git knows no commit “{value}” here"), N_("name a commit or branch"), value=base
            )
        options = ("--name-only", "-z", "--relative", "--no-renames", "--no-ext-diff", "--no-textconv")
        differing = run_git(root, "diff", *options, "--ignore-submodules=all", commit, "--", *folders)
        unknown = run_git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", *folders)
        differing.check_returncode()
        return {os.fsdecode(path) for path in (differing.stdout + unknown.stdout).split(b"\0") if path}
    except (OSError, subprocess.SubprocessError) as error:
        raise OutsideError(N_("git failed: {reason}"), reason=str(error)) from error


def _age(root: Path, path: str) -> float:
    options = ("-c", "log.showSignature=false", "log", "--no-show-signature", "--diff-filter=A")
    found = run_git(root, *options, "--format=%ct", "--no-ext-diff", "--no-textconv", "--", path)
    times = found.stdout.split()
    return float(times[-1]) if times else float("inf")
