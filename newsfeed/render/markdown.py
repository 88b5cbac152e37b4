"""Markdown → safe HTML, and what a text says about itself: its links and its first paragraph.

CommonMark with tables, footnotes, strikethrough and bare links, by comrak (compiled). Raw HTML
passes the allow-list below, whatever the editor wrote. This is the only module that knows which
parser and which sanitiser are used.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from typing import Any

from newsfeed.core.source_text import FORBIDDEN, is_clean, one_line
from newsfeed.model import Link

Resolve = Callable[[str, bool], str]
"""(link target as written, is it an image) → address to publish."""

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
_ADDRESS = re.compile(r'(<(a|img) (?:[^>]*? )?(?:href|src)=")([^"]*)"')
_BACK_LABEL = re.compile(r' aria-label="Back to reference ([^"]*)"')
_TABLE_HEAD = re.compile(r"<table>(?=\s*<thead>\s*<tr>((?:\s*<th\b[^>]*>.*?</th>)+))", re.DOTALL)
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
_WIDE_TABLE = 5
"""Columns from which a table scrolls on small screens, and so must be reachable by keyboard."""
_HEADING = re.compile(r"<(/?)h[1-6](?=[ >])")
_OPENING = re.compile(r"<h([1-6])(?=[ >])")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a text says about itself; lines count from the first line of the body."""

    links: tuple[Link, ...]
    first_paragraph: str
    """Plain text, cut at a word."""
    refused: tuple[tuple[str, int, int], ...]
    """HTML that will not be published: (name, line, column)."""


def outline(body: str) -> Outline:
    """Read a text once for everything but its HTML."""
    html = _parse(body, places=True)
    lines = body.split("\n")
    links = [_placed(found, lines) for found in _PLACED_LINK.finditer(html)]
    if "<" in body:
        links += [_raw(found, line, column) for found, line, column in _in_body(_RAW_LINK, html, body)]
    links = [link for link in links if not (link.target[:3] == "#fn" and _OWN_ANCHOR.match(link.target))]
    return Outline(tuple(links), _first_paragraph(html), _refused(html, body) if "<" in body else ())


def to_html(body: str, resolve: Resolve, back_label: str, top_level: int = 2) -> str:
    """Safe HTML of a text. ``resolve`` turns every link target into the address to publish;
    ``back_label`` names the way back from a footnote, with ``{number}``, in the text's language;
    headings start at ``top_level`` and skip none.
    """
    return finished(cleaned(body), resolve, back_label, top_level)


def finished(html: str, resolve: Resolve, back_label: str, top_level: int = 2) -> str:
    """The second half of `to_html`: what differs from page to page."""
    html = _ADDRESS.sub(lambda found: _resolved(found, resolve), html)
    if "footnote" in html:
        label = escape(back_label, quote=True)
        html = _BACK_LABEL.sub(lambda found: f' aria-label="{label.format(number=found[1])}"', html)
    if "<table>" in html:
        html = _TABLE_HEAD.sub(_table_start, html)
    if "<h" in html:
        html = _with_heading_levels(html, top_level)
    return html


def _resolved(found: re.Match[str], resolve: Resolve) -> str:
    address = resolve(unescape(found[3]), found[2] == "img")
    if not address and found[2] == "a":  # the words stay, the link goes
        return found[1].removesuffix(' href="')
    return f'{found[1]}{escape(address, quote=True)}"'


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


def cleaned(body: str) -> str:
    """The first half of `to_html`: the parser's HTML as the sanitiser leaves it.

    Where all of it is the parser's own and of the plainest kind, that is known without asking, which
    takes longer than all else.
    """
    html = _parse(body, places=False)
    if "<" not in body and _CLEAN.fullmatch(html):
        return html.replace("&quot;", '"').replace("\xa0", "&nbsp;").replace(" />", ">")
    return str(_cleaner().clean(html))


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
    if is_clean(html, html.encode()):
        return html
    return FORBIDDEN.sub("\ufffd", html)  # entities such as &#7; can smuggle in what XML forbids


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
    return one_line(unescape(_TAG.sub("", html) if "<" in html else html))


def shortened(text: str, length: int) -> str:
    """A text cut after a whole word, with an ellipsis, when it is longer than ``length``."""
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def _refused(html: str, body: str) -> tuple[tuple[str, int, int], ...]:
    found = _in_body(_REFUSED, html, body)
    return tuple(((one[1] or one[2]).lower(), line, column) for one, line, column in found)
