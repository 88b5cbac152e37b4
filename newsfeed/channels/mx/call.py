"""Call the servers of a domain, one after the other, until one takes the call."""

from __future__ import annotations

import smtplib
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.channels.mx.destinations import describe_troubles
from newsfeed.channels.smtp.access import RelayAccess, SmtpTimeouts, describe_error
from newsfeed.channels.smtp.connection import SmtpConnection
from newsfeed.channels.smtp.open_connection import OpenConnection
from newsfeed.channels.smtp.replies import clean_text, make_reply
from newsfeed.errors import OutsideError
from newsfeed.marking import N_
from newsfeed.records import Reply
from newsfeed.settings import RelaySettings

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Collection

    from newsfeed.channels.mx.destinations import Destinations, Route
    from newsfeed.marking import Sentence
    from newsfeed.service_settings import MxSettings

_MOST = 6
"""Addresses that are called for one message: the rest can wait for its next try."""
_NEXT_HOST = range(400, 500)
"""A server that says "not now" says so at all of its addresses."""


@dataclass(frozen=True, slots=True)
class CallContext:
    """All that calls of one channel share."""

    settings: MxSettings
    destinations: Destinations
    opportunistic: ssl.SSLContext
    clock: Callable[[], float]
    halted: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Raise `OutsideError` when sending was stopped."""
        if self.halted.is_set():
            raise OutsideError(N_("sending was stopped"))


class Call:
    """One attempt to reach a domain. It holds its thread; who waits for it may give it up."""

    def __init__(self, context: CallContext, domain: str, tried: Collection[str]) -> None:
        """``tried``: addresses that were of no use to this message."""
        self._context = context
        self._domain = domain
        self._tried = tried
        self._given_up = threading.Event()
        self._connection: SmtpConnection | None = None
        self._calls = 0
        self._said: Reply | None = None
        self._troubles: list[tuple[str, Sentence]] = []
        self.opened: OpenConnection | None = None
        """The connection, once it stands."""
        self.host = self.address = ""
        """The server that it leads to."""
        self.refusal: Reply | None = None
        """Why there is none."""

    def run(self) -> None:
        """Look up the servers and call them, best first. Raises `OutsideError` when sending is stopped."""
        route = self._context.destinations.find_route(self._domain)
        self.refusal = route.refusal
        if self.refusal is None and not self._reach_one(route):
            text = clean_text(describe_troubles(self._troubles))
            self.refusal = self._said or Reply(450, "4.4.1", text, "connect")
        if self._given_up.is_set() and self._connection is not None:
            self._connection.close()

    def give_up(self) -> None:
        """Let no connection stay behind."""
        self._given_up.set()
        if self._connection is not None:
            self._connection.close()

    def _reach_one(self, route: Route) -> bool:
        return any(self._reach_host(host) for host in route.hosts)

    def _reach_host(self, host: str) -> bool:
        """Call a server at all of its addresses; tell whether a connection stands."""
        destinations = self._context.destinations
        found = destinations.find_addresses(host)
        if found.trouble:
            self._troubles.append((host, found.trouble))
        for address in found.addresses:
            self._context.check()
            if address in self._tried or self._given_up.is_set() or self._calls >= _MOST:
                continue
            if reason := destinations.reason_to_rest(address):
                self._troubles.append((host, reason))
                continue
            self._calls += 1
            code = self._reach(host, address)
            if not code:
                continue
            return code == _CONNECTED
        return False

    def _reach(self, host: str, address: str) -> int:
        """Call one address. Returns `_CONNECTED`, a code that the server's other addresses would say as well,
        or 0.
        """
        context = self._context
        connection = self._connection = SmtpConnection(self._access(host, address))
        try:
            connection.start()
        except OSError as error:
            connection.close()
            self._troubles.append((host, describe_error(error)))
            code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
            if isinstance(error, smtplib.SMTPResponseException):
                self._hear(error, host)
            if code in _NEXT_HOST:
                return code
            context.destinations.mark_unreachable(address, describe_error(error))
            return 0
        self.host, self.address = host, address
        self.opened = OpenConnection(connection, self._name(host), context.clock())
        return _CONNECTED

    def _hear(self, error: smtplib.SMTPResponseException, host: str) -> None:
        """Keep what a server said instead of a greeting; "not now" counts more than "never"."""
        words = error.smtp_error
        lines = words.split(b"\n") if isinstance(words, bytes) else [str(words).encode()]
        if self._said is None or (self._said.code >= 500 and error.smtp_code in _NEXT_HOST):
            self._said = make_reply(error.smtp_code, lines, "connect", self._name(host))

    def _access(self, host: str, address: str) -> RelayAccess:
        settings = self._context.settings
        relay = RelaySettings(host=host, port=settings.port, security="opportunistic")
        timeouts = SmtpTimeouts.of(settings.timeout)
        return RelayAccess(
            relay, timeouts, self._context.opportunistic, address=address, hello=settings.hello
        )

    def _name(self, host: str) -> str:
        return f"{host}:{self._context.settings.port}"


_CONNECTED = 220
