"""The SMTP channel: relays in order of preference, several connections, and a rate they agree to.

`SmtpChannel` is shared by all threads of a sender; each thread has a session of its own. Keep one
channel for as long as the process lives: it remembers which relays are in trouble, and how fast
they like it.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from newsfeed.channels.direct import send_single_message
from newsfeed.channels.smtp.access import RelayAccess, SmtpTimeouts, relay_name
from newsfeed.channels.smtp.rates import RateLimits
from newsfeed.channels.smtp.relays import RelayPool
from newsfeed.channels.smtp.session import SmtpSession
from newsfeed.config.credentials import make_opportunistic_context, make_tls_context, read_password

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from newsfeed.model import Message
    from newsfeed.service_ports import MailLookups
    from newsfeed.settings import RelaySettings, SmtpSettings


class SmtpChannel:
    """Sends messages through SMTP relays."""

    def __init__(
        self,
        accesses: Sequence[RelayAccess],
        domain_per_second: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        *,
        limits_receivers: bool = False,
    ) -> None:
        """``accesses`` in order of preference. ``clock``: monotonic seconds."""
        self.limits_receivers = limits_receivers
        self._halted = threading.Event()
        self._clock = clock
        self._relays = RelayPool(accesses, clock)
        rates = {relay_name(access.relay): access.relay.per_second for access in accesses}
        self._rates = RateLimits(rates, domain_per_second)
        self.connections = max(access.relay.connections for access in accesses)

    @classmethod
    def from_settings(
        cls,
        root: Path,
        settings: SmtpSettings,
        environment: Mapping[str, str],
        open_lookups: Callable[[], MailLookups],
    ) -> SmtpChannel:
        """Make the channel with its passwords. Raises `UsageError` when one is not where it should be."""
        accesses = [_access(relay, root, environment) for relay in settings.relays]
        return cls(accesses, settings.domain_per_second, limits_receivers=settings.receiver_limits)

    def open(self) -> SmtpSession:
        """Return a session for one thread; it calls a relay when it has the first message."""
        return SmtpSession(self._relays, self._rates, self._clock, self._halted)

    def send(self, message: Message) -> str:
        """Send one message; return the relay's name. Raises `OutsideError` when it is not taken."""
        return send_single_message(self.open(), message).relay

    def close(self) -> None:
        """Make every waiting offer raise `OutsideError` at once. Sessions close themselves."""
        self._halted.set()
        self._relays.halt()


def _access(relay: RelaySettings, root: Path, environment: Mapping[str, str]) -> RelayAccess:
    return RelayAccess(
        relay=relay,
        timeouts=SmtpTimeouts.of(relay.timeout),
        context=_tls_context(relay, root),
        password=read_password(relay, relay_name(relay), root, environment) if relay.username else "",
    )


def _tls_context(relay: RelaySettings, root: Path) -> ssl.SSLContext | None:
    if relay.security == "none":
        return None
    return (
        make_opportunistic_context() if relay.security == "opportunistic" else make_tls_context(relay, root)
    )
