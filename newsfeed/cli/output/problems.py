"""Problems of a site, for people, for programs and for pull requests."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.output.terminal import is_quiet, visible
from newsfeed.marking import N_, NN_
from newsfeed.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.cli.output.voice import Voice

FORGE_FORMATS = ("github", "gitlab", "sarif")
FORMATS = ("text", "json", *FORGE_FORMATS)
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.ADVICE: "blue"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
_WIDTH = 160
"""Characters of a line that are shown around the column of a problem."""


def print_problems(problems: Sequence[Problem], form: str, voice: Voice) -> None:
    """Print problems as the result, in one of `FORMATS`; for people also how many there are."""
    if form == "json":
        click.echo(
            json.dumps([as_data(problem, voice) for problem in problems], ensure_ascii=False, indent=1)
        )
        return
    if form in ("gitlab", "sarif"):
        from newsfeed.cli.output.problem_reports import gitlab_report, sarif_log

        click.echo((gitlab_report if form == "gitlab" else sarif_log)(problems, voice))
        return
    for problem in problems:
        click.echo(github_line(problem, voice) if form == "github" else text_block(problem, voice))
    if form == "text" and not is_quiet():
        click.echo(tally(problems, voice))


def print_problems_to_stderr(problems: Sequence[Problem], voice: Voice) -> None:
    """Print problems for people, and how many there are, beside a result."""
    for problem in problems:
        click.echo(text_block(problem, voice), err=True)
    click.echo(tally(problems, voice), err=True)


def print_warnings(problems: Sequence[Problem], voice: Voice) -> None:
    """Print problems beside a result, each with what to do, on a line of its own."""
    for problem in problems:
        label = click.style(voice.say(LABELS[problem.severity]), fg=_COLOURS[problem.severity], bold=True)
        click.echo(f"{label}: {message(problem, voice)}; {hint(problem, voice)}", err=True)


def text_block(problem: Problem, voice: Voice) -> str:
    """Return ``path:line:column: what is wrong [code]``, the line with a caret, and what to do."""
    where = problem.where
    head = f"{visible(where.path)}:{where.line}:{where.column}: "
    label = click.style(voice.say(LABELS[problem.severity]), fg=_COLOURS[problem.severity], bold=True)
    said = voice.say(N_("{name}: {reason}"), name=label, reason=message(problem, voice))
    lines = [f"{head}{said} [{problem.code}]"]
    if where.text.strip():
        lines += _excerpt(where.text, where.column)
    lines.append(f"    {hint(problem, voice)}")
    return "\n".join(lines)


def github_line(problem: Problem, voice: Voice) -> str:
    """Return one workflow command: GitHub shows it at the line of a pull request."""
    where = problem.where
    text = f"{message(problem, voice)} – {hint(problem, voice)}"
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    path = visible(where.path).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    properties = f"file={path},line={where.line},col={where.column},title={problem.code}"
    return f"::{_GITHUB[problem.severity]} {properties}::{escaped}"


def as_data(problem: Problem, voice: Voice) -> dict[str, Any]:
    """Return a problem as data, for programs."""
    return {
        "path": visible(problem.where.path),
        "line": problem.where.line,
        "column": problem.where.column,
        "severity": problem.severity.value,
        "code": problem.code,
        "message": message(problem, voice),
        "hint": hint(problem, voice),
        "params": {name: visible(value) for name, value in problem.params},
    }


def message(problem: Problem, voice: Voice) -> str:
    """Return what is wrong, as a sentence."""
    return voice.say(problem.kind.message).format_map(_params(problem, voice))


def in_one_line(problem: Problem, voice: Voice) -> str:
    """Return ``path:line: what is wrong``."""
    return f"{visible(problem.where.path)}:{problem.where.line}: {message(problem, voice)}"


def hint(problem: Problem, voice: Voice) -> str:
    """Return what to do; a close match first."""
    sentence = voice.say(problem.kind.hint).format_map(_params(problem, voice))
    if not problem.suggestion:
        return sentence
    question = voice.say(N_("did you mean “{word}”?"), word=visible(problem.suggestion))
    return f"{question} {sentence}"


def tally(problems: Sequence[Problem], voice: Voice) -> str:
    """Return how many problems there are of each severity, as a sentence."""
    parts = []
    for severity, (singular, plural) in _COUNTS.items():
        number = sum(1 for problem in problems if problem.severity is severity)
        if number:
            parts.append(voice.count(singular, plural, number))
    return ", ".join(parts) if parts else voice.say(N_("no problems"))


LABELS = {
    Severity.ERROR: N_("error"),
    Severity.WARNING: N_("warning"),
    Severity.ADVICE: N_("advice"),
}
_COUNTS = {
    Severity.ERROR: NN_("{number} error", "{number} errors"),
    Severity.WARNING: NN_("{number} warning", "{number} warnings"),
    Severity.ADVICE: NN_("{number} piece of advice", "{number} pieces of advice"),
}
_SENTENCES = frozenset({"expected", "feature", "reason", "target"})
"""Parameters that are phrases of the program, and so are translated too."""
CHANGES = {
    "edited": N_("edited: {place}"),
    "moved": N_("moved: {place}"),
    "added": N_("added: {place}"),
    "removed": N_("removed: {place}"),
}
"""Kind of change of an original → its name before the paragraphs it is about."""


def _params(problem: Problem, voice: Voice) -> dict[str, str]:
    params = {
        name: visible(voice.say(value) if name in _SENTENCES else value) for name, value in problem.params
    }
    changes = (voice.say(words, place=params[kind]) for kind, words in CHANGES.items() if params.get(kind))
    return {"changes": " · ".join(changes), **params}


def _excerpt(line: str, column: int) -> list[str]:
    """Return the line around a column, and a caret below it, aligned also under wide characters."""
    start = max(column - 1 - _WIDTH // 2, 0)
    shown = visible(line[start : start + _WIDTH])
    before = shown[: column - 1 - start]
    pad = " " * sum(map(_columns, before))
    return [f"    {shown}", f"    {pad}^"]


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
