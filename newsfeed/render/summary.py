"""The automatic summary: the first words of a text that has none of its editor's own."""

from __future__ import annotations

import re
from html import unescape

from newsfeed.core.content.source_text import join_lines

SUMMARY_LENGTH = 300
"""Characters of a first paragraph that serves as a summary."""
_LEAST = 0.75
"""Of the length asked for: going back further to a blank would lose words for nothing."""

_PARAGRAPH = re.compile(r"<p(?: [^<>]*)?>")
_NOTE_MARK = re.compile(r'<sup[^<>]*class="footnote-ref"[^<>]*><a[^<>]*>[^<>]*</a></sup>')
_NOTES = '<section class="footnotes"'
_NOTES_PLACED = re.compile(r'<section(?: data-sourcepos="[^"]*")? class="footnotes"')
_NO_TEASER = re.compile(r"<(h[1-6]|pre)(?: [^<>]*)?>.*?</\1>", re.DOTALL)
_PIECE_END = re.compile(r"</(?:li|t[dh]|d[dt]|summary|figcaption|caption|div|blockquote)>|<br>")
_TAG = re.compile(r"<[^<>]*>")
_BETWEEN = " · "
"""What stands between the pieces of a list or table; it means the same in every language."""


def first_paragraph(html: str) -> str:
    """Return the words of the first paragraph that has any, cut at `SUMMARY_LENGTH`.

    ``html``: what the Markdown parser wrote. Footnotes and what leads to them are no part of a summary.
    """
    notes = _NOTES_PLACED.search(html)
    text_end = notes.start() if notes else len(html)
    end = 0
    while (start := _PARAGRAPH.search(html, end, text_end)) and (end := html.find("</p>", start.end())) >= 0:
        inside = html[start.end() : end]
        text = plain(_NOTE_MARK.sub("", inside) if "footnote-ref" in inside else inside)
        if text:
            return shortened(text, SUMMARY_LENGTH)
    return ""


def first_words(clean_html: str) -> str:
    """Return the first words of a text without paragraphs: of its lists and tables, piece by piece.

    ``clean_html``: what the sanitiser left, with every element closed.
    """
    paragraph = first_paragraph(clean_html)
    if paragraph:
        return paragraph
    html = _NO_TEASER.sub("", _NOTE_MARK.sub("", clean_html.partition(_NOTES)[0]))
    pieces = [plain(piece) for piece in _PIECE_END.split(html)]
    return shortened(_BETWEEN.join(piece for piece in pieces if piece), SUMMARY_LENGTH)


def plain(html: str) -> str:
    """Return the words of an HTML fragment on one line."""
    return join_lines(unescape(_TAG.sub("", html) if "<" in html else html))


def shortened(text: str, length: int) -> str:
    """Return at most ``length`` characters of a text, cut after a word where that loses little.

    Scripts without blanks, and very long words, are cut between what readers see as characters (UAX 29).
    """
    if len(text) <= length:
        return text
    room = text[: _cluster_end(text, length - 1)]
    blank = room.rfind(" ")
    if blank >= len(room) * _LEAST:
        room = room[:blank]
    return room.rstrip(" ,;:–-·([{（「『【《〈“‘«¡¿") + "…"


def _cluster_end(text: str, most: int) -> int:
    """Return the end of the last grapheme cluster that ends at ``most`` or before."""
    import regex  # not needed for most texts

    end = 0
    # Marks may follow a letter without end; nobody reads a cluster longer than a summary.
    for cluster in regex.finditer(r"\X", text[: most + 64]):
        if cluster.end() > most:
            break
        end = cluster.end()
    return end or most
