"""Describe the access to a relay: login, time limits, our own name, and the words for its errors."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.channels.smtp import replies
from newsfeed.config.credentials import describe_certificate_error
from newsfeed.errors import reason_of
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from newsfeed.settings import RelaySettings


@dataclass(frozen=True, slots=True)
class SmtpTimeouts:
    """Seconds to wait, as RFC 5321 4.5.3.2 has them but shorter, except after the dot: a message given up
    there may have been accepted and would come twice (RFC 1047).

    Each is the time for all of it: a whole reply, all data of a message. A relay that drips bytes gains none.
    """

    connect: float = 15.0
    command: float = 60.0
    data: float = 120.0
    dot: float = 600.0

    @property
    def greeting(self) -> float:
        """Return the seconds for everything before the first message: from the connection to the login."""
        return 3 * self.command

    @property
    def message(self) -> float:
        """Return the seconds for all of a message up to its final dot."""
        return 2 * self.command + self.data

    @classmethod
    def of(cls, command: float) -> SmtpTimeouts:
        """Derive all time limits from the one for a command."""
        return cls(command / 4, command, command * 2, command * 10)


@dataclass(frozen=True, slots=True)
class RelayAccess:
    """A relay's settings with everything a connection to it needs."""

    relay: RelaySettings
    timeouts: SmtpTimeouts
    context: ssl.SSLContext | None = None
    """For STARTTLS and TLS."""
    password: str = field(default="", repr=False)
    address: str = ""
    """The IP address to connect to; empty: what the system knows of the host."""
    hello: str = ""
    """Our own name; empty: what the system knows."""


def relay_name(relay: RelaySettings) -> str:
    """Return ``host:port``, a relay's name in logs and ledger."""
    return f"{relay.host}:{relay.port}"


def describe_error(error: OSError) -> Sentence:
    """Describe a connection error in few words and without addresses."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        return Sentence(replies.clean_text(f"{error.smtp_code} {words}"))
    if isinstance(error, ssl.SSLCertVerificationError):
        return describe_certificate_error(error)
    if isinstance(error, TimeoutError):
        return Sentence(N_("it does not answer"))
    if isinstance(error, socket.gaierror):
        return Sentence(N_("its name is not known"))
    return Sentence(replies.clean_text(str(reason_of(error))))


def find_own_name(sock: socket.socket) -> str:
    """Return our name for EHLO: a full host name, else our address (RFC 5321 4.1.3), without DNS."""
    name = socket.gethostname()
    if "." in name and name.isascii() and not name.endswith(".localdomain"):
        return name
    address = str(sock.getsockname()[0])
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
