"""Install hooks: by which a bare repository tells of a push, and those that check what editors commit."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from newsfeed.config import loader
from newsfeed.errors import ProblemsFound, UsageError
from newsfeed.marking import N_
from newsfeed.sources.git_hooks import find_hooks_folder, write_hook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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
    line = f"exec {shlex.quote(python)} -P -m newsfeed -C {shlex.quote(str(root.absolute()))} hook received"
    return write_hook(folder / _NAME, line)


def install_editors_hooks(root: Path, python: str) -> list[Path]:
    """Write the hooks that check what is committed and what is pushed from a site's work tree; return where
    they are. Raises `UsageError` when there are others.
    """
    folder = find_hooks_folder(root)
    check = f"exec {shlex.quote(python)} -P -m newsfeed -C {shlex.quote(str(root.absolute()))} check"
    known = "git rev-parse --verify --quiet '@{upstream}'"
    pushed = f'if {known} >/dev/null; then {check} --changed "$({known})"; fi; {check}'
    return [write_hook(folder / "pre-commit", f"{check} --changed"), write_hook(folder / "pre-push", pushed)]


def is_about(branch: str, lines: Iterable[str]) -> bool:
    """Tell whether a push was to a branch. ``lines``: ``<old> <new> <ref>``, as git has them for hooks."""
    return any(line.split()[2:] == [f"refs/heads/{branch}"] for line in lines)
