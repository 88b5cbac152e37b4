"""Safe HTML as plain text: paragraphs, lists and links of an editor's note, for a mail's text part."""

from __future__ import annotations

import re
import textwrap
from html import unescape

_LINK = re.compile(r'<a(?: [^<>]*?)? href="([^"]*)"[^<>]*>(.*?)</a>', re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>")
_BLOCK = re.compile(
    r"(?:</?(?:p|h[1-6]|ul|ol|blockquote|pre|table|thead|tbody|tr|section|figure|figcaption|div)(?: [^<>]*)?>"
    r"|<hr[^<>]*>|\n\s*\n)+"
)
_ENTRY = re.compile(r"<li(?: [^<>]*)?>\s*(?:<p>)?")
_IMAGE = re.compile(r'<img(?: [^<>]*?)? alt="([^"]*)"[^<>]*>')
_CELL = re.compile(r"</t[dh]>\s*<t[dh][^<>]*>")
_TAG = re.compile(r"<[^<>]*>")
_MAIN = re.compile(r"<main\b[^<>]*>(.*)</main>", re.DOTALL)
_OPTIONS = re.compile(r"</option>\s*(?=<option)")
_UNSEEN = re.compile(r"<p hidden>.*?</p>", re.DOTALL)
_PARAGRAPH, _LINE = "\0", "\1"
"""Signs that no text has."""


def as_text(html: str, width: int = 76) -> str:
    """Return safe HTML as plain text: an empty line between paragraphs, and where links lead behind them."""
    html = _CELL.sub(" · ", _IMAGE.sub(r"\1", _LINK.sub(_spelt_out, html)))
    html = _ENTRY.sub(f"{_LINE}- ", _BREAK.sub(_LINE, html).replace("</li>", ""))
    pieces = unescape(_TAG.sub("", _BLOCK.sub(_PARAGRAPH, html))).split(_PARAGRAPH)
    paragraphs = ("\n".join(_lines(piece, width)) for piece in pieces if piece.strip(f"{_LINE} \n"))
    return "\n\n".join(paragraphs)


def main_text(page: str, width: int = 76) -> str:
    """Return what a whole page of ours says in its main part; a text that is no page as it is."""
    found = _MAIN.search(page)
    if found is None:
        return page.strip()
    return as_text(_UNSEEN.sub("", _OPTIONS.sub(" · ", found[1])), width)


def _spelt_out(found: re.Match[str]) -> str:
    address, words = found.groups()
    return words if _TAG.sub("", words) == address.removeprefix("mailto:") else f"{words} ({address})"


def _lines(piece: str, width: int) -> list[str]:
    found = []
    for line in piece.split(_LINE):
        words = " ".join(line.split(" ")).strip(" \n").replace("\n", " ")
        if words:
            indent = "  " if words.startswith("- ") else ""
            found += textwrap.wrap(
                words, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )
    return found
