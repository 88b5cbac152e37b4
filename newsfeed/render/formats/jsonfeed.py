"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.views import FeedEntry, FeedView

VERSION = "https://jsonfeed.org/version/1.1"


def render(view: FeedView, contents: Sequence[str]) -> bytes:
    """The feed as a JSON document: keys in a fixed order, readable text, no key without a value."""
    feed = {
        "version": VERSION,
        "title": view.title,
        "home_page_url": view.home,
        "feed_url": view.address,
        "description": view.description,
        "language": view.lang,
        "authors": [{"name": view.author, "url": view.home}],
        "items": [_item(entry, html) for entry, html in zip(view.entries, contents, strict=True)],
    }
    # An empty feed still has its (empty) list of items.
    shown = {key: value for key, value in feed.items() if value or key == "items"}
    return (json.dumps(shown, ensure_ascii=False, indent=1) + "\n").encode()


def _item(entry: FeedEntry, html: str) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "language": entry.lang,
        "summary": entry.summary,
        "content_html": html or "<p></p>",
        "date_published": _rfc3339(entry.published),
        "date_modified": _rfc3339(entry.updated),
        "authors": [{"name": name} for name in entry.authors],
        "tags": [category.label for category in entry.categories],
        "image": entry.picture.src if entry.picture else "",
        "attachments": [
            {
                "url": one.href,
                "mime_type": one.media_type,
                "size_in_bytes": one.size,
                **({"title": one.title} if one.title else {}),
            }
            for one in entry.attachments
        ],
    }
    return {key: value for key, value in item.items() if value}


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
