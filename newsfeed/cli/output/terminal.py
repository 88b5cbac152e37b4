"""Results on standard output, what stands beside them on standard error; text that cannot harm a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import click

from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsfeed.cli.output.voice import Voice
    from newsfeed.errors import NewsfeedError


_VERBOSITY = "newsfeed.verbosity"
"""Key of what the context of the command line knows about it."""


def set_verbosity(context: click.Context, *, is_quiet: bool, is_verbose: bool) -> None:
    """Note how much a command is to say; whoever asks for both hears more."""
    context.meta[_VERBOSITY] = 1 if is_verbose else -1 if is_quiet else 0


def _verbosity() -> int:
    context = click.get_current_context(silent=True)
    found: int = context.meta.get(_VERBOSITY, 0) if context is not None else 0
    return found


def is_quiet() -> bool:
    """Tell whether only what is wrong is to be said, and what was asked for."""
    return _verbosity() < 0


def is_verbose() -> bool:
    """Tell whether it is to be said what is done."""
    return _verbosity() > 0


def print_detail(text: str) -> None:
    """Print beside the result what is done, for somebody who asked for it."""
    if is_verbose():
        print_to_stderr(text)


def print_result(
    data: Mapping[str, Any], sentences: Sequence[str], *, as_json: bool, is_only_success: bool = False
) -> None:
    """Print what a command did: as one JSON object, or in a few lines. ``is_only_success``: nothing was
    asked for, and all is well.
    """
    if is_quiet() and not as_json and is_only_success:
        return
    if as_json:
        import json

        sentences = [json.dumps(data, ensure_ascii=False, indent=1)]
    print_lines(sentences)


def print_lines(sentences: Iterable[str]) -> None:
    """Print sentences as a result, each on its line."""
    for sentence in sentences:
        click.echo(sentence)


def print_sentence(sentence: str, voice: Voice, **params: object) -> None:
    """Print one sentence as a result, translated, with its placeholders filled."""
    click.echo(voice.say(sentence, **params))


def print_to_stderr(text: str) -> None:
    """Print something beside the result."""
    click.echo(text, err=True)


def print_error(error: NewsfeedError, voice: Voice) -> None:
    """Print why a command could not do its work, and what to do, on standard error."""
    label = click.style(voice.say(N_("error")), fg="red", bold=True)
    text = voice.say(N_("{name}: {reason}"), name=label, reason=visible(voice.say(error.sentence)))
    click.echo(text, err=True)
    advice = voice.say(error.advice)
    if advice:
        click.echo(f"    {visible(advice)}", err=True)


def visible(text: str) -> str:
    """Return a text without control characters, which could move the cursor or lie; a tab is a blank."""
    return "".join(char if _is_printable(char) else "�" for char in text.replace("\t", " "))


def _is_printable(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cs", "Cf", "Zl", "Zp") or char in "\u200c\u200d"
