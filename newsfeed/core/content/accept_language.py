"""Choose the edition for a visitor by what their browser says (RFC 9110 12.5.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.core.content.languages import match_language

if TYPE_CHECKING:
    from collections.abc import Sequence

_RANGE = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*"
    r"(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*"
)
_MOST = 50
"""Languages of a header that are looked at: nobody reads more."""


def choose_edition(header: str, editions: Sequence[str], default: str) -> str:
    """Return the edition that an ``Accept-Language`` header likes best; ``default`` when it names none."""
    liked = []
    for part in header.split(",", _MOST)[:_MOST]:
        found = _RANGE.fullmatch(part)
        if found and float(found[2] or 1) > 0:
            liked.append((float(found[2] or 1), found[1]))
    for _, wanted in sorted(liked, key=lambda one: -one[0]):
        edition = default if wanted == "*" else match_language(wanted, editions, "")
        if edition:
            return edition
    return default
