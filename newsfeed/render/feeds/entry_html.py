"""The HTML of a feed entry: picture, honest notice, text; the same in every format."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.views import FeedEntry, Picture


def entry_html(entry: FeedEntry, feed_lang: str, body: str) -> str:
    """Return the full text of an entry; its summary when there is no text. A text in another language than
    the feed's says so first, and is marked with its own language and direction (WCAG 2.2, 3.1.2).

    body: the text's HTML, links absolute.
    """
    body = body or f"<p>{escape(entry.summary or entry.title)}</p>\n"
    parts = [_picture(entry.picture)] if entry.picture else []
    if not entry.notice:
        return "".join([*parts, body])
    notice = f'<p lang="{feed_lang}"><em>{escape(entry.notice)}</em></p>\n'
    text = f'<div lang="{entry.lang}" dir="{entry.direction}">{body}</div>'
    return "".join([notice, *parts, text])


def _picture(picture: Picture) -> str:
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width else ""
    src, alt = escape(picture.src, quote=True), escape(picture.alt, quote=True)
    return f'<p><img src="{src}" alt="{alt}"{size}></p>\n'
