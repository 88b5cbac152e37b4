"""Write hooks of git: small scripts that git runs at certain moments. Those of others are left alone."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.marking import N_
from newsfeed.sources.git_blobs import git_failure, run_git

_MARK = "# written by newsfeed hook install"


def write_hook(path: Path, *lines: str, command: str) -> Path:
    """Write a hook of some lines of a shell, in place of one that was written before. Raises `UsageError`
    when there is another one. ``command``: what that one would have to call.
    """
    text = "\n".join(["#!/bin/sh", _MARK, *lines, ""])
    try:
        if path.is_symlink() or (path.exists() and _MARK not in path.read_text("utf-8", "replace")):
            raise UsageError(
                N_("{path} is another hook"), N_("add this line to it: {line}"), path=path, line=command
            )
        path.parent.mkdir(exist_ok=True)
        descriptor, new = tempfile.mkstemp(dir=path.parent, prefix=".")
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.fsencode(text))  # the path of a site need not be UTF-8
        Path(new).chmod(0o755)
        os.replace(new, path)
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)) from error
    return path


def find_hooks_folder(root: Path) -> Path:
    """Return the folder of the hooks of the repository that a site lies in. Raises `UsageError` when there is
    none, or when git is told to look for hooks elsewhere.
    """
    try:
        found = run_git(root, "rev-parse", "--path-format=absolute", "--git-common-dir")
    except (OSError, subprocess.SubprocessError) as error:
        raise git_failure(error) from error
    if found.returncode:
        raise UsageError(N_("{path} is no repository"), N_("run git init first"), path=root)
    if run_git(root, "rev-parse", "--is-inside-work-tree").stdout.strip() != b"true":
        raise UsageError(
            N_("{path} is a repository without a work tree"),
            N_("do it in a clone, where the files are"),
            path=root,
        )
    for scope in ("--local", "--global"):  # not all scopes at once: our own setting would answer
        elsewhere = run_git(root, "config", scope, "--get", "core.hooksPath").stdout.strip()
        if elsewhere:
            raise UsageError(
                N_("git looks for hooks in {path}: another program manages them"),
                N_("add to them: {line}"),
                path=os.fsdecode(elsewhere),
                line="newsfeed check --changed",
            )
    return Path(os.fsdecode(found.stdout).rstrip("\n")) / "hooks"


def find_prefix(root: Path) -> str:
    """Return the path of a site's folder in its work tree, with a slash at its end; empty at the top, and
    where there is no git.
    """
    try:
        return os.fsdecode(run_git(root, "rev-parse", "--show-prefix").stdout.rstrip(b"\n"))
    except (OSError, subprocess.SubprocessError):
        return ""
