"""The job that checks and publishes a site on a forge, as ``newsfeed init --ci`` writes it."""

from __future__ import annotations

import re
import shlex
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
_BUILD = re.compile(r"newsfeed build$", re.MULTILINE)
_COMMAND = re.compile(r"newsfeed (check|build)\b")
_PLAIN = re.compile(r"[\w.+@-][\w./+@ -]*")
"""Paths that mean the same in YAML and to a shell, when they are quoted there."""


def read_ci_file(forge: str, site: str = "") -> str:
    """Return the jobs for a forge. ``site``: path of the site's folder in the repository; empty: its top."""
    text = files("newsfeed.editorial").joinpath("ci", f"{forge}.yml").read_text(encoding="utf-8")
    if not site:
        return text
    # what is built lies at the top all the same: GitLab publishes nothing else
    text = _BUILD.sub(r"newsfeed build -o public", text)
    return _COMMAND.sub(lambda found: f"newsfeed -C {shlex.quote(site)} {found[1]}", text)


def require_no_ci_file(top: Path, forge: str) -> None:
    """Raise `UsageError` when a folder has jobs for a forge already."""
    path = top / CI_PATHS[forge]
    if path.exists():
        raise _there_already(path)


def write_ci_file(top: Path, forge: str, site: str = "") -> str:
    """Write the jobs for a forge into a repository; return their path. Raises `UsageError` when there are
    some, or when the path of the ``site`` could not be written into them as it is.
    """
    if site and not _PLAIN.fullmatch(site):
        raise UsageError(
            N_("“{path}” cannot stand in a job as it is"), N_("give the folder a simpler name"), path=site
        )
    path = top / CI_PATHS[forge]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, read_ci_file(forge, site).encode())
    except FileExistsError as error:
        raise _there_already(path) from error
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)) from error
    return CI_PATHS[forge]


def _there_already(path: Path) -> UsageError:
    return UsageError(N_("{path} exists already"), N_("change it by hand, or remove it first"), path=path)
