"""Limits on what a small text may ask of the parser, so that nobody can make a build take minutes.

A table costs its columns times its rows, written or not; elements within elements cost their depth, squared.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.render.raw_html import tags_of_text

if TYPE_CHECKING:
    from collections.abc import Iterator

CELLS = 20_000
"""Of one table. The largest that anybody reads has some hundreds."""
DEPTH = 100
"""Of HTML elements within each other; browsers stop at some hundreds."""

LINKS = 10_000
"""Links and pictures of one text. A long bibliography has a thousand."""

_DELIMITER_ROW = re.compile(r"[ \t>]*(?=[|:-])[ \t|:-]*-[ \t|:-]*")
_VOID = frozenset({"br", "col", "hr", "img", "wbr"})


class Excess(NamedTuple):
    """More than a limit allows."""

    kind: str
    """Code of its problem."""
    line: int
    """Of the body, from 1."""
    amount: int
    limit: int


def excess(body: str) -> Excess | None:
    """Return the first thing in a text's Markdown that is too much for the parser, if there is one."""
    return next(_large_tables(body), None) or _deep_html(body)


def _large_tables(body: str) -> Iterator[Excess]:
    if "|" not in body:
        return
    lines = body.split("\n")
    for number, line in enumerate(lines):
        if "|" in line and _DELIMITER_ROW.fullmatch(line):
            columns = line.count("|") + 1
            most = CELLS // columns + 1  # more rows need not be counted
            rows = 1 + sum(1 for _ in takewhile(str.strip, lines[number + 1 : number + 1 + most]))
            if columns * rows > CELLS:
                yield Excess("table-too-large", number + 1, columns * rows, CELLS)


def _deep_html(body: str) -> Excess | None:
    if body.count("<") <= DEPTH:
        return None
    depth = 0
    for tag in tags_of_text(body):
        if tag[2].lower() in _VOID or tag[3].endswith("/"):
            continue
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > DEPTH:
            return Excess("nested-too-deep", body.count("\n", 0, tag.start()) + 1, depth, DEPTH)
    return None
