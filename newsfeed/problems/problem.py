"""One thing that is wrong in a site, as a value: a code of `PROBLEM_KINDS`, a place, and parameters.

Never a sentence: sentences are made at the edge, in the user's language.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.problems.kinds import PROBLEM_KINDS, ProblemKind, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file; lines and columns count from 1, columns in characters."""

    path: str
    line: int = 1
    column: int = 1
    text: str = ""
    """The offending line, as it stands in the file; filled in by `add_excerpts`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a code of `PROBLEM_KINDS`, a place, and the parameters of its message."""

    code: str
    where: Location
    params: tuple[tuple[str, str], ...] = ()
    suggestion: str = ""
    """A known word close to the unknown one; becomes "did you mean …?"."""
    raised: Severity | None = None
    """Its severity where it matters more than usual."""

    @property
    def kind(self) -> ProblemKind:
        """Return the table entry that explains this problem."""
        return PROBLEM_KINDS[self.code]

    @property
    def severity(self) -> Severity:
        """Return how serious it is: as its kind says, or as the configuration raised it."""
        return self.raised or self.kind.severity


def problem(code: str, where: Location, known: Iterable[str] | None = None, /, **params: object) -> Problem:
    """Make a problem; with ``known``, suggest the known word nearest to the parameter ``value``."""
    suggestion = find_nearest(str(params.get("value", "")), known) if known is not None else ""
    texts = tuple((name, str(value)) for name, value in params.items())
    return Problem(code, where, texts, suggestion)


def propose(found: Problem, suggestion: str) -> Problem:
    """Return a problem with a question whether this was meant; unchanged when there is nothing to ask."""
    return replace(found, suggestion=suggestion) if suggestion else found


def find_nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word closest to ``word``, or an empty string when none is near."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    matches = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else ""


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of a report: by file, then place, then code; exact repeats once."""
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda p: (p.where.path, p.where.line, p.where.column, p.code))


MOST_OF_KIND = 10
"""Problems of one kind in one text that a report shows: the others are counted."""
_TEXT = ".md"


def shorten_report(problems: Iterable[Problem]) -> list[Problem]:
    """Return a report in which no kind of problem is told more than `MOST_OF_KIND` times of one text.

    ``problems``: in the order of a report. How many more there are is told where the first of them stands.
    """
    counts: Counter[tuple[str, str]] = Counter()
    shown: list[Problem] = []
    places: dict[tuple[str, str], int] = {}
    for reported in problems:
        kind = (reported.where.path, reported.code)
        counts[kind] += 1
        if counts[kind] <= MOST_OF_KIND or not reported.where.path.endswith(_TEXT):
            shown.append(reported)
        elif kind not in places:
            places[kind] = len(shown)
            shown.append(reported)
    for (path, code), at in places.items():
        more = counts[path, code] - MOST_OF_KIND
        if more > 1:
            shown[at] = problem("more-of-kind", shown[at].where, count=more, value=code)
    return shown


_SECRET = re.compile(r"(?<=://)[^\s\"']*:[^\s\"']*(?=@)|(?<=password=)[^\s\"'&]+", re.IGNORECASE)
"""Passwords in addresses: a report may end up in a public log."""


def add_excerpts(problems: Iterable[Problem], read: Callable[[str], bytes | None]) -> list[Problem]:
    """Return problems with the lines they point at filled in; ``read`` is called once for each file."""
    lines: dict[str, list[str]] = {}
    shown = []
    for reported in problems:
        path = reported.where.path
        if path not in lines:
            text = (read(path) or b"").decode("utf-8-sig", "replace")
            lines[path] = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if reported.where.line <= len(lines[path]):
            line = lines[path][reported.where.line - 1]
            text = "" if "\0" in line else _SECRET.sub("…", line)  # no words: a document, or UTF-16
            shown.append(replace(reported, where=replace(reported.where, text=text)))
        else:
            shown.append(reported)
    return shown


def select_errors(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems that keep a site from being published."""
    return [p for p in problems if p.severity is Severity.ERROR]
