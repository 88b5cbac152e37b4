"""Fetch from the web for a move: only public addresses, only so much, only so long.

The address that was checked is the one connected to, also after each redirect: nothing that a feed or a text
names can make this machine ask one of its own network (SSRF).
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from newsfeed.connections import ConnectionAlarm, is_public
from newsfeed.core.content.facts import guess_ending, guess_media_type
from newsfeed.core.content.sniffing import find_contradiction
from newsfeed.errors import OutsideError
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

_REDIRECTS = 5
_SECONDS = 20.0
"""For one answer to begin, and for each piece of it."""
_WHOLE_SECONDS = 120.0
_PIECE = 65_536
_MOVED = frozenset({301, 302, 303, 307, 308})
MOST_PICTURE = 20_000_000
MOST_FEED = 50_000_000
_PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif")
_SAFE = "/~!$&'()*+,;=:@%?"


class Answer(NamedTuple):
    """The file at an address."""

    url: str
    """After all redirects."""
    media_type: str
    data: bytes


def fetch(url: str, most: int, *, may_ask: Callable[[str], bool] = is_public) -> Answer:
    """Return what is at a web address. ``most``: bytes; ``may_ask``: judges IP addresses.

    Raises `OutsideError` for what cannot, or may not, be fetched.
    """
    deadline = time.monotonic() + _WHOLE_SECONDS
    for _ in range(_REDIRECTS + 1):
        _check_time(url, deadline)
        connection, path = _connect(url, may_ask, deadline)
        try:
            connection.request(
                "GET", path, headers={"User-Agent": "newsfeed move-in", "Accept-Encoding": "identity"}
            )
            response = connection.getresponse()
            if response.status in _MOVED and (target := response.getheader("Location")):
                url = urljoin(url, target)
                continue
            return _read(response, url, most, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            _check_time(url, deadline)  # what fails after the alarm fails because of it
            raise _failed(url, str(error) or type(error).__name__) from error
        finally:
            connection.close()
    raise _failed(url, Sentence(N_("it leads on and on")))


def fetch_picture(url: str, *, may_ask: Callable[[str], bool] = is_public) -> tuple[bytes, str]:
    """Return a picture, and the ending of its name. Raises `OutsideError`, also for what is no picture."""
    answer = fetch(url, MOST_PICTURE, may_ask=may_ask)
    media_type = answer.media_type if answer.media_type in _PICTURES else guess_media_type(urlsplit(url).path)
    if media_type not in _PICTURES or find_contradiction(media_type, answer.data[:512]):
        raise _failed(url, Sentence(N_("it is no picture")))
    return answer.data, guess_ending(media_type)


def _connect(
    url: str, may_ask: Callable[[str], bool], deadline: float
) -> tuple[http.client.HTTPConnection, str]:
    """Return a connection to a public address of a host, and the path to ask for."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError) as error:
        raise _failed(url, Sentence(N_("it is no web address"))) from error
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise _failed(url, Sentence(N_("it is no web address")))
    port = port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise _failed(url, error.strerror or str(error)) from error
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(map(may_ask, addresses)):
        raise _failed(url, Sentence(N_("it is not on the open internet")))
    path = quote(parts.path or "/", safe=_SAFE) + (
        f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    )
    kind = _CheckedHttps if parts.scheme == "https" else _CheckedHttp
    return kind(host, port, address=addresses[0], deadline=deadline), path


class _CheckedHttp(http.client.HTTPConnection):
    """A connection to the very IP address that was checked, whatever the host's name means a moment later."""

    def __init__(self, host: str, port: int, *, address: str, deadline: float) -> None:
        super().__init__(host, port, timeout=_SECONDS)
        self._address = address
        self._deadline = deadline
        self._alarm: ConnectionAlarm | None = None

    def connect(self) -> None:
        """Connect to the checked address, until the deadline at most."""
        left = max(self._deadline - time.monotonic(), 0.1)
        self.sock = socket.create_connection((self._address, self.port), min(_SECONDS, left))
        self._alarm = ConnectionAlarm(self.sock, self._deadline)

    def close(self) -> None:
        """Close it, and stop its alarm."""
        if self._alarm is not None:
            self._alarm.stop()
        super().close()


class _CheckedHttps(_CheckedHttp):
    """Adds encryption, with a certificate for the host's name."""

    default_port = 443

    def connect(self) -> None:
        """Connect to the checked address, and check the certificate."""
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _read(response: http.client.HTTPResponse, url: str, most: int, deadline: float) -> Answer:
    if response.status != http.client.OK:
        raise _failed(url, f"{response.status} {response.reason}")
    if (response.getheader("Content-Encoding") or "identity").lower() != "identity":
        raise _failed(url, Sentence(N_("it comes packed, though it was asked for as it is")))
    pieces, size = [], 0
    while piece := response.read1(_PIECE):
        size += len(piece)
        if size > most:
            raise _failed(url, Sentence(N_("it has more than {most} bytes"), most=most))
        _check_time(url, deadline)
        pieces.append(piece)
    _check_time(url, deadline)
    media_type = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    return Answer(url, media_type, b"".join(pieces))


def _check_time(url: str, deadline: float) -> None:
    if time.monotonic() >= deadline:
        raise _failed(url, Sentence(N_("it takes too long")))


def _failed(url: str, reason: Sentence | str) -> OutsideError:
    return OutsideError(N_("cannot fetch {url}: {reason}"), url=url, reason=reason)
