"""A text with link slots: safe HTML, finished but for where its links lead, which differs from page to page.

It is a list: HTML, and in every second place the target of a link, behind a sign for what kind it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.views import Picture

Resolve = Callable[[str, bool], tuple[str, str]]
"""(link target as written, is it an image) → address to publish, and what is said behind the link."""
FindPicture = Callable[[str], "Picture | None"]
"""Target of an image as written → the picture to show, if it is one of the site's."""

_LINK, _IMAGE = "a", "i"
_ATTRIBUTES = {_LINK: "href", _IMAGE: "src"}
_ADDRESS = re.compile(r'(<(?:(a)|img)(?: [^>]*?)??) (?:href|src)="([^"]*)"')
_BACK_LABEL = re.compile(r' aria-label="Back to reference ([^"]*)"')
_TABLE_HEAD = re.compile(r"<table>(?=\s*<thead>\s*<tr>((?:\s*<th\b[^>]*>.*?</th>)+))", re.DOTALL)
_WIDE_TABLE = 5
"""Columns from which a table scrolls on small screens, and so must be reachable by keyboard."""
_LINK_END = "</a>"
_CAPTIONED = re.compile(
    r'<p>((?:<a(?: [^>]*)?>)?<img(?: [^>]*?)?) title="([^"]+)"((?: [^>]*)?>(?:</a>)?)</p>'
)
"""An image that is a paragraph, and has a title."""
_HAS_SIZE = re.compile(r" (?:width|height)=")
_SIZES = "(min-width: 40rem) 35rem, 100vw"
"""A column of text, as in ``templates/page/_parts.html``."""
_HEADING = re.compile(r"<(/?)h[1-6](?=[ >])")
_OPENING = re.compile(r"<h([1-6])(?=[ >])")


def cut_at_links(html: str, back_label: str, top_level: int = 2) -> list[str]:
    """Cut clean HTML at its links; headings, tables, footnotes and images with a title become what pages
    show.

    ``back_label`` names the way back from a footnote, with ``{number}``, in the text's language; headings
    start at ``top_level`` and skip none.
    """
    if "footnote" in html:
        label = escape(back_label, quote=True)
        html = _BACK_LABEL.sub(lambda found: f' aria-label="{label.format(number=found[1])}"', html)
    if "<table>" in html:
        html = _TABLE_HEAD.sub(_table_start, html)
    if "<p><" in html:
        html = _CAPTIONED.sub(r"<figure>\1\3<figcaption>\2</figcaption></figure>", html)
    if "<h" in html:
        html = _with_heading_levels(html, top_level)
    pieces: list[str] = []
    end = 0
    for found in _ADDRESS.finditer(html):
        pieces += (html[end : found.end(1)], (_LINK if found[2] else _IMAGE) + unescape(found[3]))
        end = found.end()
    return [*pieces, html[end:]]


def fill_links(text: Sequence[str], resolve: Resolve, find_picture: FindPicture = lambda _: None) -> str:
    """Return the whole text, its links leading where ``resolve`` says, its images in the sizes there are."""
    if len(text) == 1:
        return text[0]
    pieces = list(text)
    for place in range(1, len(pieces), 2):
        kind, target = pieces[place][0], pieces[place][1:]
        if kind == _IMAGE and (picture := find_picture(target)):
            pieces[place] = _source(picture, pieces[place - 1], pieces[place + 1])
            continue
        address, note = resolve(target, kind == _IMAGE)
        # Of a link that leads nowhere the words stay.
        shown = bool(address) or kind == _IMAGE
        pieces[place] = f' {_ATTRIBUTES[kind]}="{escape(address, quote=True)}"' if shown else ""
        if note:
            _add_behind(pieces, place + 1, escape(note))
    return "".join(pieces)


def _source(picture: Picture, before: str, behind: str) -> str:
    """Return the attributes that say what an image shows and how large it is, unless its author said that.

    before, behind: what stands around them, in the same tag and beyond.
    """
    own = before[before.rfind("<") :] + behind.partition(">")[0]
    parts = [f' src="{escape(picture.src, quote=True)}"']
    if picture.srcset:
        parts.append(f' srcset="{escape(picture.srcset, quote=True)}" sizes="{_SIZES}"')
    if picture.width and picture.height and not _HAS_SIZE.search(own):
        parts.append(f' width="{picture.width}" height="{picture.height}"')
    return "".join([*parts, ' loading="lazy"'])


def list_targets(text: Sequence[str]) -> list[tuple[str, bool]]:
    """Return the targets of a text's links as they are written, and whether each is an image."""
    return [(slot[1:], slot[0] == _IMAGE) for slot in text[1::2]]


def _add_behind(pieces: list[str], start: int, note: str) -> None:
    """Add words behind the link that is open where a piece starts; an image may be between its two ends."""
    for place in range(start, len(pieces)):
        before, end, rest = pieces[place].partition(_LINK_END)
        if end:
            if not rest.lstrip().startswith(note):  # the author may have said so
                pieces[place] = f"{before}{end} {note}{rest}"
            return


def _table_start(found: re.Match[str]) -> str:
    return '<table tabindex="0">' if found[1].count("</th>") >= _WIDE_TABLE else "<table>"


def _with_heading_levels(html: str, top: int) -> str:
    """Shift headings below the page's own, closing gaps: a skipped level misleads screen readers."""
    written = [int(level) for level in _OPENING.findall(html)]
    given = _levels(written, top)
    if given == written:
        return html
    left = iter(given)
    opened: list[int] = []

    def replace(found: re.Match[str]) -> str:
        if not found[1]:
            opened.append(next(left))
            return f"<h{opened[-1]}"
        return f"</h{opened.pop()}"

    return _HEADING.sub(replace, html)


def _levels(written: Sequence[int], top: int) -> list[int]:
    stack: list[tuple[int, int]] = []
    levels = []
    for level in written:
        while stack and stack[-1][0] > level:
            stack.pop()
        if not stack or stack[-1][0] < level:
            stack.append((level, min(stack[-1][1] + 1 if stack else top, 6)))
        levels.append(stack[-1][1])
    return levels
