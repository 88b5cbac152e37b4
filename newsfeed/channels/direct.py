"""Sessions without a conversation: for channels that just write a message somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError
from newsfeed.records import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.model import Message
    from newsfeed.ports import ChannelSession


class DirectSession:
    """Keeps a message at `offer` and writes it at `finish`, which is its final dot."""

    def __init__(self, write: Callable[[Message], str], name: str) -> None:
        self._write = write
        self._name = name
        self._message: Message | None = None

    def offer(self, message: Message) -> Reply | None:
        """Keep the message; it is never refused."""
        self._message = message
        return None

    def finish(self) -> Reply:
        """Write the message. A full disk is a "not now"."""
        if self._message is None:
            raise ValueError("nothing was offered")
        message, self._message = self._message, None
        try:
            place = self._write(message)
        except OutsideError as error:
            return Reply(452, "4.3.1", error.message, "dot", self._name)
        return Reply(250, "2.0.0", place, "dot", self._name)

    def close(self) -> None:
        """Drop a message that was offered and not finished."""
        self._message = None


def send_single_message(session: ChannelSession, message: Message) -> Reply:
    """Send one message over a session of its own; raises `OutsideError` when it is not taken."""
    try:
        reply = session.offer(message) or session.finish()
    finally:
        session.close()
    if not 200 <= reply.code < 300:
        said = " ".join(part for part in (str(reply.code), reply.enhanced, reply.text) if part)
        raise OutsideError(f"the message was not taken: {said}")
    return reply
