"""The only printing: problems, summaries and progress, for people and for programs.

Talk goes to standard error, results to standard output; colours and progress only on a terminal.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

import click

from newsfeed.marking import N_, NN_
from newsfeed.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsfeed.cli.output.builds import Voice
    from newsfeed.delivery.preview import PreviewReport

FORMATS = ("text", "json", "github")
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.ADVICE: "blue"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
_PLACES = 8
"""Messages whose places are listed before the list would scroll everything away."""
_WIDTH = 160
"""Columns of an excerpt that are shown around the place."""


# -- problems ------------------------------------------------------------------------------------


def print_problems(problems: Sequence[Problem], form: str, voice: Voice) -> None:
    """All problems, in the form asked for, and their number."""
    if form == "json":
        click.echo(json.dumps([as_data(found, voice) for found in problems], ensure_ascii=False, indent=1))
        return
    for found in problems:
        click.echo(github_line(found, voice) if form == "github" else text_block(found, voice))
    if form == "text":
        click.echo(tally(problems, voice))


def text_block(found: Problem, voice: Voice) -> str:
    """``path:line:column: what is wrong [code]``, the line with a caret, and what to do."""
    where = found.where
    head = f"{visible(where.path)}:{where.line}:{where.column}: "
    label = click.style(voice.say(_LABELS[found.severity]), fg=_COLOURS[found.severity], bold=True)
    lines = [f"{head}{label}: {message(found, voice)} [{found.code}]"]
    if where.text.strip():
        lines += _excerpt(where.text, where.column)
    lines.append(f"    {hint(found, voice)}")
    return "\n".join(lines)


def github_line(found: Problem, voice: Voice) -> str:
    """One workflow command: GitHub shows it at the line of a pull request."""
    where = found.where
    text = f"{message(found, voice)} – {hint(found, voice)}"
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    path = visible(where.path).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    place = f"file={path},line={where.line},col={where.column},title={found.code}"
    return f"::{_GITHUB[found.severity]} {place}::{escaped}"


def as_data(found: Problem, voice: Voice) -> dict[str, Any]:
    """A problem for programs."""
    return {
        "path": visible(found.where.path),
        "line": found.where.line,
        "column": found.where.column,
        "severity": found.severity.value,
        "code": found.code,
        "message": message(found, voice),
        "hint": hint(found, voice),
        "params": {name: visible(value) for name, value in found.params},
    }


def message(found: Problem, voice: Voice) -> str:
    """What is wrong, as a sentence."""
    return voice.say(found.kind.message).format_map(_params(found, voice))


def hint(found: Problem, voice: Voice) -> str:
    """What to do; a close match first."""
    sentence = voice.say(found.kind.hint).format_map(_params(found, voice))
    if not found.suggestion:
        return sentence
    question = voice.say(N_("did you mean “{word}”?")).format(word=visible(found.suggestion))
    return f"{question} {sentence}"


def tally(problems: Sequence[Problem], voice: Voice) -> str:
    """How many problems there are of each severity."""
    parts = []
    for severity, (singular, plural) in _COUNTS.items():
        number = sum(1 for found in problems if found.severity is severity)
        if number:
            parts.append(voice.count(singular, plural, number).format(number=number))
    return ", ".join(parts) if parts else voice.say(N_("no problems"))


_LABELS = {
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


def _params(found: Problem, voice: Voice) -> dict[str, str]:
    return {name: visible(voice.say(value) if name in _SENTENCES else value) for name, value in found.params}


def visible(text: str) -> str:
    """A text from a file, safe for a terminal: control characters cannot move the cursor or lie."""
    return "".join(char if _is_printable(char) else "�" for char in text)


def _is_printable(char: str) -> bool:
    return (
        char == "\t"
        or unicodedata.category(char) not in ("Cc", "Cs", "Cf", "Zl", "Zp")
        or char in "\u200c\u200d"
    )


def _excerpt(line: str, column: int) -> list[str]:
    """The line around a place, and a caret below it, aligned also under tabs and wide characters."""
    start = max(column - 1 - _WIDTH // 2, 0)
    shown = visible(line[start : start + _WIDTH])
    before = shown[: column - 1 - start]
    pad = "".join("\t" if char == "\t" else " " * _columns(char) for char in before)
    return [f"    {shown}", f"    {pad}^"]


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


# -- summaries and progress ----------------------------------------------------------------------


def digest_summary(outcome: PreviewReport, voice: Voice) -> tuple[dict[str, Any], list[str]]:
    """What became of an issue, for programs and for people."""
    data: dict[str, Any] = {
        "digest": outcome.digest,
        "slot": outcome.slot.key,
        "stories": outcome.stories,
        "messages": dict(outcome.messages),
        "skipped": outcome.skipped,
        "largest_html_bytes": outcome.largest_html,
        "left_out": outcome.left_out,
        "dry_run": outcome.dry_run,
        "places": list(outcome.places),
    }
    by_language = ", ".join(f"{lang} {number}" for lang, number in outcome.messages.items()) or "–"
    facts = {**data, "total": sum(outcome.messages.values()), "by_language": by_language}
    sentences = [
        voice.say(N_("digest “{digest}”, slot {slot}; stories: {stories}, messages: {total} ({by_language})"))
    ]
    if outcome.skipped:
        sentences.append(voice.say(N_("readers with nothing to get, not written to: {skipped}")))
    if outcome.dry_run:
        sentences.append(voice.say(N_("dry run: nothing was handed over")))
    return data, [sentence.format_map(facts) for sentence in sentences] + [
        f"  {place}" for place in outcome.places[:_PLACES]
    ]


def redirects_summary(lines: Mapping[str, str], dry_run: bool, voice: Voice) -> list[str]:
    """Which line was added to which file."""
    if not lines:
        return [voice.say(N_("nothing to add: every published address is there, or its text is not"))]
    sentences = [f"{visible(path)}: {visible(line)}" for path, line in lines.items()]
    if dry_run:
        sentences.append(voice.say(N_("dry run: nothing was written")))
    return sentences


def init_summary(folder: str, files: Sequence[str], voice: Voice) -> list[str]:
    """What a new site holds, and what to type next."""
    made = voice.say(N_("{number} files made in {folder}; next:")).format(number=len(files), folder=folder)
    commands = ("check", "build", "serve")
    return [made, *(f"    newsfeed -C {folder} {command}" for command in commands)]


def talk_problems(problems: Sequence[Problem], voice: Voice) -> None:
    """Problems beside a result, so on standard error."""
    for found in problems:
        click.echo(text_block(found, voice), err=True)
    click.echo(tally(problems, voice), err=True)


def talk(text: str) -> None:
    """Something said beside the result."""
    click.echo(text, err=True)


def print_error(text: str, advice: str, voice: Voice) -> None:
    """Why a command could not do its work, and what to do."""
    label = click.style(voice.say(_LABELS[Severity.ERROR]), fg="red", bold=True)
    click.echo(f"{label}: {visible(text)}", err=True)
    if advice:
        click.echo(f"    {visible(advice)}", err=True)


class Progress:
    """A line that counts on a terminal, and nothing elsewhere."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._stream = sys.stderr
        self._shown = self._stream.isatty()

    def __call__(self, number: int, total: int = 0) -> None:
        """Show that ``number`` (of ``total``) are done; every fiftieth is enough for the eye."""
        if self._shown and (number % 50 == 0 or number == total):
            of = f"/{total}" if total else ""
            self._stream.write(f"\r{self._label} {number}{of}")
            self._stream.flush()

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
