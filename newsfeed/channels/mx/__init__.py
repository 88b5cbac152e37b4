"""The direct channel: mail goes straight to the servers of the readers' domains, without a relay.

`MxChannel` is shared by all threads of a sender; each thread has a session of its own. Keep one channel for
as long as the process lives: it remembers the way to domains, and which servers are in trouble.
"""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsfeed.channels.direct import send_single_message
from newsfeed.channels.mx.call import CallContext
from newsfeed.channels.mx.destinations import Destinations
from newsfeed.channels.mx.policies import PolicyBook
from newsfeed.channels.mx.session import MxSession
from newsfeed.config.credentials import make_opportunistic_context

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from newsfeed.model import Message
    from newsfeed.service_ports import MailLookups
    from newsfeed.service_settings import MxSettings


POLICIES = "var/mta-sts"
"""Folder of a site that keeps the policies of domains."""


def _now() -> datetime:
    return datetime.now(UTC)


class MxChannel:
    """Sends messages to the servers that DNS names for their readers' domains (RFC 5321 5.1)."""

    limits_receivers = True

    def __init__(
        self,
        settings: MxSettings,
        lookups: MailLookups,
        policies: Path,
        *,
        strict: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """``policies``: folder in which they are kept. ``strict``: for servers that must prove their names;
        else certificates of the system's authorities count. ``clock``: monotonic seconds.
        """
        destinations = Destinations(
            lookups,
            PolicyBook(lookups, policies, now),
            settings.hello,
            clock,
            allow_private=settings.allow_private,
        )
        strict = strict or ssl.create_default_context()
        self._context = CallContext(settings, destinations, make_opportunistic_context(), strict, clock)
        self.connections = settings.connections

    @classmethod
    def from_settings(
        cls,
        root: Path,
        settings: MxSettings,
        environment: Mapping[str, str],
        open_lookups: Callable[[], MailLookups],
    ) -> MxChannel:
        """Make the channel; it needs no password."""
        return cls(settings, open_lookups(), root / POLICIES)

    def open(self) -> MxSession:
        """Return a session for one thread; it calls a server when it has the first message."""
        return MxSession(self._context)

    def send(self, message: Message) -> str:
        """Send one message; return the server's name. Raises `OutsideError` when it is not taken."""
        return send_single_message(self.open(), message).relay

    def close(self) -> None:
        """Make every offer raise `OutsideError` at once. Sessions close themselves."""
        self._context.halted.set()
