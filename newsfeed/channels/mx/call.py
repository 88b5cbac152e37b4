"""Call the servers of a domain, one after the other, until one takes the call."""

from __future__ import annotations

import enum
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

    from newsfeed.channels.mx.destinations import Destinations
    from newsfeed.marking import Sentence
    from newsfeed.service_settings import MxSettings

_MOST = 6
"""Addresses that are called for one message: the rest can wait for its next try."""
_LONGEST = 120.0
"""Seconds after which no further address is called: servers that only pretend to answer must not keep a
connection from others.
"""
_NOT_NOW = range(400, 500)
"""Codes that a server would say at all of its addresses."""


@dataclass(frozen=True, slots=True)
class CallContext:
    """All that calls of one channel share."""

    settings: MxSettings
    destinations: Destinations
    opportunistic: ssl.SSLContext
    strict: ssl.SSLContext
    """Verifies certificates and names, where a policy demands it."""
    clock: Callable[[], float]
    halted: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Raise `OutsideError` when sending was stopped."""
        if self.halted.is_set():
            raise OutsideError(N_("sending was stopped"))


class _Outcome(enum.Enum):
    """The outcome of calling one address."""

    CONNECTED = "connected"
    NEXT_ADDRESS = "next address"
    NEXT_HOST = "next host"
    """The server's other addresses would say the same."""


class Call:
    """One attempt to reach a domain. It holds its thread; who waits for it may give it up."""

    def __init__(self, context: CallContext, domain: str, tried: Collection[str]) -> None:
        """``tried``: addresses that were of no use to this message."""
        self._context = context
        self._domain = domain
        self._tried = tried
        self._given_up = threading.Event()
        self._until = context.clock() + _LONGEST
        self._connection: SmtpConnection | None = None
        self._calls = 0
        self._is_called = False
        """Some server was called, or is left alone because it was lately."""
        self._has_contact = self._is_silent = False
        """Some server was reached; or one, or DNS about it, was called and did not answer."""
        self._said: Reply | None = None
        self._troubles: list[tuple[str, Sentence]] = []
        self.opened: OpenConnection | None = None
        """The connection, once it stands."""
        self.host = self.address = ""
        """The server that it leads to, and under which name it is remembered how that one was."""
        self.is_strict = False
        """It is encrypted, and the server has proved its name."""
        self.refusal: Reply | None = None
        """Why there is none."""

    def run(self) -> None:
        """Look up the servers and call them, best first. Raises `OutsideError` when sending is stopped."""
        route = self._context.destinations.find_route(self._domain)
        self.refusal = route.refusal
        self.is_strict = route.is_strict
        if self.refusal is None and not any(self._reach_host(host) for host in route.hosts):
            text = clean_text(describe_troubles(self._troubles, is_strict=route.is_strict))
            self.refusal = self._said or Reply(450, self._status(), text, "connect")
        if self._has_contact:
            self._context.destinations.note_contact()
        elif route.is_silent or self._is_silent:
            self._context.destinations.note_silence(self._domain)
        if self._given_up.is_set() and self._connection is not None:
            self._connection.close()

    def _status(self) -> str:
        """Return why there is no connection (RFC 3463). Only that servers do not answer says something of
        their whole group; anybody can name one that is not there, or have a policy that it does not meet.
        """
        if self._is_called:
            return "4.7.5" if self.is_strict else "4.4.1"
        return "4.4.3" if self._is_silent else "4.4.4"

    def give_up(self) -> None:
        """Let no connection stay behind."""
        self._given_up.set()
        if self._connection is not None:
            self._connection.close()

    def _reach_host(self, host: str) -> bool:
        """Call a server at all of its addresses; tell whether a connection stands."""
        if self._is_over():
            return False
        destinations = self._context.destinations
        found = destinations.find_addresses(host)
        if found.trouble:
            self._is_silent = self._is_silent or found.is_silent
            self._troubles.append((host, found.trouble))
        for address in found.addresses:
            self._context.check()
            if self._is_over():
                break
            if self.key(address) in self._tried:
                continue
            if reason := destinations.reason_to_rest(self.key(address)):
                self._is_called = True
                self._troubles.append((host, reason))
                continue
            self._calls += 1
            self._is_called = True
            outcome = self._reach(host, address)
            if outcome is not _Outcome.NEXT_ADDRESS:
                return outcome is _Outcome.CONNECTED
        return False

    def _is_over(self) -> bool:
        """True when no further address is to be called."""
        is_late = self._context.clock() > self._until
        return is_late or self._calls >= _MOST or self._given_up.is_set()

    def key(self, address: str) -> str:
        """Return the name under which it is remembered how an address was. What a server cannot prove to one
        who must ask for it is nothing to the others.
        """
        return f"{address} strict" if self.is_strict else address

    def _reach(self, host: str, address: str) -> _Outcome:
        """Call one address, and note how that went."""
        connection = self._connection = SmtpConnection(self._access(host, address))
        try:
            connection.start()
        except OSError as error:
            stage, is_reached = connection.stage, connection.sock is not None
            connection.close()
            self._has_contact = self._has_contact or is_reached
            if self._given_up.is_set():  # which is why it failed
                return _Outcome.NEXT_HOST
            self._is_silent = True
            self._troubles.append((host, describe_error(error)))
            if isinstance(error, smtplib.SMTPResponseException) and stage != "tls":
                self._hear(error, host)
                if error.smtp_code in _NOT_NOW:
                    return _Outcome.NEXT_HOST
            self._context.destinations.mark_unreachable(self.key(address), describe_error(error))
            return _Outcome.NEXT_ADDRESS
        self._has_contact = True
        self.host, self.address = host, self.key(address)
        self.opened = OpenConnection(connection, self._name(host), self._context.clock())
        return _Outcome.CONNECTED

    def _hear(self, error: smtplib.SMTPResponseException, host: str) -> None:
        """Keep what a server said instead of a greeting; "not now" counts more than "never"."""
        words = error.smtp_error
        lines = words.split(b"\n") if isinstance(words, bytes) else [str(words).encode()]
        if self._said is None or (self._said.code >= 500 and error.smtp_code in _NOT_NOW):
            self._said = make_reply(error.smtp_code, lines, "connect", self._name(host))

    def _access(self, host: str, address: str) -> RelayAccess:
        settings = self._context.settings
        security = "starttls" if self.is_strict else "opportunistic"
        context = self._context.strict if self.is_strict else self._context.opportunistic
        return RelayAccess(
            RelaySettings(host=host, port=settings.port, security=security),
            SmtpTimeouts.of(settings.timeout),
            context,
            address=address,
            hello=settings.hello,
        )

    def _name(self, host: str) -> str:
        return f"{host}:{self._context.settings.port}"
