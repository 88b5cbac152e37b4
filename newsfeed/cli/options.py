"""Options that several commands have, and the type of moments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from newsfeed.cli.output.log_lines import FORMS, LEVELS
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

Function = TypeVar("Function", bound=Callable[..., Any])


class MomentParam(click.ParamType[datetime]):
    """A moment on the command line: ISO 8601; without an offset it is UTC."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read ``2010-02-08T09:00+01:00``; fail as click does otherwise."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            sentence = N_("“{value}” is no moment; write it like 2010-02-08T09:00+01:00")
            self.fail(user_voice().say(sentence, value=value), param, ctx)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


class NumberParam(click.ParamType[int]):
    """A whole number from ``least`` to ``most``."""

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self._least = least
        self._most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read a number; fail as click does otherwise."""
        try:
            number = int(value)
        except ValueError:
            number = self._least - 1
        if not self._least <= number <= self._most:
            sentence = N_("“{value}” is no whole number from {least} to {most}")
            limits = {"least": str(self._least), "most": str(self._most)}
            self.fail(user_voice().say(sentence, value=value, **limits), param, ctx)
        return number


def now_option(text: str) -> Callable[[Function], Function]:
    """Return the option ``--now MOMENT``, with this help."""
    return click.option("--now", type=MomentParam(), help=text)


def output_option(text: str, default: str = "") -> Callable[[Function], Function]:
    """Return the option ``--output DIR``, with this help; ``default``: the folder meant without it."""
    return click.option("-o", "--output", metavar="DIR", help=text, show_default=default or None)


def json_option(text: str) -> Callable[[Function], Function]:
    """Return the flag ``--json``, with this help."""
    return click.option("--json", "as_json", is_flag=True, help=text)


def log_options(function: Function) -> Function:
    """Add the options ``--log FORM`` and ``--log-level LEVEL`` of commands that stay."""
    form = click.option(
        "--log",
        "form",
        type=click.Choice(FORMS),
        default=FORMS[0],
        show_default=True,
        help=N_("The form of log lines."),
    )
    least = click.option(
        "--log-level",
        "least",
        type=click.Choice(LEVELS),
        default=LEVELS[0],
        show_default=True,
        help=N_("Leave out what is below this level."),
    )
    return form(least(function))
