"""Markdown → safe HTML, and what a text says about itself: its links and its first paragraph.

CommonMark with tables, footnotes, strikethrough and bare links, by comrak (compiled). Raw HTML
passes the allow-list below, whatever the editor wrote. This is the only module that knows which
parser and which sanitiser are used.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Any

from newsfeed.core.content.source_text import FORBIDDEN_CHARACTERS, is_clean, join_lines
from newsfeed.model import Link

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


SUMMARY_LENGTH = 300
"""Characters of a first paragraph that serves as a summary."""

_ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "id"},
    "img": {"src", "alt", "width", "height"},
    "li": {"id"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_TAGS = {
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "dfn",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "section",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "ul",
}
_SECTION_CLASSES = {"section": {"footnotes"}, "sup": {"footnote-ref"}, "a": {"footnote-backref"}}

_PLACE = re.compile(' data-sourcepos="[0-9:-]*"')
_PLACED_LINK = re.compile(
    r'<(a|img) data-sourcepos="(\d+):(\d+)-[^"]*" (?:href|src)="([^"]*)"(?: alt="([^"]*)")?'
)
# What follows reads text that anybody may have written: no pattern may look far ahead for its end.
_ATTRIBUTE_TEXT = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_RAW_LINK = re.compile(
    rf"<(a|img)\s(?!data-sourcepos){_ATTRIBUTE_TEXT}?\b(?:href|src)\s*=\s*"
    rf"(?:\"([^\"]*)\"|'([^']*)'|([^\"'\s<>]+)){_ATTRIBUTE_TEXT}",
    re.IGNORECASE,
)
_CODE = re.compile(r'<(?:pre|code) data-sourcepos="(\d+):(\d+)-(\d+):(\d+)"')
_OWN_ANCHOR = re.compile(r"#fn(?:ref)?-[^\"]*$")
_RAW_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\"'\s]+))", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p(?: [^<>]*)?>")
_NOTE_MARK = re.compile(r'<sup[^<>]*class="footnote-ref"[^<>]*><a[^<>]*>[^<>]*</a></sup>')
_TAG = re.compile(r"<[^<>]*>")
_REFUSED = re.compile(
    r"<(?:(script|style|iframe|object|embed|form|input|button|select|textarea|link|meta|base|svg|math"
    rf"|video|audio)\b|(?!\w+ data-sourcepos)[a-z]{_ATTRIBUTE_TEXT}?\s(on[a-z]+|style)\s*=)[^<>]*",
    re.IGNORECASE,
)
_LABEL = r"[A-Za-z0-9]++(?:-[A-Za-z0-9]++)*+"
_SAFE_ADDRESS = (
    rf"(?:https?://(?:{_LABEL}\.)+[A-Za-z]{{2,}}(?![^/?#\"])|mailto:|/(?!/)|(?![/:]))"
    r"(?:[A-Za-z0-9_./?=#%~+,;@!$()*-]|&amp;)*+"
)
_SIGNS = r"[^<>&\"\r]*+"
_INLINE = (
    r"&(?:amp|lt|gt|quot);|</?(?:em|strong|del|code)>|<br />"
    rf'|<img src="{_SAFE_ADDRESS}" alt="{_SIGNS}" />'
)
_CLEAN = re.compile(
    rf'{_SIGNS}(?:(?:{_INLINE}|<a href="{_SAFE_ADDRESS}">{_SIGNS}(?:(?:{_INLINE}){_SIGNS})*+</a>'
    rf'|</?(?:p|h[1-6]|[uo]l|li|blockquote)>|<ol start="[0-9]+">|<hr />){_SIGNS})*+'
)
"""HTML of the parser's own in which the sanitiser finds nothing to remove."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of a text that its page needs beside the HTML; lines count from the body's first."""

    links: tuple[Link, ...]
    first_paragraph: str
    """Plain text, cut at a word."""
    refused: tuple[tuple[str, int, int], ...]
    """HTML that will not be published: (name, line, column)."""


def read(body: str, *, summarised: bool = False) -> tuple[Outline, str]:
    """Return the outline of a text and its safe HTML, as `outline` and `cleaned` give them, parsed once.

    ``summarised``: it has a summary, so nobody asks for its first paragraph.
    """
    html = _parse(body, places=True)
    # Without tags of its author's nothing but the parser writes this attribute.
    bare = _parse(body, places=False) if "<" in body else _PLACE.sub("", html)
    return _outline(html, body, summarised=summarised), _as_cleaned(bare, body)


def outline(body: str) -> Outline:
    """Return the links of a text, its first paragraph, and the HTML in it that will not be published."""
    return _outline(_parse(body, places=True), body)


def cleaned(body: str) -> str:
    """Safe HTML of a text; where its links lead, and its headings, are as its author wrote them."""
    return _as_cleaned(_parse(body, places=False), body)


def _outline(html: str, body: str, *, summarised: bool = False) -> Outline:
    lines = body.split("\n")
    links = [_placed(found, lines) for found in _PLACED_LINK.finditer(html)]
    if "<" in body:
        links += [_raw(found, line, column) for found, line, column in _in_body(_RAW_LINK, html, body)]
    links = [link for link in links if not (link.target[:3] == "#fn" and _OWN_ANCHOR.match(link.target))]
    paragraph = "" if summarised else _first_paragraph(html)
    return Outline(tuple(links), paragraph, _refused(html, body) if "<" in body else ())


def _as_cleaned(html: str, body: str) -> str:
    """The parser's HTML as the sanitiser leaves it.

    Where all of it is the parser's own and of the plainest kind, that is known without asking, which
    takes longer than all else.
    """
    if "<" not in body and _CLEAN.fullmatch(html):
        return html.replace("&quot;", '"').replace("\xa0", "&nbsp;").replace(" />", ">")
    return _without_forbidden(str(_cleaner().clean(html)))


@cache
def _cleaner() -> Any:
    import nh3

    attributes = {tag: set(names) for tag, names in _ATTRIBUTES.items()}
    attributes["a"] |= {"aria-label"}
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=attributes,
        allowed_classes=_SECTION_CLASSES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


@cache
def _options(places: bool, raw: bool) -> tuple[Any, Any, Any]:
    import comrak

    extensions = comrak.ExtensionOptions()
    extensions.table = extensions.footnotes = True
    extensions.strikethrough = extensions.autolink = True
    render = comrak.RenderOptions()
    render.unsafe_ = raw  # the sanitiser decides, once, after parsing
    render.escape = not raw
    render.sourcepos = places
    parsing = comrak.ParseOptions()
    return extensions, parsing, render


def _parse(body: str, *, places: bool, raw: bool = True) -> str:
    import comrak

    extensions, parsing, render = _options(places, raw)
    html: str = comrak.render_markdown(body, extensions, parsing, render)
    return _without_forbidden(html)


def _without_forbidden(html: str) -> str:
    """Entities such as &#7; can smuggle in what XML forbids; those in raw HTML pass the parser."""
    return html if is_clean(html, html.encode()) else FORBIDDEN_CHARACTERS.sub("\ufffd", html)


