"""Run one outside program in UTF-8, whatever the locale of the test run."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile


def run(command: Sequence[str | Path], *, stdin: str = "", **environment: str) -> str:
    """Standard output of a program; if it fails, so does the test, with its words."""
    done = attempt(command, stdin=stdin, **environment)
    assert done.returncode == 0, f"{command[0]} failed: {done.stderr}"
    return done.stdout


def attempt(
    command: Sequence[str | Path], *, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Outcome of a program that says something useful by failing."""
    # A file, not a pipe: node programs exit with the rest of a pipe unwritten.
    with TemporaryFile("w+", encoding="utf-8", newline="") as stdout:
        done = subprocess.run(
            command,
            input=stdin,
            env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
            stdout=stdout,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
        stdout.seek(0)
        done.stdout = stdout.read()
    return done
