"""Compiled templates are kept in files that are run only when they are the user's own, and whole."""

import os
from pathlib import Path

import pytest

from newsfeed.build.cache.bytecode import BytecodeFolder

DATA = b"compiled" * 100


@pytest.fixture
def folder(tmp_path: Path) -> BytecodeFolder:
    """A folder in which a template was kept."""
    folder = BytecodeFolder(tmp_path / "cache/site.templates", "environment")
    folder.write("key", DATA)
    return folder


def test_what_was_written_is_read_again(folder: BytecodeFolder) -> None:
    """By another process, and in its newest version."""
    assert BytecodeFolder(folder.folder, "environment").read("key") == DATA
    folder.write("key", b"")
    assert folder.read("key") == b""


def test_what_was_not_written_is_nothing(folder: BytecodeFolder, tmp_path: Path) -> None:
    """Nor is there anything for another key, nor in a folder that does not exist."""
    assert folder.read("other") is None
    assert BytecodeFolder(tmp_path / "none", "environment").read("key") is None


def test_another_environment_reads_nothing(folder: BytecodeFolder) -> None:
    """Another program may compile the same template in another way."""
    assert BytecodeFolder(folder.folder, "another").read("key") is None


def test_a_file_under_another_name_is_nothing(folder: BytecodeFolder) -> None:
    """A template is not run in the place of another."""
    (folder.folder / "key").rename(folder.folder / "other")
    assert folder.read("other") is None


@pytest.mark.parametrize("at", [0, 10, 40, 400])
def test_a_damaged_file_is_nothing(folder: BytecodeFolder, at: int) -> None:
    """One byte is enough, and so is one that is missing."""
    path = folder.folder / "key"
    data = path.read_bytes()
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert folder.read("key") is None
    path.write_bytes(data[:at])
    assert folder.read("key") is None


def test_a_file_of_somebody_else_is_nothing(folder: BytecodeFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """However whole it is: it would be run."""
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    assert folder.read("key") is None


def test_only_the_user_can_read_it(folder: BytecodeFolder) -> None:
    """Templates may say what a site is going to look like."""
    assert folder.folder.stat().st_mode & 0o777 == 0o700
    assert (folder.folder / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.folder.iterdir()] == ["key"]


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    """It costs the time to compile, and no build."""
    (tmp_path / "file").write_text("")
    folder = BytecodeFolder(tmp_path / "file/folder", "environment")
    folder.write("key", DATA)
    assert folder.read("key") is None
