"""Name the media type of a published file, whatever is installed on the machine."""

from __future__ import annotations

import re

from newsfeed.core.content.facts import guess_media_type
from newsfeed.core.http.freshness import FEED, kind_of

UNKNOWN = "application/octet-stream"
_OURS = {
    "atom": "application/atom+xml",
    "gz": "application/gzip",
    "html": "text/html",
    "ico": "image/x-icon",
    "js": "text/javascript",
    "json": "application/json",
    "md": "text/markdown",
    "ogg": "audio/ogg",
    "opml": "text/x-opml",
    "rss": "application/rss+xml",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "xml": "application/xml",
}
"""Endings of what builds write, and of what tables of types disagree about."""
_FEED_IN_JSON = "application/feed+json"
_is_text = re.compile(r"text/.+|.+\+xml|application/(?:.+\+)?json|application/xml").fullmatch
_CAN_SHRINK = frozenset({"application/wasm", "application/x-subrip", "image/x-icon", "image/bmp"})


def media_type_of(path: str) -> str:
    """Return the media type of a file, by its path in the output folder."""
    ending = path.rpartition(".")[2].lower()
    if ending == "json" and kind_of(path) == FEED:
        return _FEED_IN_JSON
    return _OURS.get(ending) or guess_media_type(path) or UNKNOWN


def content_type_of(path: str, *, is_utf8: bool = True) -> str:
    """Return the value of ``Content-Type``. XML and JSON say how they are encoded; other texts do not."""
    kind = media_type_of(path)
    return f"{kind}; charset=utf-8" if is_utf8 and kind.startswith("text/") else kind


def can_shrink(path: str) -> bool:
    """Tell whether compression makes such a file smaller; pictures, films and archives are compressed."""
    kind = media_type_of(path)
    return kind in _CAN_SHRINK or _is_text(kind) is not None
