"""The maildir channel: new mail that any mail program finds, and each message once."""

import mailbox
from pathlib import Path

import pytest

from newsfeed.channels.maildir import MaildirChannel
from newsfeed.errors import OutsideError
from newsfeed.model import Message
from tests.channels.tables import open_from_table

DATA = b"Subject: x\r\n\r\n\xc3\xa9\r\n.\r\n"


def a_message(number: int = 1, data: bytes = DATA) -> Message:
    """A message with an id of its own."""
    return Message("news@news.example", "ann@readers.example", f"<staff.{number}@news.example>", data)


def test_a_message_becomes_new_mail_as_it_is(tmp_path: Path) -> None:
    """Nothing is left in ``tmp``; the bytes are those of the message."""
    place = Path(MaildirChannel(tmp_path).send(a_message()))
    assert place.parent == tmp_path / "new"
    assert place.read_bytes() == DATA
    assert list((tmp_path / "tmp").iterdir()) == []


def test_mail_programs_find_it(tmp_path: Path) -> None:
    """The standard library's reader among them."""
    channel = MaildirChannel(tmp_path / "box")
    for number in range(3):
        channel.send(a_message(number))
    box = mailbox.Maildir(tmp_path / "box", create=False)
    assert [message["Subject"] for message in box] == ["x"] * 3


def test_sending_again_is_no_second_mail(tmp_path: Path) -> None:
    """The same Message-ID is the same file."""
    channel = MaildirChannel(tmp_path)
    assert channel.send(a_message()) == channel.send(a_message(data=b"corrected"))
    assert [path.read_bytes() for path in (tmp_path / "new").iterdir()] == [b"corrected"]


def test_the_wire_writes_at_its_final_dot(tmp_path: Path) -> None:
    """Not before; closed in between, nothing is written."""
    channel = MaildirChannel(tmp_path)
    session = channel.open()
    assert session.offer(a_message()) is None
    session.close()
    assert not (tmp_path / "new").exists()
    with pytest.raises(ValueError, match="nothing was offered"):
        session.finish()
    assert session.offer(a_message()) is None
    reply = session.finish()
    assert (reply.code, reply.stage, reply.relay) == (250, "dot", "maildir")
    assert Path(reply.text).read_bytes() == DATA
    assert channel.connections == 1


def test_a_full_disk_is_a_not_now_that_leaves_nothing(tmp_path: Path) -> None:
    """The wire answers 452, as a relay would; the channel raises."""
    (tmp_path / "tmp").write_text("in the way")
    channel = MaildirChannel(tmp_path)
    session = channel.open()
    assert session.offer(a_message()) is None
    reply = session.finish()
    assert (reply.code, reply.enhanced) == (452, "4.3.1")
    with pytest.raises(OutsideError, match="cannot write"):
        channel.send(a_message())


@pytest.mark.parametrize(("table", "folder"), [({}, "var/maildir"), ({"path": "mails"}, "mails")])
def test_the_path_is_read_from_the_site_s_folder(
    table: dict[str, object], folder: str, tmp_path: Path
) -> None:
    """``var/maildir`` when nothing is said."""
    channel = open_from_table("maildir", tmp_path, table)
    assert Path(channel.send(a_message())).parent == tmp_path / folder / "new"
