"""The words a reader sees on a page in the page's own language, block by block."""

import re
from html.parser import HTMLParser

from tests.peers.lint.markup import VOID

_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "cite",
        "code",
        "del",
        "em",
        "i",
        "kbd",
        "mark",
        "q",
        "s",
        "strong",
        "sub",
        "sup",
        "time",
    }
)
_NO_PROSE = frozenset({"script", "style", "code", "pre", "time"})


def blocks(html: str) -> list[str]:
    """The texts of all blocks of a page, without what is marked as another language."""
    reading = _Reading()
    reading.feed(html)
    reading.close()
    return [text for text in (" ".join("".join(pieces).split()) for pieces in reading.blocks) if text]


def sentences(block: str) -> list[str]:
    """A block cut after full stops, question marks, exclamation marks, colons and semicolons."""
    return re.split(r"(?<=[.!?…:;])\s+", block)


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(char.isalpha() for char in text)


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[list[str]] = [[]]
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self.blocks.append([])
        if tag not in VOID:
            marked = tag != "html" and "lang" in dict(attrs)
            self._open.append((tag, marked or tag in _NO_PROSE))

    def handle_endtag(self, tag: str) -> None:
        while self._open and tag not in VOID and self._open.pop()[0] != tag:
            pass
        if tag not in _INLINE:
            self.blocks.append([])

    def handle_data(self, data: str) -> None:
        if not any(left_out for _, left_out in self._open):
            self.blocks[-1].append(data)
