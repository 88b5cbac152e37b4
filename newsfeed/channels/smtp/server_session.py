"""Sessions that speak SMTP over one open connection at a time: to a relay, or to a server of a domain."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from newsfeed.channels.sessions import BlockingSession

if TYPE_CHECKING:
    from newsfeed.channels.smtp.open_connection import OpenConnection
    from newsfeed.conversations import Conversation
    from newsfeed.model import Message
    from newsfeed.records import Reply


class ServerSession(BlockingSession):
    """Offers messages over a connection, and gives it up when it is broken."""

    def closing(self) -> Conversation[None]:
        """Close the connection. A message offered and not finished is taken back by hanging up."""
        yield from self._drop()

    def _try(self, message: Message, opened: OpenConnection) -> Conversation[Reply | None]:
        """Send a message up to its final dot; return the refusal, if there is one."""
        refusal = yield from opened.offer(message)
        if refusal is not None:
            self._heed(refusal)
            if opened.is_broken:
                yield from self._drop()
        return refusal

    @abstractmethod
    def _heed(self, reply: Reply) -> None:
        """Learn from what the server said."""

    @abstractmethod
    def _drop(self) -> Conversation[None]:
        """Close the connection, if there is one."""
