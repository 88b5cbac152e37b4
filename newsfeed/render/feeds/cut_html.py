"""Cut a long text for a feed, between two of its blocks."""

from __future__ import annotations

from html.parser import HTMLParser

from newsfeed.render.elements import VOID

_BLOCKS = frozenset(
    {
        "blockquote",
        "dd",
        "details",
        "div",
        "dl",
        "figure",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    }
)
"""Elements behind which a text may end. A heading is none: what it announces would be missing."""


def cut_html(html: str, size: int) -> str:
    """Return as many whole blocks of clean HTML as fit, with what encloses them closed; none if the first
    does not.

    size: bytes, at most, but for end tags.
    """
    start = html.encode()[:size].decode(errors="ignore")
    blocks = _Blocks(start)
    blocks.feed(start)  # never closed: the last tag may be half there
    return start[: blocks.end] + "".join(f"</{name}>" for name in reversed(blocks.open_at_end))


class _Blocks(HTMLParser):
    """Finds the last end of a block."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self._text = text
        self._line_starts = [0]
        self._open: list[str] = []
        self.end = 0
        self.open_at_end: tuple[str, ...] = ()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Enter an element."""
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if self._open and self._open[-1] == tag:
            self._open.pop()
        if tag in _BLOCKS:
            self.end = self._text.index(">", self._place()) + 1
            self.open_at_end = tuple(self._open)

    def _place(self) -> int:
        """Return where the tag that is being handled begins."""
        line, column = self.getpos()
        while len(self._line_starts) < line:
            self._line_starts.append(self._text.index("\n", self._line_starts[-1]) + 1)
        return self._line_starts[line - 1] + column
