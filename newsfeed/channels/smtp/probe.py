"""Talk with a relay as sending does, up to the first message, and hang up."""

from __future__ import annotations

import ssl
from contextlib import suppress
from typing import TYPE_CHECKING

from newsfeed.channels.smtp.access import RelayAccess, SmtpTimeouts, describe_error, relay_name
from newsfeed.channels.smtp.connection import SmtpConnection
from newsfeed.config.credentials import make_tls_context, read_certificate_dates
from newsfeed.marking import NOTHING, Sentence
from newsfeed.service_ports import RelayProbe

if TYPE_CHECKING:
    from pathlib import Path

    from newsfeed.settings import RelaySettings

_SECONDS = 8.0
"""For the answer to a command: whoever runs a check waits for it."""


def probe_relay(relay: RelaySettings, root: Path, password: str, hello: str = "") -> RelayProbe:
    """Greet a relay, encrypt and log in as configured; nothing is sent. Raises `OutsideError` when the
    certificates to trust cannot be read. ``hello``: our own name; empty: what the system knows.
    """
    context = None if relay.security == "none" else make_tls_context(relay, root)
    timeouts = SmtpTimeouts.of(min(_SECONDS, relay.timeout))
    connection = SmtpConnection(RelayAccess(relay, timeouts, context, password, hello=hello))
    failure = NOTHING
    stage = ""
    try:
        connection.start()
    except OSError as error:  # smtplib's and ssl's are such
        failure = describe_error(error)
        stage = "tls" if isinstance(error, ssl.SSLError) else _stage_of(connection, relay)
    try:
        return _describe(connection, relay, failure, stage)
    finally:
        with suppress(OSError):
            if not failure:
                connection.quit()
        connection.close()


def _stage_of(connection: SmtpConnection, relay: RelaySettings) -> str:
    """Return how far a conversation got: who was greeted, and encrypted with, was asked to let us in."""
    is_encrypted = relay.security == "none" or isinstance(connection.sock, ssl.SSLSocket)
    return "login" if relay.username and is_encrypted and connection.ehlo_resp else "connect"


def _describe(connection: SmtpConnection, relay: RelaySettings, failure: Sentence, stage: str) -> RelayProbe:
    sock = connection.sock if isinstance(connection.sock, ssl.SSLSocket) else None
    said = (connection.ehlo_resp or b"").split(b"\n")[0].split(b" ")[0]
    return RelayProbe(
        relay=relay_name(relay),
        failure=failure,
        stage=stage,
        address=_address_of(connection),
        own_address=_address_of(connection, is_own=True),
        called=said.decode("ascii", "replace").lower(),
        encryption=(sock.version() or "") if sock is not None else "",
        certificate=read_certificate_dates(sock) if sock is not None else None,
        offers_encryption=connection.has_extn("starttls"),
    )


def _address_of(connection: SmtpConnection, *, is_own: bool = False) -> str:
    """Return the address at one end of a connection."""
    try:
        if connection.sock is None:
            return ""
        return str((connection.sock.getsockname() if is_own else connection.sock.getpeername())[0])
    except OSError:
        return ""
