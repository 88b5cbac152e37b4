"""The job that checks and publishes a site on a forge, as ``newsfeed init --ci`` writes it."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import write_new
from newsfeed.marking import N_

if TYPE_CHECKING:
    from pathlib import Path

CI_PATHS = {
    "github": ".github/workflows/newsfeed.yml",
    "gitlab": ".gitlab-ci.yml",
    "forgejo": ".forgejo/workflows/newsfeed.yml",
}
"""Forge → where it looks for its jobs."""


def read_ci_file(forge: str) -> str:
    """Return the jobs for a forge."""
    return files("newsfeed.editorial").joinpath("ci", f"{forge}.yml").read_text(encoding="utf-8")


def write_ci_file(folder: Path, forge: str) -> str:
    """Write the jobs for a forge into a site; return their path. Raises `UsageError` when there are some."""
    path = folder / CI_PATHS[forge]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, read_ci_file(forge).encode())
    except FileExistsError as error:
        raise UsageError(
            N_("{path} exists already"), N_("change it by hand, or remove it first"), path=path
        ) from error
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)) from error
    return CI_PATHS[forge]
