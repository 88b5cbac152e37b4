"""Make and check short signed tokens: who may do what, for what, until when. Pure; secret and day are given.

A token is 16 bytes: 5 of the id, 2 of the last day it is good for (0: for ever), 9 of a MAC over
purpose, list and holder. In a URL that is 22 characters, in a mail address 26 (base32, since relays
may change the case of a local part). 72 bits of MAC cannot be guessed through a web form or a
mailbox; a token is good for one purpose only, so that an unsubscribe link confirms nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from newsfeed.core.people.mail_address import fold_address

PURPOSES = (
    "confirm",
    "change",
    "leave",
    "undo",
    "one-click",
    "bounce",
    "data",
    "erase",
    "move",
    "keep",
    "doctor",
)
_PROBE = "doctor"
_EPOCH = date(2020, 1, 1)
_ID, _DAY, _MAC = 5, 2, 9
_MAIL_LENGTH = 26


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """The claims of a token before it is believed: find the holder by ``id``, then `check_token`."""

    id: int
    """Number of the subscriber, or of the delivery for ``bounce``."""
    day: int
    """Days since 2020 until which it is good; 0 for ever."""
    mac: bytes


def make_token(
    secret: bytes,
    *,
    purpose: str,
    digest: str,
    id: int,  # noqa: A002 - the field's name
    holder: str,
    expires: datetime | None = None,
) -> str:
    """Return a token for a URL. ``holder`` is the subscriber's key: a token dies with it."""
    return _write_for_url(_sealed(secret, purpose, digest, id, holder, expires))


def make_mail_token(secret: bytes, *, purpose: str, digest: str, id: int, holder: str) -> str:  # noqa: A002
    """Return a token for the local part of an address: lower case only, good for ever."""
    return _write_for_mail(_sealed(secret, purpose, digest, id, holder, None))


def read_token(token: str) -> TokenClaims | None:
    """Return what a token claims; ``None`` when it is none. Nothing is believed yet.

    The last character has bits to spare: only the one way to write a token that we use is one.
    """
    try:
        if len(token) == _MAIL_LENGTH:
            data = base64.b32decode(token.upper() + "======", casefold=False)
            given, written = token.lower(), _write_for_mail(data)
        else:
            data = base64.b64decode(token + "==", altchars=b"-_", validate=True)
            given, written = token, _write_for_url(data)
    except (binascii.Error, ValueError):
        return None
    if len(data) != _ID + _DAY + _MAC or not hmac.compare_digest(given.encode(), written.encode()):
        return None
    day = int.from_bytes(data[_ID : _ID + _DAY], "big")
    return TokenClaims(int.from_bytes(data[:_ID], "big"), day, data[_ID + _DAY :])


def check_token(
    secret: bytes, claims: TokenClaims, *, purpose: str, digest: str, holder: str, now: datetime
) -> bool:
    """Tell whether a token is genuine, for this purpose, list and holder, and still good."""
    expected = _mac(secret, purpose, digest, claims.id, claims.day, holder)
    genuine = hmac.compare_digest(expected, claims.mac)
    today = (now.astimezone(UTC).date() - _EPOCH).days
    return genuine and (claims.day == 0 or today <= claims.day)


def make_probe_token(secret: bytes, now: datetime) -> str:
    """Return a token that belongs to nobody, good for today and tomorrow: whoever answers it as ours has our
    secret, and changes nothing.
    """
    expires = compute_expiry(now, 1)
    return make_token(secret, purpose=_PROBE, digest="", id=0, holder=_PROBE, expires=expires)


def is_probe_token(secret: bytes, token: str, now: datetime) -> bool:
    """Tell whether a token is such a one."""
    claims = read_token(token)
    if claims is None or claims.day == 0:
        return False
    return check_token(secret, claims, purpose=_PROBE, digest="", holder=_PROBE, now=now)


def hash_address(secret: bytes, address: str) -> str:
    """Return the keyed hash of an address: all that is kept of somebody who was erased."""
    folded = fold_address(address).encode()
    return hmac.digest(secret, b"address\0" + folded, "sha256").hex()[:40]


def make_log_id(secret: bytes, key: str) -> str:
    """Return a subscriber's name in logs: keyed, so that a log alone identifies nobody."""
    return hmac.new(secret, b"log\0" + key.encode(), hashlib.sha256).hexdigest()[:10]


def compute_expiry(now: datetime, days: int) -> datetime:
    """Return the moment some days from now."""
    return now + timedelta(days=days)


def _write_for_url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _write_for_mail(data: bytes) -> str:
    return base64.b32encode(data).rstrip(b"=").decode().lower()


def _sealed(
    secret: bytes, purpose: str, digest: str, number: int, holder: str, expires: datetime | None
) -> bytes:
    if purpose not in PURPOSES:
        raise ValueError(f"no such purpose: {purpose}")
    day = max((expires.astimezone(UTC).date() - _EPOCH).days, 1) if expires is not None else 0
    mac = _mac(secret, purpose, digest, number, day, holder)
    return number.to_bytes(_ID, "big") + day.to_bytes(_DAY, "big") + mac


def _mac(secret: bytes, purpose: str, digest: str, number: int, day: int, holder: str) -> bytes:
    message = "\0".join((purpose, digest, str(number), str(day), holder)).encode()
    return hmac.digest(secret, message, "sha256")[:_MAC]
