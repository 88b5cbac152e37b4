"""Keep how a publishing left things, for the next one and whoever asks; let only one publish at a time."""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from newsfeed.config.site_layout import PUBLISH_FOLDER
from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import make_private_folder, read_file, write_private
from newsfeed.marking import N_
from newsfeed.problems import PROBLEM_KINDS, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_STATE = "state.json"
_LANDING = "landing"
"""File that is there while pages of a new commit are put in place, until that is noted."""
_LOCK = "lock"
"""File that whoever publishes holds."""
PATIENCE = 30.0
"""Seconds for which an issue that is due waits for a publishing."""
_LOOK = 0.1
"""Seconds between two looks whether it has ended."""


@dataclass(frozen=True, slots=True)
class PublishedState:
    """The last publishing, as the next one and ``newsfeed status`` read it; of sites without a repository
    without commits.
    """

    commit: str = ""
    folder: str = ""
    """The folder of the commit that is published; empty: all of it."""
    at: str = ""
    """When the site last changed (ISO 8601)."""
    relation: str = ""
    """The published commit to the one before: one of `newsfeed.core.publishing.history`."""
    refused: str = ""
    """A newer commit that has errors."""
    refused_at: str = ""
    """When it was refused; also where no commits are published, but the site's own folder has errors."""
    first_problem: Mapping[str, Any] = field(default_factory=dict)
    """The first reason for the refusal, as `note_refusal` writes it."""
    told: str = ""
    """A refused commit of which the editors have been told."""
    next_turn: str = ""
    """When a story comes due or expires next (ISO 8601)."""
    pages: int = 0
    feeds: int = 0


def read_published_state(root: Path) -> PublishedState:
    """Return how the last publishing of a site left things; an empty one when there was none."""
    try:
        found = json.loads(read_file(root / PUBLISH_FOLDER / _STATE))
        return PublishedState(**found)
    except (OSError, ValueError, TypeError):
        return PublishedState()


def note_refusal(state: PublishedState, commit: str, moment: str, first: Problem) -> PublishedState:
    """Return a state with the word that a commit, or without one the site's folder, has errors.

    moment: ISO 8601; first: the first of its problems.
    """
    where = first.where
    kept = {"code": first.code, "path": where.path, "line": where.line, "params": dict(first.params)}
    return replace(state, refused=commit, refused_at=moment, first_problem=kept)


def forget_refusal(state: PublishedState) -> PublishedState:
    """Return a state in which nothing is refused."""
    return replace(state, refused="", refused_at="", first_problem={})


def read_first_problem(state: PublishedState) -> Problem | None:
    """Return the first reason for a refusal; ``None`` where nothing is refused, or nobody has noted why."""
    kept = state.first_problem
    try:
        params = tuple((str(name), str(value)) for name, value in kept["params"].items())
        # another version of the program may have written it, with other kinds or parameters
        PROBLEM_KINDS[kept["code"]].message.format_map(dict(params))
        return Problem(kept["code"], Location(str(kept["path"]), int(kept["line"])), params)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def write_published_state(folder: Path, state: PublishedState) -> None:
    """Write how a publishing leaves things, whole or not at all. ``folder``: that of publishing."""
    path = folder / _STATE
    new = path.with_suffix(".new")
    try:
        write_private(new, json.dumps(asdict(state), indent=1).encode() + b"\n")
        os.replace(new, path)
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)) from error


def begin_landing(folder: Path) -> None:
    """Note that pages of a new commit are about to be put in place. ``folder``: that of publishing."""
    path = folder / _LANDING
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)) from error


def end_landing(folder: Path) -> None:
    """Note that the pages in place are those of the commit that counts as published."""
    (folder / _LANDING).unlink(missing_ok=True)


def is_landing(root: Path) -> bool:
    """Tell whether pages of a newer commit may be in place than the one that counts as published: somebody
    puts them there, or was stopped before all was noted.
    """
    return (root / PUBLISH_FOLDER / _LANDING).exists()


def wait_for_landing(root: Path, pause: Callable[[float], object], patience: float = PATIENCE) -> None:
    """Wait while somebody puts pages of a newer commit in place, but for so many seconds at most: no issue is
    kept back by a publishing that hangs, nor by one that was killed.

    pause: waits so many seconds, and returns something true when nobody wants to wait any longer.
    """
    until = time.monotonic() + patience
    while is_landing(root) and is_held(root / PUBLISH_FOLDER / _LOCK) and time.monotonic() < until:
        if pause(_LOOK):
            return


def is_held(path: Path) -> bool:
    """Tell whether some process holds a lock."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@contextmanager
def one_at_a_time(folder: Path, name: str = _LOCK) -> Iterator[None]:
    """Wait until no other process publishes this site, or does what another lock is for."""
    try:
        make_private_folder(folder)
        lock = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise OutsideError(
            N_("cannot write {path}: {reason}"), path=folder, reason=reason_of(error)
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
