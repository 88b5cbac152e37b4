"""Output of ``newsfeed translations``: how much is translated, what is behind, and what is missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.output.problems import CHANGES
from newsfeed.cli.output.terminal import print_lines, visible
from newsfeed.core.content.coverage import MISSING, OUTDATED
from newsfeed.core.content.word_diff import ADDED, REMOVED, diff_words
from newsfeed.marking import N_, NN_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newsfeed.app.translations import TranslationReport
    from newsfeed.cli.output.voice import Voice
    from newsfeed.core.content.coverage import TextCoverage, TranslationState
    from newsfeed.core.content.word_diff import DiffPart
    from newsfeed.editorial.translation_gaps import ParagraphDiff, TranslationGap

MOST = {OUTDATED: 50, MISSING: 20}
"""Translations that are outdated, and missing ones, that are shown: the newest."""
_CONTEXT = 60
"""Characters around a change that are shown in a terminal."""
TOGETHER = N_("both changed in one commit: if the translation is up to date, accept it")
UNKNOWN = N_("it is not known which paragraphs have changed")


def print_translations(report: TranslationReport, now: datetime, voice: Voice) -> None:
    """Print counts of every language, then outdated translations with what changed, then missing ones."""
    print_lines(_table(report, voice))
    outdated = [(text, state) for text in report.texts for state in text.states if state.status == OUTDATED]
    for text, state in outdated[: MOST[OUTDATED]]:
        print_lines(["", *_outdated(text, state, report.gaps[state.path], now, voice)])
    print_lines(_more(sum(share.outdated for share in report.shares.values()) - MOST[OUTDATED], voice))
    print_lines(_missing(report, voice))


def _table(report: TranslationReport, voice: Voice) -> Iterator[str]:
    head = ["", *(voice.say(words) for words in SUMMARY_HEAD[1:])]
    rows = [head, *([lang, *map(voice.number, share)] for lang, share in report.shares.items())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *numbers in rows:
        cells = [
            first.ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True)),
        ]
        yield "  ".join(cells).rstrip()


SUMMARY_HEAD = (N_("Language"), N_("complete"), N_("outdated"), N_("missing"))


def _outdated(
    text: TextCoverage, state: TranslationState, gap: TranslationGap, now: datetime, voice: Voice
) -> Iterator[str]:
    yield click.style(f"{visible(state.path)}: ", bold=True) + behind(gap, now, voice)
    for diff in gap.paragraphs:
        place = voice.say(CHANGES[diff.change.kind], place=diff.change.name)
        yield f"    {place}"
        if diff.before or diff.after:
            yield f"        {_in_line(shown_parts(diff))}"
    if not gap.paragraphs:
        yield f"    {voice.say(UNKNOWN)}"
    if gap.changed_together:
        yield f"    {voice.say(TOGETHER)}"
    yield f"    {accept_command(text, state)}"


def accept_command(text: TextCoverage, state: TranslationState) -> str:
    """Return the command that accepts a translation."""
    name = text.id if text.kind == "news" else state.path
    return f"newsfeed translations accept {name} {state.lang}"


def translate_command(text: TextCoverage, state: TranslationState) -> str:
    """Return the command that begins a translation."""
    name = text.id if text.kind == "news" else text.original.path
    return f"newsfeed translate {name} {state.lang}"


def said_of_begun(state: TranslationState, report: TranslationReport, voice: Voice) -> str:
    """Return that a missing translation was begun, and in which file; empty when it was not."""
    if state.path not in report.begun:
        return ""
    return voice.say(N_("begun, not finished: {path}"), path=visible(state.path))


def _next_step(text: TextCoverage, state: TranslationState, report: TranslationReport, voice: Voice) -> str:
    return said_of_begun(state, report, voice) or translate_command(text, state)


def language_name(lang: str, voice: Voice) -> str:
    """Return a language's name in that of whoever reads."""
    from babel import Locale

    return Locale.parse(lang, sep="-").get_display_name(voice.locale) or lang


def behind(gap: TranslationGap, now: datetime, voice: Voice) -> str:
    """Return since when a translation is behind its original."""
    if gap.since is None:
        return voice.say(N_("the original has changed"))
    days = max((now - gap.since).days, 0)
    one, several = NN_("behind since {day}, for {number} day", "behind since {day}, for {number} days")
    return voice.count(one, several, days, day=gap.since.date())


def shown_parts(diff: ParagraphDiff) -> list[DiffPart]:
    """Return the words of a paragraph before and after; only those of now where nobody knows the others."""
    return diff_words(diff.before or (diff.after if diff.change.kind == "edited" else ""), diff.after)


def _in_line(parts: Sequence[DiffPart]) -> str:
    """Return a word diff as git writes it, with what is the same cut short."""
    shown = []
    for number, part in enumerate(parts):
        text = visible(part.text)
        if part.kind == REMOVED:
            shown.append(click.style(f"[-{text}-]", fg="red"))
        elif part.kind == ADDED:
            shown.append(click.style(f"{{+{text}+}}", fg="green"))
        else:
            shown.append(_cut(text, is_first=number == 0, is_last=number == len(parts) - 1))
    return "".join(shown)


def _cut(text: str, *, is_first: bool, is_last: bool) -> str:
    if len(text) <= 2 * _CONTEXT:
        return text
    start = "" if is_first else text[:_CONTEXT]
    end = "" if is_last else text[-_CONTEXT:]
    return f"{start}…{end}"


def _missing(report: TranslationReport, voice: Voice) -> Iterator[str]:
    missing = [(text, state) for text in report.texts for state in text.states if state.status == MISSING]
    if not missing:
        return
    yield ""
    yield voice.say(N_("missing, the newest first:"))
    for text, state in missing[: MOST[MISSING]]:
        yield f"    {_next_step(text, state, report, voice)}"
    yield from _more(sum(share.missing for share in report.shares.values()) - MOST[MISSING], voice)


def _more(number: int, voice: Voice) -> Iterator[str]:
    """Yield how many there are besides those that are shown."""
    if number > 0:
        yield "    " + voice.count(*NN_("and {number} more", "and {number} more"), number)


def print_translations_json(report: TranslationReport) -> None:
    """Print everything as one JSON object."""
    data = {
        "languages": {lang: share._asdict() for lang, share in report.shares.items()},
        "texts": [_as_data(text, report) for text in report.texts],
    }
    click.echo(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


def _as_data(text: TextCoverage, report: TranslationReport) -> dict[str, Any]:
    return {
        "kind": text.kind,
        "id": text.id,
        "title": text.title,
        "language": text.original.lang,
        "path": text.original.path,
        "date": text.day.isoformat() if text.day else None,
        "authors": text.authors,
        "topics": text.topics,
        "translations": {
            state.lang: _state_as_data(
                state, report.gaps.get(state.path), is_begun=state.path in report.begun
            )
            for state in text.states
        },
    }


def _state_as_data(state: TranslationState, gap: TranslationGap | None, *, is_begun: bool) -> dict[str, Any]:
    data: dict[str, Any] = {"status": state.status, "path": state.path}
    if state.status == MISSING:
        data["begun"] = is_begun
    if gap is not None:
        data["since"] = gap.since.isoformat() if gap.since else None
        data["changed_together"] = gap.changed_together
        data["changes"] = [
            {
                "kind": diff.change.kind,
                "field": diff.change.field or None,
                "paragraph": diff.change.number or None,
                "before": diff.before or None,
                "after": diff.after or None,
            }
            for diff in gap.paragraphs
        ]
    return data
