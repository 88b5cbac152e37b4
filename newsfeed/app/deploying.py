"""Bring the program to a host over ssh: gather what it needs in a folder, send it, run its script there."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import newsfeed
from newsfeed.config import bundled
from newsfeed.core.publishing.deployment import (
    find_version,
    is_host,
    list_commands,
    list_rollback_commands,
    name_release,
    write_requirements,
)
from newsfeed.errors import OutsideError, UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SCRIPT, _UNITS = "install.sh", "systemd"


@dataclass(frozen=True, slots=True)
class Deployment:
    """All that is brought to a host."""

    release: str
    files: Sequence[str]
    """Relative to the folder that is sent."""
    commands: Sequence[Sequence[str]]


@contextmanager
def prepare_deployment(target: str, wheel: Path | None) -> Iterator[Deployment]:
    """Gather what is brought to a host; while this is open, the commands can be run.

    ``target``: ``HOST`` or ``USER@HOST``; ``wheel``: the program, else the host fetches this version.
    Raises `UsageError` when either cannot be used.
    """
    _check(target)
    version = find_version(wheel.name) if wheel else newsfeed.__version__
    if wheel is not None and not (version and wheel.is_file()):
        raise UsageError(
            N_("{path} is no wheel of newsfeed"), N_("make one with: pip wheel --no-deps ."), path=wheel
        )
    with tempfile.TemporaryDirectory(prefix="newsfeed-deploy-") as made:
        folder = Path(made)
        shutil.copy(bundled.deploy() / _SCRIPT, folder / _SCRIPT)
        shutil.copytree(bundled.deploy() / _UNITS, folder / _UNITS)
        if wheel is not None:
            shutil.copy(wheel, folder / wheel.name)
        requirements = write_requirements(version, wheel.name if wheel else "")
        (folder / "requirements.txt").write_text(requirements, encoding="utf-8")
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        release = name_release(version, (path.read_bytes() for path in files))
        names = [str(path.relative_to(folder)) for path in files]
        yield Deployment(release, names, list_commands(target, made, release))


def prepare_rollback(target: str) -> Sequence[Sequence[str]]:
    """Return the commands that put the release before into use again. Raises `UsageError`."""
    _check(target)
    return list_rollback_commands(target)


def run_commands(commands: Sequence[Sequence[str]]) -> None:
    """Run commands one after the other; they talk to the terminal themselves.

    Raises `OutsideError` when one is missing or fails: nothing is half in use then, and it can be done again.
    """
    for command in commands:
        try:
            done = subprocess.run(command, check=False)  # noqa: S603 - our words; the target was checked
        except FileNotFoundError as error:
            raise OutsideError(
                N_("the program {name} is missing"),
                N_("install it, and run the command again"),
                name=command[0],
            ) from error
        if done.returncode:
            raise OutsideError(
                N_("the command failed: {command}"),
                N_(
                    "mend what it says, and run newsfeed deploy again: what is done already is not done twice"
                ),
                command=shlex.join(command),
            )


def _check(target: str) -> None:
    if not is_host(target):
        raise UsageError(N_("“{target}” names no host"), N_("such as root@news.example.org"), target=target)
