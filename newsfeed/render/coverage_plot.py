"""Draw how much of a site was translated over time, as SVG. Lines differ in their dashes and carry their
names, so that nobody needs colours to tell them apart.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDTH, _HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 110, 14, 30
_DASHES = ("none", "7 4", "2 4", "10 4 2 4", "14 5", "1 6", "7 3 1 3 1 3")
_LABEL_HEIGHT = 15
_MOST_YEARS = 8
"""Years that are named below the axis."""


class PlotLine(NamedTuple):
    """One language."""

    name: str
    values: Sequence[float]
    """From 0 to 1, one for each month that is drawn."""


def draw_coverage(
    lines: Sequence[PlotLine], months: Sequence[tuple[int, int]], title: str, percents: Sequence[str]
) -> str:
    """Return the drawing.

    months: (year, month) of the values, oldest first; ``percents``: how 0, 50 and 100 % are written.
    """
    places = [year * 12 + month for year, month in months]
    if len(places) == 1:  # a line needs two ends
        places = [places[0] - 1, *places]
        lines = [PlotLine(line.name, [*line.values, *line.values]) for line in lines]
    body = [*_axes(places, percents), *_lines(lines, places)]
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title, quote=True)}" '
        f'xmlns="http://www.w3.org/2000/svg">\n<title>{escape(title)}</title>\n'
        + "\n".join(body)
        + "\n</svg>"
    )


def _x(place: int, places: Sequence[int]) -> float:
    width = _WIDTH - _LEFT - _RIGHT
    return _LEFT + width * (place - places[0]) / ((places[-1] - places[0]) or 1)


def _y(share: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - share)


def _axes(places: Sequence[int], percents: Sequence[str]) -> Iterator[str]:
    for share, words in zip((0, 0.5, 1), percents, strict=True):
        y = _y(share)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(words)}</text>'
    first, last = (places[0] + 10) // 12, (places[-1] - 1) // 12
    step = max((last - first) // _MOST_YEARS + 1, 1)
    for year in range(first, last + 1, step):
        place = year * 12 + 1
        if places[0] <= place <= places[-1]:
            x = _x(place, places)
            yield f'<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{_y(0):.1f}" y2="{_y(0) + 5:.1f}"/>'
            yield f'<text x="{x:.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{year}</text>'


def _lines(lines: Sequence[PlotLine], places: Sequence[int]) -> Iterator[str]:
    for line, dash in zip(lines, _repeat(len(lines)), strict=True):
        # In steps: between two months that are known nothing came.
        start, *rest = zip(places, line.values, strict=True)
        way = "".join(f"H{_x(place, places):.1f}V{_y(value):.1f}" for place, value in rest)
        way = f"M{_x(start[0], places):.1f} {_y(start[1]):.1f}{way}"
        yield f'<path class="line" d="{way}" stroke-dasharray="{dash}"/>'
    for line, y in zip(lines, _spread([_y(line.values[-1]) for line in lines]), strict=True):
        yield f'<text class="name" x="{_WIDTH - _RIGHT + 8}" y="{y + 4:.1f}">{escape(line.name)}</text>'


def _repeat(count: int) -> list[str]:
    return [_DASHES[number % len(_DASHES)] for number in range(count)]


def _spread(heights: Sequence[float]) -> list[float]:
    """Return heights of labels, moved as far as one would cover another; all stay in the picture."""
    order = sorted(range(len(heights)), key=lambda number: heights[number])
    placed = [0.0] * len(heights)
    lowest = float("-inf")
    for number in order:
        lowest = placed[number] = max(heights[number], lowest + _LABEL_HEIGHT)
    over = max(lowest - _y(0), 0)
    highest = float("inf")
    for number in reversed(order):  # and up again, where they left the picture
        placed[number] = min(placed[number], highest - _LABEL_HEIGHT) if over else placed[number]
        placed[number] = min(placed[number], _y(0))
        highest = placed[number]
    return placed
