"""Cells that reach over others: none leaves its table, covers another, or spans a column without cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from newsfeed.render.elements import Element

_SPAN = re.compile(r' (col|row)span="(\d+)"')
_MOST_PLACES = 20_000
"""That the cells of one table cover; beyond that they reach over nothing."""


class _Placed(NamedTuple):
    cell: Element
    column: int
    columns: int
    rows: int


def mend_spans(groups: list[list[list[Element]]]) -> None:
    """Correct how far the cells of a table reach. ``groups``: groups of rows of cells, of one table."""
    cells = [cell for rows in groups for row in rows for cell in row]
    if not any("span=" in cell.attributes for cell in cells):
        return
    if sum(_reach(cell, "col") * min(_reach(cell, "row"), len(cells)) for cell in cells) > _MOST_PLACES:
        for cell in cells:
            _set_reach(cell, 1, 1)
        return
    placed = [one for rows in groups for one in _place(rows)]
    begun = {one.column for one in placed}
    for one in placed:
        columns = sum(1 for column in range(one.column, one.column + one.columns) if column in begun)
        _set_reach(one.cell, columns, one.rows)


def _place(rows: list[list[Element]]) -> list[_Placed]:
    """Return where the cells of a group of rows come to stand, as browsers lay them out."""
    placed: list[_Placed] = []
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            wanted = _reach(cell, "col")
            columns = next((free for free in range(wanted) if (number, column + free) in taken), wanted)
            height = min(_reach(cell, "row"), len(rows) - number)
            taken |= {(number + down, column + right) for down in range(height) for right in range(columns)}
            placed.append(_Placed(cell, column, columns, height))
            column += columns
    return placed


def _reach(cell: Element, direction: str) -> int:
    return next((int(number) for name, number in _SPAN.findall(cell.attributes) if name == direction), 1)


def _set_reach(cell: Element, columns: int, rows: int) -> None:
    spans = "".join(
        f' {name}span="{number}"' for name, number in (("col", columns), ("row", rows)) if number > 1
    )
    if "span=" in cell.attributes:
        cell.attributes = _SPAN.sub("", cell.attributes) + spans
