"""One message from a pipe."""

import io
from pathlib import Path

import pytest

from newsfeed.core.bounces.mime import SIZE_LIMIT
from newsfeed.errors import OutsideError
from newsfeed.mailboxes import open_mailbox
from newsfeed.mailboxes.stdin import StdinMailbox
from newsfeed.settings import NoSettings


def test_the_whole_stream_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer whose reader goes away early would take that for a failure."""
    stream = io.BytesIO(b"x" * (SIZE_LIMIT + 300_000))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stream))
    (data,) = open_mailbox("stdin", Path(), NoSettings(), {}).messages(1)
    assert len(data) == SIZE_LIMIT
    assert stream.read() == b""


def test_a_stream_that_breaks_is_trouble_outside() -> None:
    """The mail system keeps the message."""

    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OutsideError, match="the disk failed to read or write"):
        list(StdinMailbox(Broken()).messages(1))  # type: ignore[arg-type]
