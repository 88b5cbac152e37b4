"""Output about the warnings of a site beside a build: the first of them, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.cli.output.problems import tally, text_block
from newsfeed.cli.output.terminal import print_to_stderr
from newsfeed.marking import NN_
from newsfeed.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.cli.output.voice import Voice
    from newsfeed.problems import Problem

SHOWN = 3
"""Warnings that a build shows; `newsfeed check` shows all."""
_MORE = NN_(
    "and {number} more warning: see newsfeed check",
    "and {number} more warnings: see newsfeed check",
)


def print_remaining_problems(news: Sequence[Problem], remaining: Sequence[Problem], voice: Voice) -> None:
    """Print what is wrong with a site that was published all the same.

    ``news``: shown whole, such as addresses that vanished; ``remaining``: of these the errors, and the first
    warnings.
    """
    errors = [one for one in remaining if one.severity is Severity.ERROR]
    warnings = [one for one in remaining if one.severity is Severity.WARNING and one not in news]
    shown = [*errors, *news, *warnings[:SHOWN]]
    if not shown:
        return
    for problem in shown:
        print_to_stderr(text_block(problem, voice))
    if len(warnings) > SHOWN:
        print_to_stderr(voice.count(*_MORE, len(warnings) - SHOWN))
    print_to_stderr(tally([*errors, *news, *warnings], voice))
