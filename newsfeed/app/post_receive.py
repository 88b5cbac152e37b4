"""Install the hook by which a bare repository tells of a push, and read what git gives it."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from newsfeed.config import loader
from newsfeed.errors import OutsideError, ProblemsFound, UsageError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_MARK = "# written by newsfeed hook install"
_NAME = "hooks/post-receive"


def install_hook(root: Path, repository: Path | None, python: str) -> Path:
    """Write the hook of a bare repository; return where it is. Raises `UsageError` when there is another one.

    repository: without it that of the configuration; python: the program that runs this one.
    """
    settings, problems = loader.load_settings(root)
    if settings is None:
        raise ProblemsFound(problems)
    folder = (repository or root / settings.publish.repository).absolute()
    if not (folder / "HEAD").is_file() or not (folder / "objects").is_dir():
        raise UsageError(N_("{path} is no repository"), N_("name a repository on this machine"), path=folder)
    path = folder / _NAME
    line = f"exec {shlex.quote(python)} -m newsfeed -C {shlex.quote(str(root.absolute()))} hook received"
    try:
        if path.exists() and _MARK not in path.read_text("utf-8", "replace"):
            raise UsageError(
                N_("{path} is another hook"), N_("add this line to it: {line}"), path=path, line=line
            )
        path.parent.mkdir(exist_ok=True)
        new = path.with_name("post-receive.new")
        new.write_text(f"#!/bin/sh\n{_MARK}\n{line}\n", "utf-8")
        new.chmod(0o755)
        os.replace(new, path)
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)) from error
    return path


def is_about(branch: str, lines: Iterable[str]) -> bool:
    """Tell whether a push was to a branch. ``lines``: ``<old> <new> <ref>``, as git has them for hooks."""
    return any(line.split()[2:] == [f"refs/heads/{branch}"] for line in lines)
