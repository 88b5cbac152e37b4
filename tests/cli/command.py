"""The `newsfeed` command as users run it: another process."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.site.builds import REPOSITORY

NOT_OURS = ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_TIME", "TZ", "PYTHONDONTWRITEBYTECODE")
"""Variables that say how a machine's owner likes it. Compiled modules are kept: hundreds of commands run."""


def environment(**changes: str) -> dict[str, str]:
    """The environment of the test run without its owner's taste; English, UTF-8 and UTC unless changed."""
    bare = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    return {**bare, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONPATH": str(REPOSITORY), **changes}


def newsfeed(
    *arguments: str | Path,
    cwd: Path = REPOSITORY,
    before: Callable[[], object] | None = None,
    options: tuple[str, ...] = (),
    prefix: tuple[str | Path, ...] = (),
    **changes: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; ``changes`` are environment variables, ``options`` are Python's own.
    ``before``: done in its process first.
    """
    if before is not None:  # a module that is cut off in mid-write would be there for all others
        changes = {"PYTHONDONTWRITEBYTECODE": "1", **changes}
    return subprocess.run(
        [*prefix, sys.executable, *options, "-m", "newsfeed", *arguments],
        cwd=cwd,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=before,
    )
