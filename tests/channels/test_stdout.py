"""The stdout channel: one mbox stream from which every message can be read back."""

import io
import mailbox
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.channels.stdout import StdoutChannel
from newsfeed.errors import OutsideError
from newsfeed.model import Message
from tests.channels.tables import open_from_table


def a_message(data: bytes, sender: str = "news@news.example") -> Message:
    """A message with these bytes."""
    return Message(sender, "ann@readers.example", "<staff.1@news.example>", data)


def read_back(stream: bytes) -> list[bytes]:
    """Messages of an mboxrd stream: the reverse of what was done."""
    found: list[list[bytes]] = []
    for line in stream.split(b"\n")[:-1]:
        if line.startswith(b"From "):
            found.append([])
        else:
            found[-1].append(line[1:] if line.lstrip(b">").startswith(b"From ") else line)
    return [b"\r\n".join(lines[:-1]) + b"\r\n" for lines in found]


@given(
    st.lists(
        st.lists(st.sampled_from([b"", b"From x", b">From x", b"a", b".", b">>From "])).map(
            lambda lines: b"Subject: x\r\n\r\n" + b"".join(line + b"\r\n" for line in lines)
        )
    )
)
@settings(deadline=None)
def test_every_message_can_beread_back(messages: list[bytes]) -> None:
    """Lines that look like the start of a message included."""
    stream = io.BytesIO()
    channel = StdoutChannel(stream)
    for data in messages:
        channel.send(a_message(data))
    assert read_back(stream.getvalue()) == messages


def test_mail_programs_can_read_the_stream(tmp_path: Path) -> None:
    """The standard library's reader among them."""
    with (tmp_path / "mbox").open("wb") as stream:
        channel = StdoutChannel(stream)
        for sender in ("news@news.example", ""):
            assert channel.send(a_message(b"Subject: x\r\n\r\nText\r\n", sender)) == "<staff.1@news.example>"
    box = mailbox.mbox(tmp_path / "mbox")
    assert [message["Subject"] for message in box] == ["x", "x"]
    assert [message.get_from().split(" ")[0] for message in box] == ["news@news.example", "MAILER-DAEMON"]
    box.close()


def test_a_reader_that_went_away_is_one_clear_error(tmp_path: Path) -> None:
    """Standard output closed, or a disk full."""
    with (
        Path("/dev/full").open("wb", buffering=0) as stream,
        pytest.raises(OutsideError, match="standard output"),
    ):
        StdoutChannel(stream).send(a_message(b"x\r\n"))


def test_it_needs_no_configuration(tmp_path: Path) -> None:
    """Its table has no keys."""
    channel = open_from_table("stdout", tmp_path, {})
    assert channel.connections == 1
    session = channel.open()
    assert session.offer(a_message(b"x\r\n")) is None
    session.close()
