"""Choose the content coding for a client (RFC 9110 12.5.3)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

IDENTITY = ""
_CODING = re.compile(
    rb"\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*(?:;\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*"
)
_MOST = 20
"""Codings of a header that are looked at."""
_OLD_NAMES = {"x-gzip": "gzip"}


@lru_cache(1_000)
def choose_coding(header: bytes, offered: Sequence[str]) -> str:
    """Return the coding that a client likes best of those offered, the best of ours first where it likes
    several as much; `IDENTITY` when it likes none, or none better.
    """
    liked: dict[str, float] = {}
    for part in header.split(b",", _MOST)[:_MOST]:
        found = _CODING.fullmatch(part)
        if found:
            name = found[1].decode("ascii").lower()
            liked[_OLD_NAMES.get(name, name)] = float(found[2] or 1)
    others = liked.get("*", 0.0)
    best, weight = IDENTITY, 0.0
    for coding in offered:
        if liked.get(coding, others) > weight:
            best, weight = coding, liked.get(coding, others)
    return IDENTITY if liked.get("identity", 0.0) > weight else best