def _placed(found: re.Match[str], lines: Sequence[str]) -> Link:
    tag, at_line, at_column, target, alt = found.groups("")
    line, before = int(at_line), int(at_column) - 1
    shown = lines[line - 1]
    if shown.isascii():  # below a definition of links the parser may name the line above
        column = min(before, len(shown)) + 1
    else:  # it counts columns in bytes
        column = len(shown.encode()[:before].decode("utf-8", "ignore")) + 1
    return Link(unescape(target), line, column, is_image=tag == "img", alt=unescape(alt))


def _raw(found: re.Match[str], line: int, column: int) -> Link:
    alt = _RAW_ALT.search(found[0])
    return Link(
        target=unescape(found[2] or found[3] or found[4] or ""),
        line=line,
        column=column,
        is_image=found[1].lower() == "img",
        alt=unescape((alt[1] or alt[2] or alt[3] or "") if alt else ""),
    )


def _in_body(pattern: re.Pattern[str], html: str, body: str) -> Iterator[tuple[re.Match[str], int, int]]:
    """Raw HTML that passed the parser as it was written, with line and column in the body."""
    all_found = list(pattern.finditer(html))
    bare = _without_code(body) if all_found else ""
    starts = [0, *(found.end() for found in re.finditer("\n", bare))]
    after = 0
    for found in all_found:
        written = found[0].partition("\n")[0]
        at = bare.find(written, after)
        if at < 0:  # footnotes move to the end
            at = max(bare.find(written), 0)
        after = at + 1
        line = bisect_right(starts, at)
        yield found, line, at - starts[line - 1] + 1


def _without_code(body: str) -> str:
    """The body without the tags that stand in code, every other character in its place."""
    lines = [bytearray(line) for line in body.encode().split(b"\n")]
    for found in _CODE.finditer(_parse(body, places=True, raw=False)):
        first, start, last, end = map(int, found.groups())
        for number in range(first, last + 1):
            line = lines[number - 1]
            part = slice(start - 1 if number == first else 0, end if number == last else len(line))
            line[part] = line[part].replace(b"<", b" ")
    return b"\n".join(lines).decode()


def _first_paragraph(html: str) -> str:
    end = 0
    while (start := _PARAGRAPH.search(html, end)) and (end := html.find("</p>", start.end())) >= 0:
        inside = html[start.end() : end]
        text = plain(_NOTE_MARK.sub("", inside) if "footnote-ref" in inside else inside)
        if text:
            return shortened(text, SUMMARY_LENGTH)
    return ""


def plain(html: str) -> str:
    """The words of an HTML fragment on one line."""
    return join_lines(unescape(_TAG.sub("", html) if "<" in html else html))


def shortened(text: str, length: int) -> str:
    """A text cut after a whole word, with an ellipsis, when it is longer than ``length``."""
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def _refused(html: str, body: str) -> tuple[tuple[str, int, int], ...]:
    found = _in_body(_REFUSED, html, body)
    return tuple(((one[1] or one[2]).lower(), line, column) for one, line, column in found)
