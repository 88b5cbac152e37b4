"""Sessions of channels: conversations for a thread that holds many, and calls for one that holds one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from newsfeed.conversations import hold

if TYPE_CHECKING:
    from newsfeed.conversations import Conversation
    from newsfeed.model import Message
    from newsfeed.records import Reply


class BlockingSession(ABC):
    """Implements the blocking half of `newsfeed.ports.ChannelSession` by the other one."""

    def offer(self, message: Message) -> Reply | None:
        """Hold `offering` to its end."""
        return hold(self.offering(message))

    def finish(self) -> Reply:
        """Hold `finishing` to its end."""
        return hold(self.finishing())

    def close(self) -> None:
        """Hold `closing` to its end."""
        hold(self.closing())

    @abstractmethod
    def offering(self, message: Message) -> Conversation[Reply | None]:
        """Send envelope and message up to the final dot."""

    @abstractmethod
    def finishing(self, following: Message | None = None) -> Conversation[Reply]:
        """Send the final dot; return the answer. The ``following`` message is offered next."""

    @abstractmethod
    def closing(self) -> Conversation[None]:
        """End the session."""
