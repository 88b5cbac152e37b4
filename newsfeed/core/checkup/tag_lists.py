"""Read lists of tags, ``name=value; …``, the form of DKIM's and DMARC's records (RFC 6376 3.2)."""

from __future__ import annotations

import re

_TAG = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")


def parse_tags(text: str) -> list[tuple[str, str]] | None:
    """Return names and values in their order; ``None`` when it is no such list, or a name comes twice."""
    parts = text.split(";")
    if not parts[-1].strip():
        parts.pop()
    found = []
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals or not _TAG.fullmatch(name.strip()):
            return None
        found.append((name.strip(), value.strip()))
    return found if len({name for name, _ in found}) == len(found) else None
