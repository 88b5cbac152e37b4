"""Install hooks: by which a bare repository tells of a push, and those that check what editors commit."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.app.last_build import ORIGIN_VARIABLE
from newsfeed.config import loader
from newsfeed.errors import ProblemsFound, UsageError
from newsfeed.marking import N_
from newsfeed.sources.git_hooks import find_hooks_folder, find_prefix, write_hook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from newsfeed.problems import Problem

_NAME = "hooks/post-receive"
_IN_A_TREE_OF_ITS_OWN = (
    "# something lies in the work tree that is not committed: what is committed is looked at by itself",
    "folder=$(mktemp -d) || exit 1",
    "trap 'rm -rf \"$folder\"' EXIT",
    "own=$(git rev-parse --absolute-git-dir)",
    'mkdir "$folder/.git" && cp "$own/HEAD" "$folder/.git/HEAD" || exit 1',
    'cp "${GIT_INDEX_FILE:-$own/index}" "$folder/.git/index" || exit 1',
    'cp "$own"/sharedindex.* "$folder/.git/" 2>/dev/null',
    'git rev-parse --path-format=absolute --git-common-dir >"$folder/.git/commondir"',
    'export GIT_DIR="$folder/.git" GIT_WORK_TREE="$folder" GIT_INDEX_FILE="$folder/.git/index"',
    "git checkout-index --all --index || exit 1",
)
"""Lines of a shell that make a work tree of what is committed: its index knows its files, so that git need
not read them again.
"""


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
    line = f"exec {_command(root.absolute(), python)} hook received"
    return write_hook(folder / _NAME, line, command=line)


def install_editors_hooks(root: Path, python: str) -> list[Path]:
    """Write the hooks that check what is committed and what is pushed from a site's work tree; return where
    they are. Raises `UsageError` when there are others.
    """
    folder, prefix = find_hooks_folder(root), find_prefix(root)
    # git runs hooks at the top of the work tree, of which one repository may have several
    site = shlex.quote(f"./{prefix}")
    check = f"{_python(python)} -C {site} check"
    committed = (
        f"if ! git status --porcelain -- {shlex.quote(prefix or '.')} | grep -q '^.[^ ]'",
        f"then exec {check} --changed; fi",
        *_IN_A_TREE_OF_ITS_OWN,
        f"export {ORIGIN_VARIABLE}=$(cd {site} && pwd -P)",
        f'{_python(python)} -C "$folder"/{shlex.quote(prefix)} check --changed',
    )
    known = "git rev-parse --verify --quiet '@{upstream}' 2>/dev/null"
    pushed = f'if {known} >/dev/null; then exec {check} --changed "$({known})"; fi', f"exec {check}"
    return [
        write_hook(folder / "pre-commit", *committed, command=f"{check} --changed"),
        write_hook(folder / "pre-push", *pushed, command=check),
    ]


def read_ci_place(folder: Path) -> tuple[Path, str]:
    """Return the top of the work tree that a site lies in, where forges look for their jobs, and the site's
    path below it, without a slash at its end; the site's own folder and nothing where there is no work tree.
    """
    prefix = find_prefix(folder).rstrip("/")
    return (folder.absolute().parents[prefix.count("/")], prefix) if prefix else (folder, "")


def move_to_top(root: Path, problems: Sequence[Problem]) -> list[Problem]:
    """Return problems with paths from the top of the work tree, as forges show them."""
    prefix = find_prefix(root)
    return [replace(one, where=replace(one.where, path=prefix + one.where.path)) for one in problems]


def _command(root: Path, python: str) -> str:
    return f"{_python(python)} -C {shlex.quote(str(root))}"


def _python(python: str) -> str:
    """Return how a shell starts this program: never with a module of the folder it is started in."""
    return f"{shlex.quote(python)} -P -m newsfeed"


def is_about(branch: str, lines: Iterable[str]) -> bool:
    """Tell whether a push was to a branch. ``lines``: ``<old> <new> <ref>``, as git has them for hooks."""
    return any(line.split()[2:] == [f"refs/heads/{branch}"] for line in lines)
