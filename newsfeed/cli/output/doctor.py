"""Output of a checkup: a line for what is well, more for what is not."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.output.terminal import visible
from newsfeed.core.checkup.finding import Finding, Health
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsfeed.cli.output.voice import Voice

_MARKS = {
    Health.GOOD: ("✓", "green"),
    Health.ADVICE: ("!", "yellow"),
    Health.PROBLEM: ("✗", "red"),
    Health.UNKNOWN: ("–", "bright_black"),
}
_INDENT = 16
"""Columns before a sentence: a mark, and the name of the check."""
_NARROWEST, _WIDEST = 40, 100
_COUNT = N_("{good} good, {advice} could be better, {problem} to mend, {unknown} not checked")


def checkup_summary(found: Sequence[Finding], voice: Voice) -> tuple[dict[str, Any], list[str]]:
    """Return what a checkup found: the data, and the lines for people."""
    counts = Counter(one.health for one in found)
    numbers = {health.value: counts[health] for health in Health}
    data = {"ok": not counts[Health.PROBLEM], "counts": numbers, "findings": [_as_data(one) for one in found]}
    explained: set[str] = set()
    lines = [line for one in found for line in _lines(one, voice, explained)]
    return data, [*lines, "", voice.say(_COUNT, **numbers)]


def _as_data(one: Finding) -> dict[str, Any]:
    return {
        "check": one.check,
        "health": one.health.value,
        "seen": str(one.seen),
        "why": one.why,
        "advice": str(one.advice),
        "lines": list(one.lines),
    }


def _lines(one: Finding, voice: Voice, explained: set[str]) -> Iterator[str]:
    """Yield the lines of a finding. ``explained``: the checks of which it was said why they matter."""
    mark, colour = _MARKS[one.health]
    head = f"{click.style(mark, fg=colour)} {one.check:<{_INDENT - 2}}"
    first, *rest = _wrapped(voice.say(one.seen))
    yield head + first
    yield from (" " * _INDENT + line for line in rest)
    if one.health in (Health.PROBLEM, Health.ADVICE) and one.check not in explained:
        explained.add(one.check)
        yield from _indented(voice.say(one.why))
    if one.advice:
        yield from _indented("→ " + voice.say(one.advice))
    if one.lines:
        yield ""
        yield from (f"    {visible(line)}" for line in one.lines)
        yield ""


def _indented(text: str) -> Iterator[str]:
    yield from (" " * _INDENT + line for line in _wrapped(text))


def _wrapped(text: str) -> list[str]:
    """Return a sentence in lines that fit beside the name of its check; addresses in it stay whole."""
    columns = shutil.get_terminal_size().columns
    width = min(max(columns, _NARROWEST), _WIDEST) - _INDENT
    return textwrap.wrap(visible(text), width, break_long_words=False, break_on_hyphens=False) or [""]
