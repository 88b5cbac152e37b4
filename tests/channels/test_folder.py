"""The folder channel: one file per message, named so that people find it and nothing else is touched."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.channels.folder import FolderChannel
from newsfeed.errors import OutsideError
from newsfeed.model import Message
from tests.channels.tables import open_from_table
from tests.examples import examples

DATA = b"Subject: x\r\n\r\n\xc3\xa9\r\n"


def a_message(identifier: str = "<staff.20260112.de.4f2a@news.example>", data: bytes = DATA) -> Message:
    """A message with this id."""
    return Message("news@news.example", "ann@readers.example", identifier, data)


def test_a_message_becomes_a_file_named_by_its_id(tmp_path: Path) -> None:
    """Digest, day and language stand in the name; the bytes are those of the message."""
    place = FolderChannel(tmp_path).send(a_message())
    assert place == str(tmp_path / "staff.20260112.de.4f2a.eml")
    assert Path(place).read_bytes() == DATA
    assert [path.name for path in tmp_path.iterdir()] == ["staff.20260112.de.4f2a.eml"]


def test_sending_again_replaces_the_file(tmp_path: Path) -> None:
    """One id, one file: the newest bytes."""
    channel = FolderChannel(tmp_path)
    first = channel.send(a_message())
    again = channel.send(a_message(data=b"corrected"))
    assert first == again
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"corrected"]


def test_the_folder_is_made_when_it_is_needed(tmp_path: Path) -> None:
    """With everything above it; a channel that is only made leaves no trace."""
    channel = FolderChannel(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []
    assert Path(channel.send(a_message())).parent == tmp_path / "a" / "b"


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    """An outbox may hold issues of other days, and notes."""
    (tmp_path / "note.txt").write_text("mine")
    (tmp_path / "old.eml").write_text("old")
    FolderChannel(tmp_path).send(a_message())
    assert (tmp_path / "note.txt").read_text() == "mine"
    assert (tmp_path / "old.eml").read_text() == "old"


@given(
    st.text(max_size=40)
    | st.sampled_from(["../../x", "/etc/passwd", "a/b", "a\\b", "~/x", "a\x00b", "..", "CON"])
)
@settings(max_examples=examples(60), deadline=None)
def test_no_id_leads_out_of_the_folder(folder: Path, local: str) -> None:
    """Slashes, dots and worse in an id stay in the name or go."""
    place = Path(FolderChannel(folder / "outbox").send(a_message(f"<{local}@news.example>")))
    assert place.resolve().parent == (folder / "outbox").resolve()
    assert place.suffix == ".eml" or place.name == ".eml"
    assert [path.name for path in folder.iterdir()] == ["outbox"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples."""
    return tmp_path_factory.mktemp("ids")


@pytest.mark.parametrize(
    ("table", "folder"),
    [({}, "var/outbox"), ({"path": "mails"}, "mails"), ({"path": "/var/tmp/x"}, "/var/tmp/x")],
)
def test_the_path_is_read_from_the_site_s_folder(
    table: dict[str, object], folder: str, tmp_path: Path
) -> None:
    """Relative to the site, absolute as it stands, ``var/outbox`` when nothing is said."""
    channel = open_from_table("folder", tmp_path, table)
    assert Path(channel.send(a_message())).parent == tmp_path / folder


def test_a_file_in_place_of_the_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    """The message says which file, and why."""
    (tmp_path / "outbox").write_text("not a folder")
    with pytest.raises(OutsideError, match=r"cannot write .*outbox.*4f2a\.eml: "):
        FolderChannel(tmp_path / "outbox").send(a_message())
    assert (tmp_path / "outbox").read_text() == "not a folder"


def test_a_folder_in_place_of_the_file_is_an_error_that_leaves_nothing(tmp_path: Path) -> None:
    """Neither a half message nor a temporary file."""
    (tmp_path / "staff.20260112.de.4f2a.eml").mkdir()
    with pytest.raises(OutsideError, match="cannot write"):
        FolderChannel(tmp_path).send(a_message())
    assert [path.name for path in tmp_path.iterdir()] == ["staff.20260112.de.4f2a.eml"]


def test_a_folder_nobody_may_write_to_is_an_error() -> None:
    """The kernel's own file system takes no files, not even from root."""
    with pytest.raises(OutsideError, match=r"cannot write /sys/outbox"):
        FolderChannel(Path("/sys/outbox")).send(a_message())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_an_error(tmp_path: Path) -> None:
    """Permissions are the commonest reason of all."""
    tmp_path.chmod(0o500)
    with pytest.raises(OutsideError, match="Permission denied"):
        FolderChannel(tmp_path).send(a_message())
