"""Find the marks that git leaves in a text when two people changed the same lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.problems import problem

if TYPE_CHECKING:
    from newsfeed.core.content.source_text import SourceText
    from newsfeed.problems import Problem

_MARKS = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?=[ \n]|\Z).*", re.MULTILINE)
_OURS, _THEIRS, _BETWEEN = "<<<<<<<", ">>>>>>>", "======="


def find_conflicts(source: SourceText) -> list[Problem]:
    """Return a problem for each conflict, at its first mark; also for one whose marks were partly deleted."""
    text = source.text
    if _OURS not in text and _THEIRS not in text:  # a line of equal signs alone makes a heading
        return []
    problems, is_open, is_halved = [], False, False
    for mark in _MARKS.finditer(text):
        kind = mark[0][:7]
        if kind == _OURS or (kind == _THEIRS and not is_open and is_halved):
            problems.append(problem("conflict-mark", source.at_offset(mark.start()), value=mark[0][:60]))
        is_open = kind == _OURS or (is_open and kind != _THEIRS)
        is_halved = kind == _BETWEEN or (is_halved and kind != _THEIRS)
    return problems
