"""The HTML of a feed entry: picture, honest notice, text; the same in every format."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from newsfeed.render.feeds.cut_html import cut_html

if TYPE_CHECKING:
    from newsfeed.views import Credit, FeedEntry, Picture


def entry_html(entry: FeedEntry, feed_lang: str, body: str, size: int) -> str:
    """Return the text of an entry; its summary when there is no text. A text in another language than
    the feed's says so first, and is marked with its own language and direction (WCAG 2.2, 3.1.2).

    body: the text's HTML, links absolute.
    size: bytes of it, at most; a longer text is cut, and a link leads to the rest.
    """
    if len(body) * _WIDEST_CHARACTER <= size or len(body.encode()) <= size:
        return _framed(entry, feed_lang, body or _summary(entry))
    text = cut_html(body, size).rstrip("\n")
    return _framed(
        entry, feed_lang, f"{text}\n" if text else _summary(entry), _link_to_rest(entry, feed_lang)
    )


def summary_html(entry: FeedEntry, feed_lang: str) -> str:
    """Return what an entry that brings no text says besides its summary: a picture, or that the summary is
    in another language. Empty when there is neither.
    """
    return (
        _framed(entry, feed_lang, _summary(entry))
        if entry.picture or entry.notice or entry.video or entry.credits
        else ""
    )


_WIDEST_CHARACTER = 4
"""Bytes of UTF-8."""


def _framed(entry: FeedEntry, feed_lang: str, text: str, rest: str = "") -> str:
    parts = [_picture(entry)] if entry.picture or entry.video else []
    below = "".join([rest, *map(_credit, entry.credits)])
    if not entry.notice:
        return "".join([*parts, text, below])
    notice = f'<p lang="{feed_lang}"><em>{escape(entry.notice)}</em></p>\n'
    marked = f'<div lang="{entry.lang}" dir="{entry.direction}">{text}</div>'
    if entry.credits:
        below = f'<div lang="{feed_lang}">{below}</div>'
    return "".join([notice, *parts, marked, below])


def _summary(entry: FeedEntry) -> str:
    return f"<p>{escape(entry.summary or entry.title)}</p>\n"


def _link_to_rest(entry: FeedEntry, feed_lang: str) -> str:
    return f'<p lang="{feed_lang}"><a href="{escape(entry.link)}">{escape(entry.rest)}</a></p>\n'


def moved_html(sentence: str, address: str) -> str:
    """Return the text of an entry that leads to another address, which stands in the sentence."""
    shown = escape(address)
    link = f'<a href="{shown}">{shown}</a>'
    return f"<p>{escape(sentence).replace(shown, link)}</p>\n"


def _picture(entry: FeedEntry) -> str:
    """Return an entry's picture; it leads to the film, if there is one, and the words below it do."""
    image = _image(entry.picture) if entry.picture else ""
    caption = _caption(entry) if entry.picture else ""
    if entry.video is None:
        return f"<figure>{image}{caption}</figure>\n" if caption else f"<p>{image}</p>\n"
    words = _marked(entry.video.text, entry.video.lang)
    separator = "<br>" if image else ""
    link = f'<a href="{escape(entry.video.href, quote=True)}">{image}{separator}{words}</a>'
    return f"<figure>{link}{caption}</figure>\n" if caption else f"<p>{link}</p>\n"


def _caption(entry: FeedEntry) -> str:
    """Return what is said below an entry's picture; empty when nothing is."""
    assert entry.picture is not None
    caption, credit = escape(entry.picture.caption), entry.picture.credit
    if caption and entry.notice:
        caption = f'<span lang="{entry.lang}" dir="{entry.direction}">{caption}</span>'
    parts = [caption, f"<small>{_marked(credit.text, credit.lang)}</small>" if credit else ""]
    said = " ".join(filter(None, parts))
    return f"<figcaption>{said}</figcaption>" if said else ""


def _image(picture: Picture) -> str:
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width else ""
    src, alt = escape(picture.src, quote=True), escape(picture.alt, quote=True)
    return f'<img src="{src}" alt="{alt}"{size}>'


def _credit(credit: Credit) -> str:
    return f"<p><small>{_marked(credit.text, credit.lang)}</small></p>\n"


def _marked(text: str, lang: str) -> str:
    return f'<span lang="{lang}">{escape(text)}</span>' if lang else escape(text)
