"""Ask over HTTP, without being led astray: no redirects, no private addresses, and an end to everything.

A name is looked up once, all its addresses are checked, and one of these is connected to: so nobody can
answer the check with one address and the connection with another (DNS rebinding).
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.config.credentials import describe_certificate_error
from newsfeed.connections import ConnectionAlarm, is_public
from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_, Sentence
from newsfeed.service_ports import HttpAnswer

if TYPE_CHECKING:
    from newsfeed.service_ports import HttpRequest

PORTS = {"http": 80, "https": 443}
_PRIVATE = N_("its address is a private one")
_NO_ADDRESS = N_("it is no web address")
_TOO_LONG = N_("the answer has too many bytes")
_TOO_SLOW = N_("it did not answer in time")


@dataclass(frozen=True, slots=True)
class HttpClient:
    """Implements `newsfeed.service_ports.HttpSender`, with one connection for each request."""

    allow_private: bool = False
    """Addresses of this machine and its networks may be asked: for those that the configuration names."""
    seconds: float = 10.0
    """For everything from the look-up to the last byte."""
    most: int = 100_000
    """Bytes of an answer."""
    tls: ssl.SSLContext | None = None
    """``None``: certificates of the system's authorities count."""

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Return the answer, whatever its status. Raises `OutsideError` when there is none."""
        try:
            return self._send(request)
        except (OSError, http.client.HTTPException, ValueError) as error:  # ssl.SSLError is an OSError
            raise self._failed(request, _reason(error)) from error

    def _send(self, request: HttpRequest) -> HttpAnswer:
        deadline = time.monotonic() + self.seconds
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if parts.scheme not in PORTS or not host or parts.username is not None:
            raise self._failed(request, Sentence(_NO_ADDRESS))
        port = parts.port or PORTS[parts.scheme]
        connection = http.client.HTTPConnection(host, port)
        connection.sock = self._connect(request, host, port, deadline)
        alarm = ConnectionAlarm(connection.sock, deadline)
        try:
            if parts.scheme == "https":
                context = self.tls or ssl.create_default_context()
                connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"Host": parts.netloc, "Connection": "close", "Accept-Encoding": "identity"}
            connection.request(request.method, path, request.body or None, {**headers, **request.headers})
            return self._read(request, connection, deadline)
        except (OSError, http.client.HTTPException, ValueError):
            self._left(request, deadline)  # what fails after the alarm fails because of it
            raise
        finally:
            alarm.stop()
            connection.close()

    def _connect(self, request: HttpRequest, host: str, port: int, deadline: float) -> socket.socket:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not self.allow_private and not all(map(is_public, addresses)):
            raise self._failed(request, Sentence(_PRIVATE))
        failure: OSError = OSError("no address")
        for address in addresses:
            try:
                return socket.create_connection((address, port), self._left(request, deadline))
            except OSError as error:
                failure = error
        raise failure

    def _read(
        self, request: HttpRequest, connection: http.client.HTTPConnection, deadline: float
    ) -> HttpAnswer:
        connection.sock.settimeout(self._left(request, deadline))
        answer = connection.getresponse()
        body = bytearray()
        while piece := answer.read1(16_384):
            body += piece
            if len(body) > self.most:
                raise self._failed(request, Sentence(_TOO_LONG))
            self._left(request, deadline)
        self._left(request, deadline)
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return HttpAnswer(answer.status, headers, bytes(body))

    def _left(self, request: HttpRequest, deadline: float) -> float:
        """Return the seconds that are left; at least some, for a socket knows none."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise self._failed(request, Sentence(_TOO_SLOW))
        return left

    @staticmethod
    def _failed(request: HttpRequest, reason: Sentence) -> OutsideError:
        parts = urlsplit(request.url)
        return OutsideError(N_("{host} cannot be asked: {reason}"), host=parts.hostname or "", reason=reason)


def _reason(error: Exception) -> Sentence:
    if isinstance(error, socket.gaierror):
        return Sentence(N_("its name is not known"))
    if isinstance(error, ssl.SSLCertVerificationError):
        return describe_certificate_error(error)
    if isinstance(error, TimeoutError):
        return Sentence(_TOO_SLOW)
    if isinstance(error, OSError):
        return reason_of(error)
    return Sentence(type(error).__name__)
