"""JSON Feed 1.1 (jsonfeed.org/version/1.1): keys in a fixed order, readable text, no key without a value.

An item stands on a line of its own, without blanks that only please the eye: that is smaller, and what the
standard library writes in C.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from newsfeed.render.feeds.times import rfc3339

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.views import FeedEntry, FeedView

VERSION = "https://jsonfeed.org/version/1.1"

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ITEMS, _BETWEEN, _END = b'"items":[\n', b",\n", b"\n]}\n"
_NO_ITEMS = b'"items":[]}\n'


def write_entries(entries: Sequence[tuple[FeedEntry, str]], feed_lang: str) -> list[bytes]:
    """Write items; each says its own language."""
    return [_ENCODER.encode(_item(entry, html)).encode() for entry, html in entries]


def write_document(view: FeedView, entries: Sequence[bytes]) -> list[bytes]:
    """Write a feed. An archive says what is older with the same ``next_url`` that the live feed has."""
    author = _with_values(name=view.author, url=view.home)
    feed = _with_values(
        version=VERSION,
        title=view.title,
        home_page_url=view.home,
        feed_url=view.address,
        next_url=view.older,
        description=view.description,
        language=view.lang,
        authors=[author],
        hubs=[{"type": "WebSub", "url": hub} for hub in view.hubs],
        expired=view.moved or "",
    )
    head = _ENCODER.encode(feed).removesuffix("}").encode() + b","
    if not entries:
        return [head, _NO_ITEMS]
    pieces = [_BETWEEN] * (2 * len(entries) - 1)
    pieces[::2] = entries
    return [head, _ITEMS, *pieces, _END]


def replace_text(entry: bytes, html: str) -> bytes | None:
    """Have items written: to take one apart takes longer."""
    return None


def read_entries(document: bytes) -> list[bytes]:
    """Cut a document into its items: no string holds a line break."""
    _, _, body = document.partition(_ITEMS)
    items = body.removesuffix(_END)
    return items.split(_BETWEEN) if items else []


def _item(entry: FeedEntry, html: str) -> dict[str, Any]:
    attachments = [
        _with_values(url=file.href, mime_type=file.media_type, size_in_bytes=file.size, title=file.title)
        for file in entry.enclosures
    ]
    return _with_values(
        id=entry.id,
        url=entry.link,
        title=entry.title,
        language=entry.lang,
        summary=entry.summary,
        content_html=html,
        content_text="" if html else entry.summary or entry.title,  # one of the two must be there
        date_published=rfc3339(entry.published),
        date_modified=rfc3339(entry.updated),
        authors=[{"name": name} for name in entry.authors],
        tags=[category.label for category in entry.categories],
        image=entry.picture.src if entry.picture else "",
        attachments=attachments,
        _newsfeed={"translators": list(entry.translators)} if entry.translators else "",
    )


def _with_values(**values: Any) -> dict[str, Any]:
    """Leave out keys whose value is an empty text or list; a size of 0 is a value."""
    return {key: value for key, value in values.items() if value not in ("", [])}
