"""Feeds of what waits for a translation, one for each language, for whoever translates into it."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from newsfeed.cli.output.translations import (
    accept_command,
    behind,
    language_name,
    said_of_begun,
    translate_command,
)
from newsfeed.core.content.coverage import COMPLETE, OUTDATED
from newsfeed.marking import N_
from newsfeed.render.feeds import feed_format
from newsfeed.views import FeedEntry, FeedView, TextReference

if TYPE_CHECKING:
    from newsfeed.app.translations import TranslationReport
    from newsfeed.cli.output.voice import Voice
    from newsfeed.core.content.coverage import TextCoverage, TranslationState

_MOST = 50
"""Entries of a feed: the newest."""


def name_feeds(report: TranslationReport, stem: str, voice: Voice) -> list[tuple[str, str]]:
    """Return (file, title) of the feeds beside a page. ``stem``: the name of its file without ending."""
    languages = dict.fromkeys(state.lang for text in report.texts for state in text.states)
    return [(f"{stem}.{lang}.atom", _title(lang, voice)) for lang in languages]


def make_feeds(
    report: TranslationReport, stem: str, page: str, now: datetime, voice: Voice
) -> dict[str, bytes]:
    """Return file → bytes of the feeds. ``page``: the address at which the page will lie."""
    folder = page.rpartition("/")[0]
    languages = dict.fromkeys(state.lang for text in report.texts for state in text.states)
    return {
        file: _feed(report, lang, f"{folder}/{file}", page, now, voice)
        for lang, (file, _) in zip(languages, name_feeds(report, stem, voice), strict=True)
    }


def _title(lang: str, voice: Voice) -> str:
    return voice.say(N_("Waiting for a translation: {language}"), language=language_name(lang, voice))


def _feed(
    report: TranslationReport, lang: str, address: str, page: str, now: datetime, voice: Voice
) -> bytes:
    waiting = [
        (text, state)
        for text in report.texts
        for state in text.states
        if state.lang == lang and state.status != COMPLETE
    ]
    entries = [_entry(report, text, state, page, now, voice) for text, state in waiting]
    entries = sorted(entries, key=lambda entry: entry.updated, reverse=True)[:_MOST]
    atom = feed_format("atom")
    view = FeedView(
        id=f"tag:{report.settings.site.authority}:waiting/{lang}",
        format="atom",
        lang=voice.lang,
        title=_title(lang, voice),
        description=_title(lang, voice),
        home=page,
        address=address,
        updated=max((entry.updated for entry in entries), default=_beginning(report)),
        author=report.settings.site.title.get(voice.lang),
    )
    written = atom.write_entries(
        [(entry, f"<p>{escape(entry.summary)}</p>") for entry in entries], voice.lang
    )
    return b"".join(atom.write_document(view, written))


def _entry(
    report: TranslationReport,
    text: TextCoverage,
    state: TranslationState,
    page: str,
    now: datetime,
    voice: Voice,
) -> FeedEntry:
    """Return an entry: a text that falls behind once more is a new one."""
    gap = report.gaps.get(state.path)
    changed = text.original.text_fingerprint if state.status == OUTDATED else ""
    known = gap.since if gap is not None else None
    day = datetime(text.day.year, text.day.month, text.day.day, tzinfo=UTC) if text.day else None
    moment = known or day or _beginning(report)
    said = behind(gap, now, voice) if gap is not None else voice.say(N_("missing"))
    command = accept_command(text, state) if gap is not None else translate_command(text, state)
    return FeedEntry(
        id=f"tag:{report.settings.site.authority}:waiting/{state.lang}/{text.kind}/{text.id}/{changed}",
        lang=voice.lang,
        direction="ltr",
        title=text.title,
        link=page,
        published=moment,
        updated=moment,
        authors=text.authors or (report.settings.site.title.get(voice.lang),),
        summary=said_of_begun(state, report, voice) or f"{said}: {command}",
        notice="",
        categories=(),
        enclosures=(),
        picture=None,
        body=TextReference(text.original.path, text.original.fingerprint, text.original.lang),
    )


def _beginning(report: TranslationReport) -> datetime:
    """Return a moment for what has none: since when the site names things."""
    return datetime(int(report.settings.site.authority.partition(",")[2][:4]), 1, 1, tzinfo=UTC)
