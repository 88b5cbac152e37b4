"""Make and check the signed moment in a form: that we made it, neither just now nor long ago.

It needs no cookie and names nobody: whoever posts a form has fetched it, as people do and few programs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

OLDEST = timedelta(hours=24)
"""A page may stay open over night."""
YOUNGEST = timedelta(seconds=1)
"""No person fills in a form that quickly."""
_TIME, _MAC = 5, 10  # together a multiple of three: no padding


def make_form_token(secret: bytes, now: datetime) -> str:
    """Return the token of a form that is shown now."""
    moment = int(now.timestamp()).to_bytes(_TIME, "big")
    return base64.urlsafe_b64encode(moment + _seal(secret, moment)).decode()


def read_form_age(secret: bytes, token: str, now: datetime) -> timedelta | None:
    """Return how long ago a form was shown; ``None`` when it was not made here, or not filled in within a
    reasonable time.
    """
    try:
        data = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(data) != _TIME + _MAC or not hmac.compare_digest(_seal(secret, data[:_TIME]), data[_TIME:]):
        return None
    shown = datetime.fromtimestamp(int.from_bytes(data[:_TIME], "big"), UTC)
    return now - shown if YOUNGEST <= now - shown <= OLDEST else None


def _seal(secret: bytes, moment: bytes) -> bytes:
    return hmac.new(secret, b"form\0" + moment, hashlib.sha256).digest()[:_MAC]
