"""What every channel promises, the twin included; a new channel is one more line in `MAKERS`."""

import io
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from newsfeed.channels import CHANNELS
from newsfeed.config.loader import CHANNEL_NAMES
from newsfeed.model import Message
from newsfeed.ports import Channel
from newsfeed.testing import MemoryChannel
from tests.channels.mx.servers import lookups_of
from tests.channels.smtp.peer import Peer
from tests.channels.tables import open_from_table
from tests.channels.test_stdout import read_back

Kept = Callable[[], list[bytes]]
Carrier = tuple[Channel, Kept]
DATA = "Subject: x\r\n\r\nÜ\r\n.\r\n..\r\nFrom here\r\n\x00\r\n".encode()
KEEPERS = {"folder", "maildir", "memory"}
"""Channels that keep messages themselves, and can tell that they have one already."""


@contextmanager
def a_folder(tmp_path: Path, table: Mapping[str, object], name: str) -> Iterator[Carrier]:
    """A channel that writes files below a folder."""
    made = open_from_table(name, tmp_path, table)
    yield made, lambda: [path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()]


@contextmanager
def a_stream(tmp_path: Path) -> Iterator[Carrier]:
    """Standard output, watched."""
    watched, usual = io.TextIOWrapper(io.BytesIO()), sys.stdout
    sys.stdout = watched
    try:
        yield open_from_table("stdout", tmp_path, {}), lambda: read_back(watched.buffer.getvalue())  # type: ignore[attr-defined]
    finally:
        sys.stdout = usual


@contextmanager
def a_relay(tmp_path: Path) -> Iterator[Carrier]:
    """A server on this machine that takes everything."""
    with Peer() as peer:
        table = {"host": "127.0.0.1", "port": peer.port, "security": "none", "timeout": 5}
        yield (
            open_from_table("smtp", tmp_path, table),
            lambda: [mail.data for mail in peer.mails],
        )


@contextmanager
def a_server_of_the_readers(tmp_path: Path) -> Iterator[Carrier]:
    """A server that takes the mail of one domain, found by DNS."""
    with Peer() as peer:
        zone = {
            ("readers.example", "MX"): ("mx.readers.example",),
            ("mx.readers.example", "A"): ("127.0.0.1",),
        }
        table = {"hello": "news.example", "port": peer.port, "allow_private": True, "timeout": 5}
        yield (
            open_from_table("mx", tmp_path, table, open_lookups=lambda: lookups_of(zone)),
            lambda: [mail.data for mail in peer.mails],
        )


@contextmanager
def the_twin(tmp_path: Path) -> Iterator[Carrier]:
    """What other tests use instead."""
    twin = MemoryChannel()
    yield twin, lambda: [message.data for message in twin.sent.values()]


MAKERS: Mapping[str, Callable[[Path], AbstractContextManager[Carrier]]] = {
    "folder": lambda path: a_folder(path, {"path": "outbox"}, "folder"),
    "maildir": lambda path: a_folder(path, {"path": "box"}, "maildir"),
    "mx": a_server_of_the_readers,
    "smtp": a_relay,
    "stdout": a_stream,
    "memory": the_twin,
}


def a_message(number: int = 1, data: bytes = DATA) -> Message:
    """A message with an id of its own."""
    return Message("news@news.example", "ann@readers.example", f"<staff.{number}.de.4f2a@news.example>", data)


@pytest.fixture(params=MAKERS)
def carrier(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Carrier]:
    """A channel, and what it has been handed so far."""
    with MAKERS[request.param](tmp_path) as made:
        yield made


@pytest.fixture(params=sorted(KEEPERS))
def keeper(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Carrier]:
    """A channel that knows what it has, and what that is."""
    with MAKERS[request.param](tmp_path) as made:
        yield made


def test_sending_returns_a_place(carrier: Carrier) -> None:
    """Something for the report to show."""
    carry, _ = carrier
    places = [carry.send(a_message(number)) for number in range(3)]
    assert all(isinstance(place, str) and place for place in places)


def test_the_bytes_arrive_as_they_are(carrier: Carrier) -> None:
    """Full stops at the start of a line and bytes above ASCII included; a channel does not edit."""
    carry, kept = carrier
    carry.send(a_message())
    assert kept() == [DATA]


def test_different_messages_are_all_kept(carrier: Carrier) -> None:
    """One message never takes the place of another."""
    carry, kept = carrier
    messages = [b"Subject: %d\r\n\r\nx\r\n" % number for number in range(5)]
    for number, data in enumerate(messages):
        carry.send(a_message(number, data))
    assert sorted(kept()) == messages


def test_the_same_message_twice_is_one(keeper: Carrier) -> None:
    """A repeated run reaches nobody twice, and names the same place."""
    carry, kept = keeper
    assert carry.send(a_message()) == carry.send(a_message())
    assert len(kept()) == 1


def test_what_is_offered_and_not_finished_never_left(carrier: Carrier) -> None:
    """Hanging up before the final dot takes a message back: the ledger relies on it."""
    carry, kept = carrier
    session = carry.open()
    assert session.offer(a_message()) is None
    session.close()
    assert kept() == []


def test_a_wire_carries_one_message_after_the_other(carrier: Carrier) -> None:
    """Each is accepted at its final dot."""
    carry, kept = carrier
    session = carry.open()
    for number in range(3):
        assert session.offer(a_message(number)) is None
        assert session.finish().code == 250
    session.close()
    assert kept() == [DATA] * 3
    assert carry.connections >= 1


def test_closing_a_channel_that_waits_for_nothing_is_quiet(carrier: Carrier) -> None:
    """It may be said more than once."""
    carry, _ = carrier
    carry.send(a_message())
    carry.close()
    carry.close()


def test_the_configuration_knows_every_channel() -> None:
    """What can be configured is what there is, and all of it is tested here."""
    names = [name for name, _ in CHANNELS]
    assert sorted(names) == sorted(CHANNEL_NAMES)
    assert {*MAKERS} == {*names, "memory"}
