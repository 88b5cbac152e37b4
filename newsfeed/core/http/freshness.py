"""Decide how long caches may keep a file without asking again (RFC 9111 5.2)."""

from __future__ import annotations

import re

from newsfeed.core.site.urls import FEED_ENDINGS

PAGE, FEED, FILE, HASHED = "page", "feed", "file", "hashed"
KINDS = (PAGE, FEED, FILE, HASHED)
"""Kinds of published files: what people open, what feed readers fetch, what belongs to pages, and of that
what is named after its content.
"""
LEAST, MOST = 300, 6 * 3600
"""Seconds for which feeds stay fresh."""
ASK = b"no-cache"
"""It may be kept, and is asked for again each time: mostly the answer is that nothing changed."""
SOON = b"max-age=300"
FOR_EVER = b"max-age=31536000, immutable"

_endings = "|".join(FEED_ENDINGS.values())
_is_feed = re.compile(rf"(?:.*/)?feed(?:-[1-9]\d*)?\.(?:{_endings})").fullmatch
_is_hashed = re.compile(
    r"files/brand/[^/]+"
    r"|files/.+\.[0-9a-f]{8,64}\.\d+\.[a-z]+"
    r"|[^/]+/search/part-\d+/(?:.+/)?[^/]+_[0-9a-f]+\.pf_[a-z]+"
).fullmatch


def kind_of(path: str) -> str:
    """Return the kind of a published file, by its path in the output folder."""
    if _is_feed(path):
        return FEED
    if path.endswith(".html") and not path.startswith("files/"):
        return PAGE
    return HASHED if _is_hashed(path) else FILE


def compute_feed_age(now: float, next_turn: float | None) -> int:
    """Return for how many seconds a feed is fresh: until a story comes due or expires, within bounds.

    now, next_turn: seconds since 1970; ``next_turn`` is ``None`` where nobody knows it.
    """
    return LEAST if next_turn is None else int(max(LEAST, min(MOST, next_turn - now)))
