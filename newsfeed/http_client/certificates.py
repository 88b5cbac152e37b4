"""Look at the certificate of a web server."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.config.credentials import describe_certificate_error, read_certificate_dates
from newsfeed.errors import OutsideError, reason_of
from newsfeed.http_client.client import PORTS
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from newsfeed.service_ports import CertificateDates

_SECONDS = 8.0


def read_certificate(url: str, tls: ssl.SSLContext | None = None) -> CertificateDates | None:
    """Return the time for which the certificate behind an address is good. ``tls``: else certificates of the
    system's authorities count. Raises `OutsideError` when none can be believed.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    context = tls or ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, parts.port or PORTS["https"]), _SECONDS) as sock,
            context.wrap_socket(sock, server_hostname=host) as encrypted,
        ):
            return read_certificate_dates(encrypted)
    except OSError as error:
        raise OutsideError(
            N_("{host} cannot be asked: {reason}"), host=host, reason=_reason(error)
        ) from error


def _reason(error: OSError) -> Sentence:
    if isinstance(error, ssl.SSLCertVerificationError):
        return describe_certificate_error(error)
    return reason_of(error)
