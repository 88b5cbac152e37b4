"""Read which part of a file is asked for (RFC 9110 14): players jump, and broken downloads go on."""

from __future__ import annotations

import re

from newsfeed.core.http.conditions import parse_http_date

_ONE_RANGE = re.compile(rb"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)


Part = tuple[int, int]
"""First byte, and the one after the last."""
UNSATISFIABLE: Part = (0, 0)
"""A part that begins behind the end of the file."""


def parse_range(header: bytes, size: int) -> Part | None:
    """Return the part that a ``Range`` asks for; ``None`` when the whole file is to be sent: for several
    ranges, other units, and what nobody can read.
    """
    found = _ONE_RANGE.fullmatch(header)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = int(found[2])
        return (max(0, size - length), size) if length and size else UNSATISFIABLE
    first = int(found[1])
    last = int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None
    return (first, min(last + 1, size)) if first < size else UNSATISFIABLE


def is_same_file(if_range: bytes, etag: bytes, modified: int) -> bool:
    """Tell whether ``If-Range`` means the file as it is now: by a strong tag, or exactly its date."""
    value = if_range.strip()
    return value == etag if value.endswith(b'"') else parse_http_date(value) == modified
