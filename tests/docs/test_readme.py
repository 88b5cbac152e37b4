"""README.md: its session runs as it stands."""

import os
import re
import subprocess
import sys
from email import message_from_bytes, policy
from itertools import pairwise
from pathlib import Path

import pytest

from tests.docs.pages import fences, read

MARK = "<!-- run -->"
FIRST_LOOK = 60
"""Lines that people see before they decide to read on."""


def run(code: str, folder: Path) -> str:
    """Run a block of commands in a folder, with the command of this installation; its output."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        cwd=folder,
        env={"PATH": path, "LC_ALL": "C.UTF-8", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which all marked blocks have run, in their order."""
    folder = tmp_path_factory.mktemp("readme")
    marked = [one for one in fences(read("README.md")) if one.above == MARK]
    assert marked
    for one in marked:
        run(one.code, folder)
    return folder


def test_every_shell_block_is_run() -> None:
    """What looks like commands to copy is marked, so that a test runs it."""
    assert [
        one for one in fences(read("README.md")) if one.info in ("sh", "bash", "shell") and one.above != MARK
    ] == []


def test_the_session_has_five_commands_and_stands_near_the_top() -> None:
    """From nothing to a feed and a mail, before the reader has scrolled far."""
    (block,) = [one for one in fences(read("README.md")) if one.above == MARK]
    assert len(block.code.splitlines()) == 5
    top = read("README.md").splitlines()[:FIRST_LOOK]
    assert block.code.splitlines()[-1] in top


def test_the_session_leaves_the_files_that_are_named(session: Path) -> None:
    """The block below the session lists what there is then."""
    blocks = fences(read("README.md"))
    named = next(after for before, after in pairwise(blocks) if before.above == MARK)
    paths = [line.split()[0] for line in named.code.splitlines()]
    assert len(paths) == 3
    assert [path for path in paths if len(list(session.glob(path))) != 1] == []


def test_the_mail_of_the_session_is_german_and_of_that_monday(session: Path) -> None:
    """As the README says."""
    (path,) = session.glob("my-news/var/outbox/*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert mail["Content-Language"] == "de"
    assert mail["Subject"].startswith("Guten Tag – ")
    assert "12. Januar 2026" in mail.get_body(("plain",)).get_content()
    assert "Mon, 12 Jan 2026" in mail["Date"]


def test_the_two_commands_are_targets_of_make() -> None:
    """And so is every other one that any page names."""
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    for page in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"(?:`|^)make ([a-z-]+)", read(page), re.MULTILINE))
        assert {"demo", "test"} & named
        assert named - targets == set()
