"""Ask git what changed in a work tree: since a commit, and since texts had certain ids."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.errors import OutsideError, UsageError
from newsfeed.marking import N_
from newsfeed.sources.git_blobs import blob_hashes, git_failure, run_git

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


class WorkTreeLook(NamedTuple):
    """The files of a work tree, as git sees them."""

    blobs: Mapping[str, bytes]
    """Path in the site → id of what is in the file; of the files that git vouches for."""
    unknown: Collection[str]
    """Files that git was never told of, whether or not it is to ignore them."""


class LastCommit(NamedTuple):
    """The newest commit of a work tree."""

    id: str
    moment: datetime
    subject: str
    """Its first line."""


def read_last_commit(root: Path) -> LastCommit | None:
    """Return the newest commit; ``None`` where there is none, or no git."""
    options = ("-c", "log.showSignature=false", "log", "-1", "--no-show-signature", "--format=%H%n%cI%n%s")
    try:
        found = run_git(root, *options)
        commit, moment, subject = found.stdout.decode("utf-8", "replace").split("\n", 2)
        return LastCommit(commit, datetime.fromisoformat(moment), subject.strip())
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


def list_changed(root: Path, base: str, folders: Collection[str]) -> set[str]:
    """Return the files below some folders that differ from a commit, are gone, or that git does not know
    yet; in a repository without commits, all files differ from the last one. Raises `UsageError` when there
    is no such commit, or no work tree.
    """
    try:
        commit = _find_commit(root, base)
        options = ("--name-only", "-z", "--relative", "--no-renames", "--no-ext-diff", "--no-textconv")
        listing = ("diff", *options, "--ignore-submodules=all", commit) if commit else ("ls-files", "-z")
        differing = run_git(root, *listing, "--", *folders)
        unknown = run_git(root, "ls-files", "-z", "--others", "--exclude-standard", "--", *folders)
    except (OSError, subprocess.SubprocessError) as error:
        raise git_failure(error) from error
    for done in (differing, unknown):
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise OutsideError(N_("git failed: {reason}"), reason=said[-1] if said else done.returncode)
    return {os.fsdecode(path) for path in (differing.stdout + unknown.stdout).split(b"\0") if path}


def find_commit(root: Path, base: str) -> str:
    """Return the id of a commit; empty for the last one where there is none yet. Raises `UsageError` when it
    is not there, or when there is no work tree.
    """
    try:
        return _find_commit(root, base)
    except (OSError, subprocess.SubprocessError) as error:
        raise git_failure(error) from error


def _find_commit(root: Path, base: str) -> str:
    inside = run_git(root, "rev-parse", "--is-inside-work-tree")
    if inside.returncode:
        raise UsageError(N_("{path} is no repository"), N_("run git init first"), path=root)
    if inside.stdout.strip() != b"true":
        raise UsageError(
            N_("{path} is a repository without a work tree"),
            N_("do it in a clone, where the files are"),
            path=root,
        )
    # what begins with "-" would be an option; older versions of git know no --end-of-options here
    found = run_git(root, "rev-parse", "--verify", "--quiet", f"{base.lstrip('-')}^{{commit}}")
    commit = found.stdout.decode().strip()
    if base == "HEAD" and not commit:
        return ""
    if base.startswith("-") or found.returncode or not commit:
        raise UsageError(N_("git knows no commit “{value}” here"), N_("name a commit or branch"), value=base)
    return commit


def look_at_work_tree(root: Path, folders: Collection[str]) -> WorkTreeLook | None:
    """Return the files below some folders; ``None`` where there is no git, or it cannot tell."""
    blobs = blob_hashes(root, folders)
    if not blobs:
        return None
    try:
        found = run_git(root, "ls-files", "-z", "--others", "--", *folders)
        found.check_returncode()
    except (OSError, subprocess.SubprocessError):
        return None
    unknown = [path for path in os.fsdecode(found.stdout).split("\0") if path and not _is_hidden(path)]
    if any(path.endswith("/") for path in unknown):  # another repository: git does not look into it
        return None
    return WorkTreeLook(blobs, unknown)


def _is_hidden(path: str) -> bool:
    """Tell whether a file is nothing of the site's: its name, or a folder's, begins with a dot."""
    return path.startswith(".") or "/." in path
