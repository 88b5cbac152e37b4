"""Output about a site as those who write for it ask for it: commit, build, texts, translations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsfeed.cli.output.moments import format_moment
from newsfeed.cli.output.publications import short
from newsfeed.cli.output.terminal import visible
from newsfeed.cli.output.translations import language_name
from newsfeed.cli.output.unpublished import unpublished_sentences
from newsfeed.marking import N_, NN_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime, tzinfo

    from newsfeed.app.desk_status import DeskStatus, TextStatus
    from newsfeed.cli.output.voice import Voice
    from newsfeed.core.content.coverage import Share

_COMMIT = N_("last commit: {commit}, {moment}: {subject}")
_BUILT = N_("last build in {folder}: {moment}")
_UNBUILT = N_("last build: none in {folder} yet")
_UNCOMMITTED = NN_("{number} file is not committed", "{number} files are not committed")
_EXPIRING = NN_("{number} story expires, on {day}", "{number} stories expire, the first on {day}")
_ERRORS = NN_(
    "{number} error keeps texts out of the next build; newsfeed check shows it",
    "{number} errors keep texts out of the next build; newsfeed check shows them",
)
_WAITING = N_("translations into {language}: {counts}")
_MISSING = NN_("{number} is missing", "{number} are missing")
_OUTDATED = NN_("{number} is behind its original", "{number} are behind their originals")
_STORIES = NN_("{number} story by now", "{number} stories by now")
_READERS = NN_("{number} reader", "{number} readers")


def desk_as_data(desk: DeskStatus) -> dict[str, Any]:
    """Return how texts and builds stand as data."""
    commit, texts = desk.commit, desk.texts
    return {
        "commit": commit and {"id": commit.id, "at": commit.moment.isoformat(), "subject": commit.subject},
        "uncommitted": desk.uncommitted,
        "built": {"folder": desk.output, "at": desk.built.isoformat() if desk.built else ""},
        "texts": texts and _texts_as_data(texts),
    }


def _texts_as_data(texts: TextStatus) -> dict[str, Any]:
    unpublished, expiring = texts.unpublished, texts.expiring
    return {
        "errors": texts.errors,
        "drafts": unpublished.drafts,
        "scheduled": unpublished.scheduled,
        "next_due": _day(unpublished.next_due),
        "expiring": expiring.number,
        "next_expiry": _day(expiring.first),
        "expired": unpublished.expired,
        "withdrawn": unpublished.withdrawn,
        "translations": {lang: share._asdict() for lang, share in texts.translations.items()},
    }


def _day(day: object) -> str:
    return str(day or "")


def desk_lines(desk: DeskStatus, zone: tzinfo, now: datetime, voice: Voice) -> Iterator[str]:
    """Yield the last commit and build, and what is not public, expires or waits for translators."""
    if desk.commit is not None:
        words = {"commit": short(desk.commit.id), "subject": visible(desk.commit.subject)}
        yield voice.say(_COMMIT, moment=format_moment(desk.commit.moment, zone, now, voice), **words)
    if desk.uncommitted:
        yield voice.count(*_UNCOMMITTED, desk.uncommitted)
    if desk.built is None:
        yield voice.say(_UNBUILT, folder=visible(desk.output))
    else:
        moment = format_moment(desk.built, zone, now, voice)
        yield voice.say(_BUILT, folder=visible(desk.output), moment=moment)
    if desk.texts is not None:
        yield from _text_lines(desk.texts, voice)


def _text_lines(texts: TextStatus, voice: Voice) -> Iterator[str]:
    if texts.errors:
        yield voice.count(*_ERRORS, texts.errors)
    yield from unpublished_sentences(texts.unpublished, voice)
    if texts.expiring.number:
        yield voice.count(*_EXPIRING, texts.expiring.number, day=texts.expiring.first)
    yield from _translation_lines(texts.translations, voice)


def _translation_lines(shares: Mapping[str, Share], voice: Voice) -> Iterator[str]:
    for lang, share in shares.items():
        counts = [(_OUTDATED, share.outdated), (_MISSING, share.missing)]
        said = [voice.count(*forms, number) for forms, number in counts if number]
        if said:
            yield voice.say(_WAITING, language=language_name(lang, voice), counts=", ".join(said))


def upcoming_in_words(stories: int | None, readers: int | None, voice: Voice) -> str:
    """Return how many stories an issue has by now, and how many people get it, as far as that is known."""
    said = [
        voice.count(*forms, number)
        for forms, number in ((_STORIES, stories), (_READERS, readers))
        if number is not None
    ]
    return ", ".join(said)
