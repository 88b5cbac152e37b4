"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import TYPE_CHECKING

from newsfeed.render.feeds._times import utc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.views import Attachment, FeedEntry, FeedView

VERSION = "https://jsonfeed.org/version/1.1"


def document(view: FeedView, pieces: Sequence[bytes]) -> list[bytes]:
    """The feed as a JSON document: keys in a fixed order, readable text, no key without a value.

    An archive says what is older with the same ``next_url`` that the live feed has.
    """
    author = _object((("name", _text(view.author)), ("url", _text(view.home))), "\n  ")
    rows = (
        ("version", _text(VERSION)),
        ("title", _text(view.title)),
        ("home_page_url", _text(view.home)),
        ("feed_url", _text(view.address)),
        ("next_url", _text(view.older)),
        ("description", _text(view.description)),
        ("language", _text(view.lang)),
        ("authors", _list([author], "\n ")),
        ("items", "[]"),  # also when there are none
    )
    empty = f"{_object(rows, _LINE)}\n".encode()
    if not pieces:
        return [empty]
    between = [b",\n"] * (2 * len(pieces) - 1)
    between[::2] = pieces
    return [empty.removesuffix(_NO_ITEMS), b"[\n", *between, b"\n ]\n}\n"]


def entries(some: Sequence[tuple[FeedEntry, str]], lang: str) -> list[bytes]:
    """Items, indented as they stand in a document; each says its own language."""
    return [f"  {_item(entry, html)}".encode() for entry, html in some]


def pieces(document: bytes) -> list[bytes]:
    """The items of a feed that ``document`` made. In strings there is no end of line, and inside an item
    nothing begins as far left as the next one.
    """
    _, _, body = document.partition(b'"items": [\n')
    found = body.removesuffix(b"\n ]\n}\n").split(b",\n  {") if body else []
    return [*found[:1], *(b"  {" + piece for piece in found[1:])]


_NO_ITEMS = b"[]\n}\n"


def _item(entry: FeedEntry, html: str) -> str:
    tags = [_text(category.label) for category in entry.categories]
    rows = (
        ("id", _text(entry.id)),
        ("url", _text(entry.link)),
        ("title", _text(entry.title)),
        ("language", _text(entry.lang)),
        ("summary", _text(entry.summary)),
        ("content_html", _text(html or "<p></p>")),
        ("date_published", _text(utc(entry.published))),
        ("date_modified", _text(utc(entry.updated))),
        ("authors", _list([_author(name) for name in entry.authors], _INSIDE)),
        ("tags", _list(tags, _INSIDE)),
        ("image", _text(entry.picture.src) if entry.picture else ""),
        ("attachments", _list([_attachment(one) for one in entry.attachments], _INSIDE)),
    )
    return _object(rows, "\n  ")


def _author(name: str) -> str:
    return _object((("name", _text(name)),), _INSIDE + " ")


def _attachment(one: Attachment) -> str:
    rows = (
        ("url", _text(one.href)),
        ("mime_type", _text(one.media_type)),
        ("size_in_bytes", str(one.size)),
        ("title", _text(one.title)),
    )
    return _object(rows, _INSIDE + " ")


# What follows writes JSON as `json.dumps` does with an indent of 1, which takes it ten times as long. Values
# are written already; ``line`` is a line break and the indent of the line that the whole stands in.

_LINE, _INSIDE = "\n", "\n   "


def _text(value: str) -> str:
    """No text is no value."""
    return encode_basestring(value) if value else ""


def _object(rows: Sequence[tuple[str, str]], line: str) -> str:
    """Without the keys that have no value."""
    inside = line + " "
    written = f",{inside}".join([f'"{key}": {value}' for key, value in rows if value])
    return f"{{{inside}{written}{line}}}"


def _list(values: Sequence[str], line: str) -> str:
    """An empty one is no value."""
    inside = line + " "
    return f"[{inside}{f',{inside}'.join(values)}{line}]" if values else ""
