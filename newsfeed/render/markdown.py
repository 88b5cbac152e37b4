"""Markdown → safe HTML, and what a text says about itself: its links and its first paragraph.

CommonMark with tables, footnotes, strikethrough and bare links, by comrak (compiled). Raw HTML
passes the allow-list of `newsfeed.render.allowed_html`, whatever the editor wrote. This is the only module
that knows the parser, as that one alone knows the sanitiser.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from newsfeed.core.content.source_text import FORBIDDEN_CHARACTERS, is_clean, join_lines
from newsfeed.core.site.places import name_similar
from newsfeed.model import Link, UnseenTarget
from newsfeed.render import raw_html
from newsfeed.render.allowed_html import cleaner
from newsfeed.render.anchors import find_dead_anchors, find_places, may_have_places
from newsfeed.render.complexity import LINKS, Excess, excess
from newsfeed.render.nesting import mend_nesting
from newsfeed.render.raw_html import ATTRIBUTE_TEXT
from newsfeed.render.summary import first_paragraph, first_words
from newsfeed.render.unfinished_tags import find_unfinished_tags
from newsfeed.render.unseen_links import find_unseen_links

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence


_PLACE = re.compile(' data-sourcepos="[0-9:-]*"')
_PLACED_LINK = re.compile(
    r'<(a|img) data-sourcepos="(\d+):(\d+)-[^"]*" (?:href|src)="([^"]*)"(?: alt="([^"]*)")?'
)
_RAW_LINK = re.compile(
    rf"<(a|img)\s(?!data-sourcepos){ATTRIBUTE_TEXT}?\b(?:href|src)\s*=\s*"
    rf"(?:\"([^\"]*)\"|'([^']*)'|([^\"'\s<>]+)){ATTRIBUTE_TEXT}",
    re.IGNORECASE,
)
_SHORTCODE = re.compile(r"\{\{[<%][^{}]{0,200}?[>%]\}\}|\{% *\w[^{}]{0,200}?%\}")
"""Of Hugo, and of Jekyll and its relatives."""
_WORD_BULLET = re.compile(
    r"^ {0,3}(?:([•▪●◦‣\uf0a7\uf0b7\uf0d8\uf0fc\uf076])[ \t\u00a0]|([·§o])(?:\t|\u00a0|  ))", re.MULTILINE
)
"""What Word puts before the items of a list; the signs of its own fonts have no meaning elsewhere."""
_CODE = re.compile(r'<(?:pre|code) data-sourcepos="(\d+):(\d+)-(\d+):(\d+)"')
_EMPTY_BLOCK = re.compile(r"<h[1-6]>\s*</h|<code[^>]*></code></pre>")
_WITHOUT_MARKS = bytes.maketrans(b"<{[(", b"    ")
_OWN_ANCHOR = re.compile(r"#fn(?:ref)?-[^\"]*$")
_RAW_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\"'\s]+))", re.IGNORECASE)
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


class Remark(NamedTuple):
    """Something in a text that its editor should know; lines count from the first line of the body."""

    code: str
    """Of the problem it becomes."""
    line: int
    column: int
    params: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of a text that its page needs beside the HTML; lines count from the body's first."""

    links: tuple[Link, ...]
    first_paragraph: str
    """Plain text, cut at a word."""
    remarks: tuple[Remark, ...] = ()
    unseen_links: tuple[UnseenTarget, ...] = ()
    """Links that are shown as the signs they are written with."""
    anchors: frozenset[str] = frozenset()
    """The ids in it, to which links may lead."""


def read(body: str, *, summarised: bool = False) -> tuple[Outline, str]:
    """Return the outline of a text and its safe HTML, as `outline` and `cleaned` give them, parsed once.

    ``summarised``: it has a summary, so nobody asks for its first paragraph.
    A text that asks too much of the parser is not parsed: its outline says so, and its HTML is empty.
    """
    too_much = excess(body)
    if too_much is not None:
        return _outline_of(too_much), ""
    html = _parse(body, places=True)
    # Without tags of its author's nothing but the parser writes this attribute.
    bare = _parse(body, places=False) if "<" in body else _PLACE.sub("", html)
    clean = _as_cleaned(bare, body)
    return _outline(html, body, clean, summarised=summarised), clean


def outline(body: str) -> Outline:
    """Return the links of a text, its first paragraph, and what its editor should know of its HTML."""
    too_much = excess(body)
    if too_much is not None:
        return _outline_of(too_much)
    return _outline(_parse(body, places=True), body)


def cleaned(body: str) -> str:
    """Return the safe HTML of a text; its headings and the targets of its links are as written."""
    return _as_cleaned(_parse(body, places=False), body)


def _outline(html: str, body: str, clean: str | None = None, *, summarised: bool = False) -> Outline:
    """``clean``: the safe HTML, where it is made anyway; few texts need it for their first words."""
    lines = body.split("\n")
    links = [_placed(found, lines) for found in _PLACED_LINK.finditer(html)]
    if "<" in body:
        links += [
            _raw(found, line, column) for found, line, column in _in_body(_RAW_LINK.finditer(html), body)
        ]
    links = [link for link in links if not (link.target[:3] == "#fn" and _OWN_ANCHOR.match(link.target))]
    if len(links) > LINKS:
        return _outline_of(Excess("too-many-links", links[LINKS].line, len(links), LINKS))
    if clean is None and may_have_places(body):
        clean = cleaned(body)
    anchors = find_places(clean) if clean and may_have_places(body) else frozenset[str]()
    # Of raw HTML only the clean form has its paragraphs closed.
    words = (
        ""
        if summarised
        else ("<" not in body and first_paragraph(html)) or first_words(clean or cleaned(body))
    )
    remarks = (*_remarks(html, body), *_dead_anchors(links, anchors))
    return Outline(tuple(links), words, remarks, tuple(_unseen_links(body)), anchors)


