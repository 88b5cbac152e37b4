"""Secrets and addresses are files that only their owner can read; others are told, with the command to run."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import newsfeed

MOMENT = ("--now", "2026-01-12T12:00+00:00")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A new one, with a reader, made where everybody may read everything."""
    before = os.umask(0)
    try:
        folder = tmp_path / "site"
        assert newsfeed("init", folder).returncode == 0
        person = ("ada@readers.example", "--language", "en", "--digest", "weekly", "--consent", "x")
        assert newsfeed("-C", folder, "subscribers", "add", *person).returncode == 0
        yield folder
    finally:
        os.umask(before)


def _modes(folder: Path) -> set[tuple[bool, int]]:
    """Whether it is a folder, and its mode, of all there is."""
    found = [folder, *folder.rglob("*")]
    return {(one.is_dir(), stat.S_IMODE(one.stat().st_mode)) for one in found}


def test_what_lies_in_var_is_its_owners(site: Path) -> None:
    """The list of readers, the secret, the store, composed mails and their folders."""
    assert newsfeed("-C", site, "send", *MOMENT).returncode == 0
    assert list((site / "var").rglob("*.eml"))
    assert _modes(site / "var") == {(True, 0o700), (False, 0o600)}
    assert newsfeed("-C", site, "check", *MOMENT).stdout == "no problems\n"


@pytest.mark.parametrize(
    ("place", "mode", "command"),
    [
        ("var", 0o755, "chmod 700 var"),
        ("var/secret", 0o644, "chmod 600 var/secret"),
        ("var/newsfeed.db", 0o640, "chmod 600 var/newsfeed.db"),
        ("var/team.csv", 0o604, "chmod 600 var/team.csv"),
    ],
)
def test_a_looser_mode_is_told(site: Path, place: str, mode: int, command: str) -> None:
    """Nothing stops for it."""
    (site / place).chmod(mode)
    done = newsfeed("-C", site, "check", *MOMENT)
    assert done.returncode == 0
    assert f"other users of this machine can read {place} [readable-by-others]" in done.stdout
    assert f"run: {command}" in done.stdout


def test_commands_that_use_a_secret_tell_it_too(site: Path) -> None:
    """Beside their result."""
    (site / "var/secret").chmod(0o644)
    done = newsfeed("-C", site, "subscribers", "list")
    assert done.returncode == 0
    assert done.stdout.startswith("ada@readers.example\t")
    assert done.stderr == (
        "warning: other users of this machine can read var/secret; run: chmod 600 var/secret\n"
    )
