"""Put what is known about translations on a page, in the language of whoever looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.cli.output.problems import CHANGES
from newsfeed.cli.output.translations import (
    SUMMARY_HEAD,
    TOGETHER,
    UNKNOWN,
    accept_command,
    behind,
    language_name,
    shown_parts,
)
from newsfeed.core.content.coverage import COMPLETE, MISSING, OUTDATED
from newsfeed.marking import N_, NN_
from newsfeed.render.coverage_plot import PlotLine, draw_coverage
from newsfeed.render.translations_page import (
    ChangedParagraph,
    Mark,
    OutdatedTranslation,
    TextRow,
    TranslationsPage,
    translations_page,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.app.translations import TranslationReport
    from newsfeed.cli.output.voice import Voice
    from newsfeed.core.content.coverage import TextCoverage, TranslationState

_MOST_ROWS = 300
"""Texts that wait and are shown: the newest."""
_SIGNS = {COMPLETE: "✓", OUTDATED: "≠", MISSING: "○"}
_WORDS = {
    COMPLETE: N_("{language}: complete"),
    OUTDATED: N_("{language}: outdated"),
    MISSING: N_("{language}: missing"),
}


def make_page(
    report: TranslationReport, now: datetime, voice: Voice, feeds: Sequence[tuple[str, str]] = ()
) -> str:
    """Return the page as HTML. ``feeds``: (file, title) of those beside it."""
    names = {lang: language_name(lang, voice) for lang in report.settings.site.languages}
    languages = [
        lang for lang in names if any(one.lang == lang for text in report.texts for one in text.states)
    ]
    waiting = [text for text in report.texts if any(one.status == MISSING for one in text.states)]
    more = len(waiting) - _MOST_ROWS
    page = TranslationsPage(
        lang=voice.lang,
        heading=voice.say(N_("Translations: {site}"), site=report.settings.site.title.get(voice.lang)),
        summary_head=[voice.say(words) for words in SUMMARY_HEAD],
        summary=[[names[lang], *map(voice.number, share)] for lang, share in report.shares.items()],
        plot_heading=voice.say(N_("Over time")),
        plot=_plot(report, names, voice),
        plot_note=_plot_note(report, voice),
        outdated_heading=voice.say(N_("Behind their originals")),
        outdated=[
            _outdated(text, state, report, now, names, voice)
            for text in report.texts
            for state in text.states
            if state.status == OUTDATED
        ],
        waiting_heading=voice.say(N_("Waiting for a translation")),
        waiting_head=[voice.say(N_("Text")), voice.say(N_("Date")), *(names[lang] for lang in languages)],
        waiting=[_row(text, languages, names, voice) for text in waiting[:_MOST_ROWS]],
        waiting_note=voice.count(*NN_("and {number} more", "and {number} more"), more) if more > 0 else "",
        nothing=voice.say(N_("Nothing.")),
        feeds=feeds,
    )
    return translations_page(page)


def _plot(report: TranslationReport, names: dict[str, str], voice: Voice) -> str:
    if not report.points:
        return ""
    lines = [
        PlotLine(names[lang], [point.shares[lang] for point in report.points])
        for lang in report.points[0].shares
    ]
    title = voice.say(N_("Part of all texts that are there in each language, by month"))
    percents = [voice.say(N_("{number} %"), number=number) for number in (0, 50, 100)]
    return draw_coverage(lines, [(one.year, one.month) for one in report.points], title, percents)


def _plot_note(report: TranslationReport, voice: Voice) -> str:
    if not report.points:
        return voice.say(
            N_("There is no history: the site is in no git repository, or nothing is committed.")
        )
    if report.is_shallow:
        return voice.say(
            N_("This clone is shallow: its history begins late. git fetch --unshallow gets the rest.")
        )
    return voice.say(N_("Part of all texts that are there in each language, by month"))


def _outdated(
    text: TextCoverage,
    state: TranslationState,
    report: TranslationReport,
    now: datetime,
    names: dict[str, str],
    voice: Voice,
) -> OutdatedTranslation:
    gap = report.gaps[state.path]
    facts = [names[state.lang], behind(gap, now, voice)]
    facts += [voice.say(UNKNOWN)] if not gap.paragraphs else []
    facts += [voice.say(TOGETHER)] if gap.changed_together else []
    paragraphs = [
        ChangedParagraph(voice.say(CHANGES[diff.change.kind], place=diff.change.name), shown_parts(diff))
        for diff in gap.paragraphs
    ]
    return OutdatedTranslation(
        text.title, text.original.lang, " · ".join(facts), paragraphs, accept_command(text, state)
    )


def _row(text: TextCoverage, languages: Sequence[str], names: dict[str, str], voice: Voice) -> TextRow:
    states = {one.lang: one.status for one in text.states}
    marks = [
        Mark(_SIGNS[states[lang]], voice.say(_WORDS[states[lang]], language=names[lang]))
        if lang in states
        else Mark("–", voice.say(N_("{language}: original"), language=names[lang]))
        for lang in languages
    ]
    day = voice.day(text.day) if text.day else ""
    return TextRow(text.title, text.original.lang, text.original.path, day, marks)
