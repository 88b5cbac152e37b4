"""Tags of HTML that lack their end, mostly a quotation mark: browsers take all below for an attribute."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_START = re.compile(r"<(?:!--|[A-Za-z][A-Za-z0-9-]*(?=\s))")
_REST = re.compile(r"""(?:[^<>"']|"(?:[^"\n]|\n(?!<))*"|'(?:[^'\n]|\n(?!<))*')*>""")
"""The rest of a tag. Markdown's own tags begin lines: with one in its quotes an attribute has no end."""
_OPAQUE = {"<!--": "-->", "<script": "</script", "<style": "</style"}
"""Where something else than HTML stands → its end."""
_MOST = 20
"""For each that has no end the whole text is looked through."""


def find_unfinished_tags(html: str) -> Iterator[re.Match[str]]:
    """Yield the beginnings of tags that never end. ``html``: what the Markdown parser wrote."""
    position = found = 0
    for start in _START.finditer(html):
        if start.start() < position:
            continue
        if end := _OPAQUE.get(start[0].lower(), ""):
            position = html.find(end, start.end())
            if position < 0:
                return
        elif rest := _REST.match(html, start.end()):
            position = rest.end()
        else:
            yield start
            found += 1
            if found == _MOST:
                return


def show_unfinished_tags(html: str) -> str:
    """Return HTML with these beginnings as the text they are, so that no words are lost."""
    pieces: list[str] = []
    end = 0
    for start in find_unfinished_tags(html):
        pieces += (html[end : start.start()], "&lt;")
        end = start.start() + 1
    return "".join((*pieces, html[end:])) if pieces else html
