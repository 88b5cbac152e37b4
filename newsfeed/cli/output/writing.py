"""Questions to somebody who begins a text, their editor, and what to type next."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from newsfeed.cli.output.terminal import print_lines, visible
from newsfeed.errors import UsageError
from newsfeed.marking import N_, NN_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsfeed.cli.output.voice import Voice
    from newsfeed.editorial.writing import BegunText


class Asking:
    """Asks for what the command line does not say. Where nobody can answer, what is usual is taken."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._answers = sys.stdin.isatty() and sys.stderr.isatty()

    def title(self) -> str:
        """Return the story's title. Raises `UsageError` when nobody can be asked."""
        if not self._answers:
            raise UsageError(
                N_("a story needs a title"), N_("write: {example}"), example='newsfeed new "Its title"'
            )
        return self._ask(N_("Title"))

    def language(self, languages: Sequence[str]) -> str:
        """Return one of the site's languages: the user's own is proposed, else the first."""
        own = self._voice.locale.partition("_")[0]
        usual = own if own in languages and self._answers else languages[0]
        if len(languages) == 1 or not self._answers:
            return usual
        return self._ask(N_("Language ({known})"), usual, known=", ".join(languages))

    def authors(self, usual: str) -> tuple[str, ...]:
        """Return who wrote it: names with commas between them."""
        answer = self._ask(N_("Authors"), usual) if self._answers else usual
        return _several(answer)

    def topics(self, known: Sequence[str]) -> tuple[str, ...]:
        """Return topics; none when nothing is answered."""
        if not known or not self._answers:
            return ()
        return _several(self._ask(N_("Topics ({known})"), known=", ".join(known), may_be_empty=True))

    def _ask(self, question: str, usual: str = "", *, may_be_empty: bool = False, **params: object) -> str:
        text = self._voice.say(question, **params)
        default = usual or ("" if may_be_empty else None)
        return str(click.prompt(text, default=default, show_default=bool(usual), err=True)).strip()


def _several(answer: str) -> tuple[str, ...]:
    return tuple(word for part in answer.split(",") if (word := part.strip()))


def open_editor(path: Path) -> None:
    """Open a file in the editor that the user's environment names, and wait for it; without one, or without a
    terminal, do nothing.
    """
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if named and sys.stdin.isatty() and sys.stdout.isatty():
        click.edit(filename=str(path), editor=named)


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
