"""Sentences in another language than their page: marked by templates, then shown as the place allows.

A template's function cannot tell where in the page its sentence will stand. So a sentence that nobody has
translated leaves it between control characters, which no text of a site has. When the page is complete they
become ``<span lang>``, or nothing inside of tags and of elements that hold only text.
"""

from __future__ import annotations

import re

_LANG, _TEXT, _END = "\x02", "\x03", "\x04"
_PIECE = re.compile(
    rf"<(title|textarea|option|script|style)\b.*?</\1>"
    rf"""|<[a-zA-Z/!](?:[^>"']|"[^"]*"|'[^']*')*>"""
    rf"|{_LANG}([a-zA-Z0-9-]+) ?([a-z]*){_TEXT}|{_END}",
    re.DOTALL,
)
"""A place where only text may stand; the start of a marked sentence; its end."""
_MARKS = re.compile(f"{_LANG}[^{_TEXT}]*{_TEXT}|{_END}")


def mark_language(text: str, lang: str, direction: str = "") -> str:
    """Return a sentence that says which language it is in; ``direction`` only where it is not the page's."""
    return f"{_LANG}{lang} {direction}{_TEXT}{text}{_END}"


def show_languages(html: str) -> str:
    """Return a page with its marked sentences as HTML; most pages have none."""
    return _PIECE.sub(_shown, html) if _LANG in html else html


def _shown(found: re.Match[str]) -> str:
    piece, lang, direction = found[0], found[2], found[3]
    if piece == _END:
        return "</span>"
    if lang:
        return f'<span lang="{lang}" dir="{direction}">' if direction else f'<span lang="{lang}">'
    return _MARKS.sub("", piece)
