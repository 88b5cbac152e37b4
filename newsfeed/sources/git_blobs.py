"""Ask git what is in the files of a work tree, so that they need not be read.

In a fresh clone all files have new times, and git has looked at them already. Its answer is only used where
it is plain: a file that git knows, in the content it would check in, without filters or other line ends. A
repository may come from a stranger, so nothing in it is run: no hook, no file system monitor, no filter.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_SAFE = (
    "--no-optional-locks", "--no-pager", "--literal-pathspecs", "--no-replace-objects",
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false",
    "-c", "core.ignoreStat=false", "-c", "core.trustctime=true", "-c", "core.checkStat=default",
    "-c", "core.preloadIndex=true", "-c", "submodule.recurse=false", "-c", "core.quotePath=false",
)  # fmt: skip
"""Options without which a repository's own configuration could run programs, or hide changes."""
_SECONDS = 30
_HASH_BYTES = 20
_CONVERTING = r"^(core\.(autocrlf|eol|attributesfile|worktree|symlinks)|extensions\.objectformat|filter\..*)$"
"""Configuration by which a file may be another one than its blob, or with which git would run something."""
_ORDINARY = re.compile(r"(?<![^\0])H 100(?:644|755) ([0-9a-f]{40}) 0\t([^\0]+)")
"""An ordinary file of the index, as it is to be: a small letter, or S, in place of H says that git was told
not to look at it.
"""
_ATTRIBUTES = ".gitattributes"
_ATTRIBUTES_THERE = re.compile(r"[\t/]\.gitattributes(?:\0|$)")


def blob_hashes(root: Path, folders: Collection[str]) -> Mapping[str, bytes]:
    """Return path in the site → blob id (20 bytes) of files in these folders that git vouches for.

    Nothing is returned where there is no git, no work tree, or any doubt: those files are to be read.
    """
    try:
        return _blob_hashes(root, folders)
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return {}


def _blob_hashes(root: Path, folders: Collection[str]) -> Mapping[str, bytes]:
    prefix, top = os.fsdecode(_git(root, "rev-parse", "--show-prefix", "--show-toplevel")).split("\n")[:2]
    if _may_differ(root, top):
        return {}
    listed = os.fsdecode(_git(root, "ls-files", "-s", "-v", "-z", "--", *folders))
    if _ATTRIBUTES_THERE.search(listed):
        return {}
    known = _ordinary_entries(listed)
    status = (
        "status",
        "--porcelain=v1",
        "-z",
        "--no-renames",
        "--untracked-files=no",
        "--ignore-submodules=all",
    )
    for entry in _entries(root, *status, "--", *folders):
        path = entry[3:]  # two letters and a blank, then a path from the top of the work tree
        if path.startswith(prefix):
            known.pop(path[len(prefix) :], None)
    return known


def _ordinary_entries(listed: str) -> dict[str, bytes]:
    """Return path → blob id of what ``ls-files -s -v -z`` lists; tens of thousands take milliseconds."""
    found = _ORDINARY.findall(listed)
    ids = bytes.fromhex("".join([blob for blob, _ in found]))
    starts = range(0, len(ids), _HASH_BYTES)
    return {path: ids[start : start + _HASH_BYTES] for (_, path), start in zip(found, starts, strict=True)}


def _may_differ(root: Path, top: str) -> bool:
    """Tell whether files may differ from their blobs, or git would run something."""
    words = ("config", "--includes", "--show-scope", "--name-only", "--get-regexp", _CONVERTING)
    found = run_git(root, *words)
    if found.returncode not in (0, 1):  # 1: there is nothing of that kind
        return True
    for line in found.stdout.decode("utf-8", "replace").splitlines():
        scope, _, name = line.partition("\t")
        # without attributes, which are looked for, the user's own filters (of git-lfs, mostly) do nothing
        if not name.startswith("filter.") or scope not in ("system", "global"):
            return True
    info = _git(root, "rev-parse", "--git-path", "info/attributes")
    if (root / os.fsdecode(info.rstrip(b"\n"))).exists():
        return True
    real, end = root.resolve(), Path(top).resolve()
    above = [real, *real.parents]
    return any((folder / _ATTRIBUTES).exists() for folder in above[: above.index(end) + 1])


def _entries(root: Path, *words: str) -> Sequence[str]:
    return os.fsdecode(_git(root, *words)).split("\0")[:-1]


def _git(root: Path, *words: str) -> bytes:
    found = run_git(root, *words)
    found.check_returncode()
    return found.stdout


def git_failure(error: Exception) -> OutsideError:
    """Return what a failure of git itself is told as."""
    if isinstance(error, FileNotFoundError):
        return OutsideError(N_("git is not installed here"), N_("install it, and run the command again"))
    reason = reason_of(error) if isinstance(error, OSError) else str(error)
    return OutsideError(N_("git failed: {reason}"), reason=reason)


def run_git(root: Path, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git, and let nothing in the environment lead it elsewhere, or let it ask something.

    given: what it reads from standard input.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_TERMINAL_PROMPT": "0", "GIT_ATTR_NOSYSTEM": "1", "LC_ALL": "C"}
    return subprocess.run(  # noqa: S603 - a fixed program with fixed words, and no shell
        ["git", "-C", os.fspath(root), *_SAFE, *words],  # noqa: S607 - the user's own git
        check=False,
        env=environment,
        input=given,
        capture_output=True,
        timeout=_SECONDS,
    )
