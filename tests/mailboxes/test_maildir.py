"""Maildirs as mail systems and mail programs leave them."""

import os
from pathlib import Path

import pytest

from newsfeed.errors import OutsideError, UsageError
from newsfeed.mailboxes.maildir import MaildirMailbox

A, B = b"Subject: a\n\n", b"Subject: b\n\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty Maildir."""
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    return tmp_path


def read(folder: Path) -> list[bytes]:
    """Everything new."""
    return list(MaildirMailbox(folder).messages(100))


def test_what_is_done_with_lies_in_cur_and_is_seen(folder: Path) -> None:
    """So that a mail program shows it as read."""
    (folder / "new" / "1.host").write_bytes(A)
    read(folder)
    assert [path.name for path in (folder / "cur").iterdir()] == ["1.host:2,S"]
    assert not list((folder / "new").iterdir())


def test_what_a_mail_program_only_listed_is_still_new(folder: Path) -> None:
    """Listing moves messages to cur without the flag; other flags stay."""
    (folder / "cur" / "1.host:2,F").write_bytes(A)
    (folder / "cur" / "2.host:2,").write_bytes(B)
    (folder / "cur" / "3.host:2,FS").write_bytes(B)
    assert read(folder) == [A, B]
    names = sorted(path.name for path in (folder / "cur").iterdir())
    assert names == ["1.host:2,FS", "2.host:2,S", "3.host:2,FS"]
    assert read(folder) == []


def test_only_files_are_messages(folder: Path) -> None:
    """Links could show any file of the machine; hidden files belong to servers; pipes block."""
    secret = folder / "secret"
    secret.write_bytes(A)
    (folder / "new" / "1.link").symlink_to(secret)
    (folder / "new" / ".hidden").write_bytes(A)
    (folder / "new" / "2.folder").mkdir()
    os.mkfifo(folder / "new" / "3.pipe")
    assert read(folder) == []


def test_two_readers_do_no_harm(folder: Path) -> None:
    """What one has taken away the other passes over."""
    (folder / "new" / "1.host").write_bytes(A)
    (folder / "new" / "2.host").write_bytes(B)
    slow = MaildirMailbox(folder).messages(100)
    assert next(slow) == A
    assert read(folder) == [A, B]
    assert list(slow) == []


@pytest.mark.parametrize("missing", ["new", "cur"])
def test_a_folder_that_is_no_maildir_is_refused(folder: Path, missing: str) -> None:
    """A misspelt path must not look like an empty mailbox."""
    (folder / missing).rmdir()
    with pytest.raises(UsageError, match="no Maildir"):
        read(folder)


def test_trouble_with_the_disk_is_told_with_the_file(folder: Path) -> None:
    """Here a file where cur should take what is done with."""
    (folder / "new" / "1.host").write_bytes(A)
    (folder / "cur" / "1.host:2,S").mkdir()
    with pytest.raises(OutsideError, match=r"1\.host"):
        read(folder)