def _remarks(html: str, body: str) -> Iterator[Remark]:
    if "<" in body:
        for found, line, column in _in_body(raw_html.find_refused_markup(html), body):
            yield Remark("html-removed", line, column, (("value", (found[1] or found[2]).lower()),))
        for found, line, column in _in_body(raw_html.find_unknown_elements(html), body):
            yield Remark("html-unknown", line, column, (("value", join_lines(found[0])),))
        yield from _open_remarks(html, body)
        for line, column in sorted(_word_traces(html, body))[:1]:
            yield Remark("pasted-from-word", line, column, ())
    for number, bullet in islice(_word_bullets(body), 1):
        yield Remark("word-bullets", number, 1, (("value", bullet),))
    if "{{" in body or "{%" in body:
        for number, text in enumerate(_without_code(body).split("\n"), 1):
            for found in _SHORTCODE.finditer(text):
                yield Remark("shortcode", number, found.start() + 1, (("value", join_lines(found[0])),))


def _word_traces(html: str, body: str) -> Iterator[tuple[int, int]]:
    """Yield line and column of the first traces of Microsoft Word: in raw HTML, and among the words."""
    for _, line, column in islice(_in_body(raw_html.pasted_from_word(html), body), 1):
        yield line, column
    if raw_html.WORD_ELEMENT.search(body):
        for number, text in enumerate(_without_code(body).split("\n"), 1):
            if found := raw_html.WORD_ELEMENT.search(text):
                yield number, found.start() + 1
                return


def _open_remarks(html: str, body: str) -> Iterator[Remark]:
    for tag, line, column in _in_body(find_unfinished_tags(html), body):
        yield Remark("tag-open", line, column, (("value", tag[0]),))
    found = raw_html.find_unclosed_remark(html)
    for written, line, column in _in_body([found] if found else (), body):
        example = raw_html.REMARK_ENDS[written[0].lower()]
        yield Remark("remark-open", line, column, (("value", written[0]), ("example", example)))


def _dead_anchors(links: Iterable[Link], anchors: Collection[str]) -> Iterator[Remark]:
    for link in find_dead_anchors(links, anchors):
        known = name_similar(link.target[1:], anchors)
        yield Remark("anchor-dead", link.line, link.column, (("value", link.target), ("known", known)))


def _unseen_links(body: str) -> Iterator[UnseenTarget]:
    if "](" not in body and ")[" not in body and "] (" not in body:
        return
    bare = _without_code(body) if any(find_unseen_links(body)) else ""
    for one in find_unseen_links(bare):
        line = bare.count("\n", 0, one.start)
        column = one.start - bare.rfind("\n", 0, one.start)
        yield UnseenTarget(line + 1, column, one.written, one.corrected, one.target, one.is_sure)


def _word_bullets(body: str) -> Iterator[tuple[int, str]]:
    """Yield line and sign of each bullet of a word processor, which is none in Markdown."""
    if body.isascii() and "o\t" not in body:
        return
    for found in _WORD_BULLET.finditer(body):
        sign = found[1] or found[2]
        yield body.count("\n", 0, found.start()) + 1, sign if sign.isprintable() else "•"


def _outline_of(too_much: Excess) -> Outline:
    params = (("count", too_much.amount), ("limit", too_much.limit))
    return Outline((), "", (Remark(too_much.kind, too_much.line, 1, params),))


def _as_cleaned(html: str, body: str) -> str:
    """Return the parser's HTML as the sanitiser leaves it.

    Where all of it is the parser's own and of the plainest kind, that is known without asking, which
    takes longer than all else.
    """
    # The parser itself writes a note that is defined twice where no HTML allows it.
    mends = "<" in body or "[^" in body or _EMPTY_BLOCK.search(html)
    if not mends and _CLEAN.fullmatch(html):
        return html.replace("&quot;", '"').replace("\xa0", "&nbsp;").replace(" />", ">")
    clean = str(cleaner().clean(raw_html.modernise_elements(html) if "<" in body else html))
    return _without_forbidden(mend_nesting(clean) if mends else clean)


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


def _in_body(matches: Iterable[re.Match[str]], body: str) -> Iterator[tuple[re.Match[str], int, int]]:
    """Yield raw HTML that passed the parser as it was written, with line and column in the body."""
    all_found = list(matches)
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
    """Return the body without the signs of tags, shortcodes and links in code, all else in its place."""
    lines = [bytearray(line) for line in body.encode().split(b"\n")]
    for found in _CODE.finditer(_parse(body, places=True, raw=False)):
        first, start, last, end = map(int, found.groups())
        for number in range(first, last + 1):
            line = lines[number - 1]
            part = slice(start - 1 if number == first else 0, end if number == last else len(line))
            line[part] = line[part].translate(_WITHOUT_MARKS)
    return b"\n".join(lines).decode()
