"""A connection that was greeted, with its age and what it has carried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.channels.smtp.access import describe_error
from newsfeed.records import Reply

if TYPE_CHECKING:
    from newsfeed.channels.smtp.connection import SmtpConnection
    from newsfeed.conversations import Conversation
    from newsfeed.model import Message

MOST = 1_000
"""Messages on one connection: many relays allow no more."""
OLDEST, IDLE = 300.0, 60.0
"""Seconds a connection lives, and lies unused, before it is renewed."""
GONE = (0, 421)
"""The connection was lost, or is about to be (RFC 5321 3.8)."""


class OpenConnection:
    """A connection to one server. Moments are seconds of a monotonic clock."""

    def __init__(self, connection: SmtpConnection, server: str, now: float) -> None:
        """``server``: its name in logs and ledger."""
        self.connection = connection
        self.server = server
        self._since = self._used = now
        self._count = 0
        self.is_proven = False
        """It has carried an answer, so that losing it is nothing unusual."""

    @property
    def is_broken(self) -> bool:
        """True when there is nobody at the other end any more."""
        return self.connection.broken

    def is_worn(self, now: float) -> bool:
        """Tell whether the connection has served long enough."""
        return self._count >= MOST or now - self._since > OLDEST or now - self._used > IDLE

    def offer(self, message: Message) -> Conversation[Reply | None]:
        """Send a message up to its final dot; a connection that is lost is a reply too."""
        self._count += 1
        try:
            return (yield from self.connection.offer(message))
        except OSError as error:
            self.connection.broken = True
            return Reply(0, "", str(describe_error(error)), self.connection.stage, self.server)

    def heed(self, reply: Reply, now: float) -> bool:
        """Note that the server said something; tell whether that proves for the first time that it works."""
        self._used = now
        if self.is_proven or not reply.relay or reply.code in GONE:
            return False
        self.is_proven = True
        return True
