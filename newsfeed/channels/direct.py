"""Channels without a conversation: they write each message to some place themselves.

`DirectChannel` needs only `send`; `FileChannel` writes a file for each message.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from newsfeed.channels.sessions import BlockingSession
from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import write_private
from newsfeed.marking import N_
from newsfeed.records import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from newsfeed.conversations import Conversation
    from newsfeed.model import Message
    from newsfeed.ports import ChannelSession
    from newsfeed.service_ports import MailLookups
    from newsfeed.settings import FolderSettings


class DirectChannel(ABC):
    """A channel that is done with a message when it is written."""

    name: str
    """The channel's name, as the ledger calls what took a message."""
    connections = 1
    limits_receivers = False

    def open(self) -> DirectSession:
        """Return a session that writes."""
        return DirectSession(self.send, self.name)

    def close(self) -> None:  # noqa: B027 - not abstract: there is nothing to do
        """Do nothing: no session ever waits here."""

    @abstractmethod
    def send(self, message: Message) -> str:
        """Write one message; return where it went."""


class FileChannel(DirectChannel):
    """Writes every message into a file named by its Message-ID, so that sending again is no second file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def from_settings(
        cls,
        root: Path,
        settings: FolderSettings,
        environment: Mapping[str, str],
        open_lookups: Callable[[], MailLookups],
    ) -> Self:
        """Make the channel of a folder; it needs no password, and asks nobody."""
        return cls(root / settings.path)

    def send(self, message: Message) -> str:
        """Write one message under a temporary name, then rename it; return the file's path."""
        temporary, path = self._paths(message)
        try:
            self._make_folders()
            write_private(temporary, message.data)
            os.replace(temporary, path)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise OutsideError(
                N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)
            ) from error
        return str(path)

    @abstractmethod
    def _paths(self, message: Message) -> tuple[Path, Path]:
        """Return the temporary path of a message, and the final one."""

    @abstractmethod
    def _make_folders(self) -> None:
        """Make the folders that are missing."""


class DirectSession(BlockingSession):
    """Keeps a message at `offer` and writes it at `finish`, which is its final dot."""

    def __init__(self, write: Callable[[Message], str], name: str) -> None:
        self._write = write
        self._name = name
        self._message: Message | None = None

    def offering(self, message: Message) -> Conversation[Reply | None]:
        """Keep the message; it is never refused."""
        self._message = message
        yield from ()
        return None

    def finishing(self, following: Message | None = None) -> Conversation[Reply]:
        """Write the message. A full disk is a "not now"."""
        if self._message is None:
            raise ValueError("nothing was offered")
        message, self._message = self._message, None
        yield from ()
        try:
            place = self._write(message)
        except OutsideError as error:
            return Reply(452, "4.3.1", error.message, "dot", self._name)
        return Reply(250, "2.0.0", place, "dot", self._name)

    def closing(self) -> Conversation[None]:
        """Drop a message that was offered and not finished."""
        self._message = None
        yield from ()


def send_single_message(session: ChannelSession, message: Message) -> Reply:
    """Send one message over a session of its own; raises `OutsideError` when it is not taken."""
    try:
        reply = session.offer(message) or session.finish()
    finally:
        session.close()
    if not 200 <= reply.code < 300:
        said = " ".join(part for part in (str(reply.code), reply.enhanced, reply.text) if part)
        raise OutsideError(N_("the message was not taken: {said}"), said=said)
    return reply
