"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.views import FeedEntry, FeedView

VERSION = "https://jsonfeed.org/version/1.1"


def document(view: FeedView, pieces: Sequence[bytes]) -> list[bytes]:
    """The feed as a JSON document: keys in a fixed order, readable text, no key without a value.

    An archive says what is older with the same ``next_url`` that the live feed has.
    """
    feed = {
        "version": VERSION,
        "title": view.title,
        "home_page_url": view.home,
        "feed_url": view.address,
        "next_url": view.older,
        "description": view.description,
        "language": view.lang,
        "authors": [{"name": view.author, "url": view.home}],
    }
    shown = {key: value for key, value in feed.items() if value}
    # An empty feed still has its (empty) list of items.
    empty = _written({**shown, "items": []}, "\n").encode() + b"\n"
    if not pieces:
        return [empty]
    between = [b",\n"] * (2 * len(pieces) - 1)
    between[::2] = pieces
    return [empty.removesuffix(_NO_ITEMS), b"[\n", *between, b"\n ]\n}\n"]


def entries(some: Sequence[tuple[FeedEntry, str]], lang: str) -> list[bytes]:
    """Items, indented as they stand in a document; each says its own language."""
    return [b"  " + _written(_item(entry, html), "\n  ").encode() for entry, html in some]


def pieces(document: bytes) -> list[bytes]:
    """The items of a feed that ``document`` made. In strings there is no end of line, and inside an item
    nothing begins as far left as the next one.
    """
    _, _, body = document.partition(b'"items": [\n')
    found = body.removesuffix(b"\n ]\n}\n").split(b",\n  {") if body else []
    return [*found[:1], *(b"  {" + piece for piece in found[1:])]


_NO_ITEMS = b"[]\n}\n"


def _written(value: Any, line: str) -> str:
    """JSON as `json.dumps` writes it with an indent of 1, which it does slowly; ``line`` is a line break
    and the indent of the line that the value stands in.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if not value or not isinstance(value, (dict, list)):
        return json.dumps(value)
    inside = line + " "
    if isinstance(value, dict):
        rows = [f"{encode_basestring(key)}: {_written(one, inside)}" for key, one in value.items()]
        return f"{{{inside}{f',{inside}'.join(rows)}{line}}}"
    return f"[{inside}{f',{inside}'.join([_written(one, inside) for one in value])}{line}]"


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
