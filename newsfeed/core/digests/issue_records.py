"""Public records of sent issues, ``issues/<digest>/<key>.json``: a build makes their pages and feeds of them.

A record is for nobody in particular: it holds what a reader got who had every issue before, and no name,
token or address. It is written once and is never changed.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsfeed.core.content.source_text import FORBIDDEN_CHARACTERS, join_lines
from newsfeed.records import PublishedEdition, PublishedEntry, PublishedGroup, PublishedIssue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from newsfeed.core.digests.slots import Slot
    from newsfeed.views import DigestView

_PATH = re.compile(r"(?:[^/\\\x00-\x20:?#%<>\"]+/)*[^/\\\x00-\x20:?#%<>\"]+")
_KEY = re.compile(r"\d{4}-\d\d-\d\d(?:-\d{4})?")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def name_issue(slot: Slot, planned: Collection[str]) -> str:
    """Return the name of an issue in addresses: its day, with the time where another one has that day.

    ``planned``: keys of the slots that have an issue.
    """
    day = slot.day.isoformat()
    taken = any(key != slot.key and key.startswith(day) for key in planned)
    return f"{day}-{slot.at:%H%M}" if taken else day


def make_record(
    digest: str, slot: Slot, key: str, views: Iterable[DigestView], paths: Mapping[tuple[str, str], str]
) -> PublishedIssue:
    """Return the record of an issue.

    ``views``: of each edition that shows something; ``paths``: (edition, story) → output path of its page.
    """
    return PublishedIssue(
        digest, key, slot.key, slot.instant, {view.lang: _edition(view, paths) for view in views}
    )


def _edition(view: DigestView, paths: Mapping[tuple[str, str], str]) -> PublishedEdition:
    groups = tuple(
        PublishedGroup(
            group.heading,
            group.heading_lang,
            tuple(
                PublishedEntry(
                    entry.story,
                    entry.fallback.lang if entry.fallback else view.lang,
                    paths[view.lang, entry.story],
                    entry.title,
                    entry.summary,
                )
                for entry in group.entries
            ),
        )
        for group in view.groups
    )
    note, note_lang = (view.note.html, view.note.lang) if view.note else ("", "")
    return PublishedEdition(view.lang, view.subject, view.title, view.intro, note, note_lang, groups)


def encode_record(issue: PublishedIssue) -> bytes:
    """Return a record as bytes: the same for the same issue, and easy to compare."""
    editions = {lang: _encoded(edition) for lang, edition in issue.editions.items()}
    said = {"slot": issue.slot, "instant": issue.instant.astimezone(UTC).strftime(_MOMENT)}
    return (json.dumps({**said, "editions": editions}, ensure_ascii=False, indent=1) + "\n").encode()


def _encoded(edition: PublishedEdition) -> dict[str, Any]:
    values: dict[str, Any] = {"subject": edition.subject, "title": edition.title}
    values |= {"intro": edition.intro, "note": edition.note, "note_lang": edition.note_lang}
    values["groups"] = [
        {
            "heading": group.heading,
            "heading_lang": group.heading_lang,
            "entries": [entry._asdict() for entry in group.entries],
        }
        for group in edition.groups
    ]
    return values


def decode_record(digest: str, key: str, data: bytes, languages: Collection[str]) -> PublishedIssue:
    """Read a record. Raises `ValueError`, `KeyError` or `TypeError` when it is none: it may be a stranger's.

    ``languages``: those of the site; what is in others is left out.
    """
    if not _NAME.fullmatch(digest) or not _KEY.fullmatch(key):
        raise ValueError(key)
    values = _table(json.loads(data.decode()))
    editions = {
        lang: _decoded(lang, _table(edition), languages)
        for lang, edition in _table(values["editions"]).items()
        if lang in languages
    }
    instant = datetime.strptime(_text(values, "instant"), _MOMENT).replace(tzinfo=UTC)
    return PublishedIssue(digest, key, _text(values, "slot"), instant, editions)


def _decoded(lang: str, values: Mapping[str, Any], languages: Collection[str]) -> PublishedEdition:
    return PublishedEdition(
        lang,
        _text(values, "subject"),
        _text(values, "title"),
        _text(values, "intro"),
        FORBIDDEN_CHARACTERS.sub("", str(values.get("note", ""))),
        _lang(values, "note_lang", "", languages),
        tuple(_group(_table(group), lang, languages) for group in _list(values["groups"])),
    )


def _group(values: Mapping[str, Any], lang: str, languages: Collection[str]) -> PublishedGroup:
    entries = (_entry(_table(entry), lang, languages) for entry in _list(values["entries"]))
    heading_lang = _lang(values, "heading_lang", "", languages)
    return PublishedGroup(_text(values, "heading"), heading_lang, tuple(entries))


def _entry(values: Mapping[str, Any], lang: str, languages: Collection[str]) -> PublishedEntry:
    path = _text(values, "path")
    if not _PATH.fullmatch(path) or {".", ".."} & set(path.split("/")):
        raise ValueError(path)
    return PublishedEntry(
        _text(values, "story"),
        _lang(values, "lang", lang, languages),
        path,
        _text(values, "title"),
        _text(values, "summary"),
    )


def _text(values: Mapping[str, Any], key: str) -> str:
    text = values.get(key, "")
    if not isinstance(text, str):
        raise TypeError(key)
    return join_lines(FORBIDDEN_CHARACTERS.sub("", text))


def _lang(values: Mapping[str, Any], key: str, usual: str, languages: Collection[str]) -> str:
    lang = _text(values, key)
    return lang if lang in languages else usual


def _table(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value
