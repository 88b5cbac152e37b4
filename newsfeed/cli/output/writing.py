"""Questions to somebody who begins a text, their editor, and what to type next."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TypeVar

import click

from newsfeed.cli.output.terminal import print_lines, print_to_stderr, visible
from newsfeed.errors import UsageError
from newsfeed.marking import N_, NN_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from newsfeed.cli.output.voice import Voice
    from newsfeed.editorial.writing import BegunText


_Answer = TypeVar("_Answer")


class Asking:
    """Asks for what the command line does not say. Where nobody can answer, what is usual is taken."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._answers = sys.stdin.isatty() and sys.stderr.isatty()

    def title(self, check: Callable[[str], str]) -> str:
        """Return the story's title. Raises `UsageError` when nobody can be asked."""
        return self._ask(N_("Title"), check=check) if self._answers else check("")

    def language(self, languages: Sequence[str], check: Callable[[str], str]) -> str:
        """Return one of the site's languages: the user's own is proposed, else the first."""
        own = self._voice.locale.partition("_")[0]
        usual = own if own in languages and self._answers else languages[0]
        if len(languages) == 1 or not self._answers:
            return usual
        return self._ask(N_("Language ({known})"), usual, check=check, known=", ".join(languages))

    def authors(self, usual: str) -> tuple[str, ...]:
        """Return who wrote it: names with commas between them."""
        return self._ask(N_("Authors"), usual, check=_several) if self._answers else _several(usual)

    def topics(
        self, known: Sequence[str], check: Callable[[Sequence[str]], tuple[str, ...]]
    ) -> tuple[str, ...]:
        """Return topics; none when nothing is answered."""
        if not known or not self._answers:
            return ()
        question = N_("Topics ({known})")
        return self._ask(
            question, check=lambda answer: check(_several(answer)), known=", ".join(known), may_be_empty=True
        )

    def _ask(
        self,
        question: str,
        usual: str = "",
        *,
        check: Callable[[str], _Answer],
        may_be_empty: bool = False,
        **params: object,
    ) -> _Answer:
        """Ask until an answer is one that ``check`` takes."""

        def take(answer: str) -> _Answer:
            try:
                return check(answer.strip())
            except UsageError as error:
                said = [self._voice.say(part) for part in (error.sentence, error.advice) if str(part)]
                raise click.UsageError("\n    ".join(said)) from error

        text = self._voice.say(question, **params)
        default = usual or ("" if may_be_empty else None)
        answer: _Answer = click.prompt(
            text, default=default, show_default=bool(usual), err=True, value_proc=take
        )
        return answer


def _several(answer: str) -> tuple[str, ...]:
    return tuple(word for part in answer.split(",") if (word := part.strip()))


def open_editor(path: Path, voice: Voice) -> None:
    """Open a file in the editor that the user's environment names, and wait for it; without one, or without a
    terminal, do nothing. The file is there, so an editor that fails is only told.
    """
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if named and sys.stdin.isatty() and sys.stdout.isatty():
        try:
            click.edit(filename=str(path), editor=named)
        except (click.ClickException, ValueError):  # ValueError: a quote that is not closed
            sentence = N_("the editor “{editor}” could not be used: open the file yourself")
            print_to_stderr(voice.say(sentence, editor=visible(named)))


def print_begun_story(begun: BegunText, others: Sequence[str], voice: Voice) -> None:
    """Print where a new story lies, and what to type next. ``others``: languages to translate it into."""
    lines = [
        voice.say(N_("{path} is there; next:"), path=visible(begun.path)),
        f"    newsfeed check {begun.path}",
    ]
    print_lines([*lines, *(f"    newsfeed translate {begun.id} {lang}" for lang in others)])


def print_begun_translation(begun: BegunText, voice: Voice) -> None:
    """Print where a translation lies, and what to do in it."""
    sentence = N_("{path} is there: write the translation below each paragraph of the original; next:")
    print_lines([voice.say(sentence, path=visible(begun.path)), f"    newsfeed check {begun.path}"])


def print_accepted(path: str, voice: Voice) -> None:
    """Print that a translation counts as current."""
    sentence = N_("{path} now says that it translates the original as it is")
    print_lines([voice.say(sentence, path=visible(path))])


def print_added_topic(paths: Sequence[str], untranslated: Sequence[str], voice: Voice) -> None:
    """Print where a new topic stands, and in which languages it has no name yet."""
    print_lines([voice.say(N_("written: {paths}"), paths=", ".join(paths))])
    if untranslated:
        sentence = N_(
            "its name is still missing in: {languages}; write it into the catalogue, or name it with --in"
        )
        print_lines([voice.say(sentence, languages=", ".join(untranslated))])


def print_formatted(paths: Sequence[str], voice: Voice, *, check_only: bool) -> None:
    """Print which files were brought into the canonical form, or would be."""
    print_lines(visible(path) for path in paths)
    one, several = (
        (NN_("{number} file would change", "{number} files would change"))
        if check_only
        else (NN_("{number} file changed", "{number} files changed"))
    )
    print_lines([voice.count(one, several, len(paths))])
