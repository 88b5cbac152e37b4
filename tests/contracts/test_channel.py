"""What every channel promises, the twin included; a new channel is one more line in `CHANNELS`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsfeed.channels import CHANNELS, channel
from newsfeed.config import CHANNEL_NAMES
from newsfeed.model import Message
from newsfeed.ports import Channel
from newsfeed.testing import MemoryChannel

Kept = Callable[[], list[bytes]]
TABLES: dict[str, dict[str, object]] = {"folder": {"path": "outbox"}}
"""Channel → a table of the configuration that works in a test."""


def a_message(number: int = 1, data: bytes = b"Subject: x\r\n\r\nText\r\n") -> Message:
    """A message with an id of its own."""
    return Message("news@news.example", "ann@readers.example", f"<staff.{number}.de.4f2a@news.example>", data)


@pytest.fixture(params=[*(name for name, _ in CHANNELS), "memory"])
def carrier(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Channel, Kept]:
    """A channel, and what it has been handed so far."""
    if request.param == "memory":
        twin = MemoryChannel()
        return twin, lambda: [message.data for message in twin.sent.values()]
    made = channel(request.param, tmp_path, TABLES[request.param])
    return made, lambda: [path.read_bytes() for path in sorted(tmp_path.rglob("*.eml"))]


def test_sending_returns_a_place(carrier: tuple[Channel, Kept]) -> None:
    """Something for the report to show, different for each message."""
    carry, _ = carrier
    places = [carry.send(a_message(number)) for number in range(3)]
    assert all(isinstance(place, str) and place for place in places)
    assert len(set(places)) == 3


def test_the_bytes_arrive_as_they_are(carrier: tuple[Channel, Kept]) -> None:
    """Line ends and bytes above ASCII included; a channel does not edit."""
    carry, kept = carrier
    data = "Subject: x\r\n\r\nÜ\r\n.\r\n\x00".encode()
    carry.send(a_message(data=data))
    assert kept() == [data]


def test_the_same_message_twice_is_one(carrier: tuple[Channel, Kept]) -> None:
    """A repeated run reaches nobody twice."""
    carry, kept = carrier
    assert carry.send(a_message()) == carry.send(a_message())
    assert len(kept()) == 1


def test_different_messages_are_all_kept(carrier: tuple[Channel, Kept]) -> None:
    """One message never takes the place of another."""
    carry, kept = carrier
    for number in range(5):
        carry.send(a_message(number, f"{number}".encode()))
    assert sorted(kept()) == [b"0", b"1", b"2", b"3", b"4"]


def test_the_configuration_knows_every_channel() -> None:
    """What can be configured is what there is."""
    assert tuple(name for name, _ in CHANNELS) == CHANNEL_NAMES
    assert set(TABLES) == set(CHANNEL_NAMES)
