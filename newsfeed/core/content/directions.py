"""Invisible characters of the body of a text that turn the direction of the words around them."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content.source_text import locate_open_direction, may_turn_words, name_code_point
from newsfeed.problems import MOST_OF_KIND, Location, Problem, problem
from newsfeed.problems.kinds import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.content.parse import ParsedFile

_BLOCKS = re.compile(r"\n[ \t]*\n|\n(?=[ \t]*(?:[-*+>#|]|\d{1,9}[.)][ \t]))")
"""Where a paragraph ends: at an empty line, and at the next item, heading, quote or row of a table."""
_REFERENCE = re.compile(r"&#(?:8234|8235|8236|8237|8238|829[4-7]|x0*20(?:2[a-e]|6[6-9]));?", re.IGNORECASE)


class OpenDirection(NamedTuple):
    """A character that reaches beyond its place; line and column count from the first of the body."""

    line: int
    column: int
    character: str


def check_directions(parsed: ParsedFile) -> Iterator[Problem]:
    """Yield a warning for each paragraph of a text that has one."""
    above = parsed.body_line - 1
    for line, column, character in islice(find_open_directions(parsed.body), MOST_OF_KIND):
        where = Location(parsed.path, above + line, column)
        told = problem("direction-open", where, character=name_code_point(character))
        yield replace(told, raised=Severity.WARNING)


def find_open_directions(body: str) -> Iterator[OpenDirection]:
    """Yield the first such character of each paragraph: one that is not closed there, or closes nothing.

    Browsers end every paragraph's direction with it. What is still open then was forgotten, or is meant to
    hide what a line says.
    """
    if not may_turn_words(body) and not _REFERENCE.search(body):
        return
    start = 0
    for end in (*(found.span() for found in _BLOCKS.finditer(body)), (len(body), len(body))):
        if found := _find(body[start : end[0]]):
            offset, character = found
            at = start + offset
            yield OpenDirection(body.count("\n", 0, at) + 1, at - body.rfind("\n", 0, at), character)
        start = end[1]


def _find(block: str) -> tuple[int, str] | None:
    """Return offset and character of the first one in a block, also where it is written as a reference."""
    found = locate_open_direction(block)
    if found is not None:
        return found.start(), found[0]
    written = _REFERENCE.search(block)
    if written is not None and (found := locate_open_direction(unescape(block))):
        return written.start(), found[0]
    return None
