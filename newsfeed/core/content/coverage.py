"""Tell of every text and language whether there is a translation, and whether it is behind its original."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content.links import derive_stem
from newsfeed.core.content.staleness import find_changes
from newsfeed.model import Story

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from newsfeed.core.content.staleness import ParagraphChange
    from newsfeed.core.site.index import StoryRow
    from newsfeed.model import Content, Item, Library

COMPLETE, OUTDATED, MISSING = "complete", "outdated", "missing"
STATUSES = (COMPLETE, OUTDATED, MISSING)


class TranslationState(NamedTuple):
    """One language of a text."""

    lang: str
    status: str
    """One of `STATUSES`."""
    path: str
    """Of its file, or of the one that is to be written."""
    source: str = ""
    """The fingerprints that it notes, when it is outdated."""
    changes: Sequence[ParagraphChange] = ()
    """What has changed since, as far as it is known."""
    translators: tuple[str, ...] = ()


class TextOrigin(NamedTuple):
    """The original of a text."""

    path: str
    lang: str
    fingerprint: str = ""
    """Of everything in its file; empty where only rows were asked."""
    text_fingerprint: str = ""
    """Of its words; empty where only rows were asked."""


class TextCoverage(NamedTuple):
    """A text and its languages."""

    kind: str
    """Content folder."""
    id: str
    title: str
    original: TextOrigin
    day: date | None
    """Of a story."""
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    states: Sequence[TranslationState]
    """Of all languages but the original's."""


def list_coverage(
    library: Library, languages: Collection[str], stories: Iterable[str] | None = None
) -> Iterator[TextCoverage]:
    """Yield all texts that are to be translated, the newest story first.

    languages: of the editions; ``stories``: the ids of these; ``None``: of all.
    """
    for key in library.stories if stories is None else stories:
        story = library.stories[key]
        if story.withdrawn is None:
            yield _coverage("news", story, languages)
    yield from list_other_coverage(library, languages)


def list_other_coverage(library: Library, languages: Collection[str]) -> Iterator[TextCoverage]:
    """Yield all texts that are to be translated and are no stories."""
    tables: Sequence[tuple[str, Mapping[str, Content]]] = (
        ("projects", library.projects),
        ("programmes", library.programmes),
        ("pages", library.pages),
    )
    for kind, table in tables:
        for content in table.values():
            yield _coverage(kind, content, languages)


def list_coverage_of_rows(
    rows: Iterable[StoryRow], library: Library, languages: Collection[str]
) -> Iterator[TextCoverage]:
    """Yield stories, newest first; only those are looked at of which a translation is outdated.

    Who translated them is not known of the others.
    """
    paths = _paths_by_story(library.paths, languages)
    for row in rows:
        if row.withdrawn is not None:
            continue
        own = paths.get(row.id, {})
        if row.outdated or own.keys() != row.slugs.keys():
            yield _coverage("news", library.stories[row.id], languages)
        else:
            yield _coverage_of_row(row, own, languages)


def _paths_by_story(
    paths: Mapping[str, tuple[str, str]], languages: Collection[str]
) -> Mapping[str, dict[str, str]]:
    """Return id of a story → language → path, as far as a name says the language plainly."""
    found: dict[str, dict[str, str]] = {}
    for path, (kind, key) in paths.items():
        if kind == "news":
            lang = path[:-3].rpartition(".")[2]
            if lang in languages:
                found.setdefault(key, {})[lang] = path
    return found


def _coverage_of_row(row: StoryRow, paths: Mapping[str, str], languages: Collection[str]) -> TextCoverage:
    original = TextOrigin(paths[row.original], row.original)
    topics = tuple([section.key for section in row.sections if section.name == "topics"])
    states = [
        TranslationState(lang, COMPLETE, paths[lang])
        if lang in paths
        else TranslationState(lang, MISSING, _path_of_missing(original, lang))
        for lang in languages
        if lang != row.original
    ]
    return TextCoverage("news", row.id, row.title, original, row.date.date(), row.authors, topics, states)


def _coverage(kind: str, content: Content, languages: Collection[str]) -> TextCoverage:
    original = content.origin
    return TextCoverage(
        kind,
        content.id,
        original.title,
        TextOrigin(original.path, original.lang, original.fingerprint, original.text_fingerprint),
        content.date.date() if isinstance(content, Story) else None,
        content.authors if isinstance(content, Story) else (),
        getattr(content, "topics", ()),
        [_state(content, original, lang) for lang in languages if lang != content.original],
    )


def _state(content: Content, original: Item, lang: str) -> TranslationState:
    item = content.items.get(lang) or content.withheld.get(lang)
    if item is None:
        return TranslationState(lang, MISSING, _path_of_missing(original, lang))
    if not item.is_outdated:
        return TranslationState(lang, COMPLETE, item.path, translators=item.translators)
    changes = find_changes(item.source, original.paragraphs)
    return TranslationState(lang, OUTDATED, item.path, item.source, changes, item.translators)


def _path_of_missing(original: TextOrigin | Item, lang: str) -> str:
    """Return the path that a translation is to have."""
    ending = f".{original.lang}.md"
    is_plain = original.path.endswith(ending)
    stem = original.path.removesuffix(ending) if is_plain else derive_stem(original.path)
    return f"{stem}.{lang}.md"


@dataclass(frozen=True, slots=True)
class CoverageFilter:
    """The texts and languages somebody asks for; what is empty asks for all."""

    languages: Collection[str] = ()
    people: Collection[str] = ()
    """Authors or translators."""
    topics: Collection[str] = ()
    since: date | None = None
    """Stories of this day and later."""

    def asks_for(self, day: date | None, topics: Collection[str]) -> bool:
        """Tell whether somebody asks for texts of this day and topics."""
        if self.since and (day is None or day < self.since):
            return False
        return not self.topics or not set(topics).isdisjoint(self.topics)

    def apply(self, texts: Iterable[TextCoverage]) -> Iterator[TextCoverage]:
        """Yield the texts that are asked for, with the languages that are."""
        people = {name.casefold() for name in self.people}
        for text in texts:
            if not self.asks_for(text.day, text.topics):
                continue
            states = [one for one in text.states if not self.languages or one.lang in self.languages]
            if people and people.isdisjoint(name.casefold() for name in text.authors):
                states = [
                    one
                    for one in states
                    if not people.isdisjoint(name.casefold() for name in one.translators)
                ]
            if states:
                yield text if len(states) == len(text.states) else text._replace(states=states)


def pick_stories(
    rows: Iterable[StoryRow], languages: Sequence[str], wanted: CoverageFilter, most: Mapping[str, int]
) -> tuple[dict[str, Share], list[str]]:
    """Count the languages of stories, and return the ids of those that are to be shown, without looking at
    their texts.

    rows: newest first; ``languages``: of the editions; ``wanted``: without people, whom rows do not know;
    ``most``: status → how many of it are to be shown.
    """
    counts: dict[str, dict[str, int]] = {}
    left, picked = dict(most), dict[str, None]()
    for row in rows:
        if row.withdrawn is not None or not wanted.asks_for(
            row.date.date(), [one.key for one in row.sections if one.name == "topics"]
        ):
            continue
        for lang in languages:
            if lang == row.original or (wanted.languages and lang not in wanted.languages):
                continue
            status = OUTDATED if lang in row.outdated else COMPLETE if lang in row.slugs else MISSING
            counts.setdefault(lang, dict.fromkeys(STATUSES, 0))[status] += 1
            if left.get(status, 0) > 0:
                left[status] -= 1
                picked[row.id] = None
    return _shares(counts), list(picked)


class Share(NamedTuple):
    """Counts of one language's texts."""

    complete: int
    outdated: int
    missing: int

    @property
    def total(self) -> int:
        """Return how many there are."""
        return self.complete + self.outdated + self.missing


def count_states(texts: Iterable[TextCoverage]) -> dict[str, Share]:
    """Return language → how many of its texts are complete, outdated and missing."""
    counts: dict[str, dict[str, int]] = {}
    for text in texts:
        for state in text.states:
            found = counts.setdefault(state.lang, dict.fromkeys(STATUSES, 0))
            found[state.status] += 1
    return _shares(counts)


def add_shares(some: Mapping[str, Share], more: Mapping[str, Share]) -> dict[str, Share]:
    """Return the sums of two counts."""
    none = Share(0, 0, 0)
    return {
        lang: Share(*map(sum, zip(some.get(lang, none), more.get(lang, none), strict=True)))
        for lang in dict.fromkeys([*some, *more])
    }


def _shares(counts: Mapping[str, Mapping[str, int]]) -> dict[str, Share]:
    return {lang: Share(*(found[status] for status in STATUSES)) for lang, found in counts.items()}


# -- over time -----------------------------------------------------------------------------------


class FileEvent(NamedTuple):
    """A content file that came or went."""

    moment: datetime
    path: str
    is_there: bool
    """It came; else it went."""


class CoveragePoint(NamedTuple):
    """The coverage at the end of a month."""

    year: int
    month: int
    shares: Mapping[str, float]
    """Language → part of all texts that are there in it, from 0 to 1."""


def trace_coverage(
    events: Iterable[FileEvent], languages: Sequence[str], now: datetime
) -> list[CoveragePoint]:
    """Return the coverage at the end of every month in which files came or went, and now.

    events: oldest first; ``languages``: those that are counted.
    """
    texts: dict[str, set[str]] = {}
    counts = dict.fromkeys(languages, 0)
    points: list[CoveragePoint] = []
    for event in events:
        stem, lang = derive_stem(event.path), event.path.removesuffix(".md").rpartition(".")[2]
        if lang not in counts:
            continue
        there = texts.setdefault(stem, set())
        if event.is_there and lang not in there:
            there.add(lang)
            counts[lang] += 1
        elif not event.is_there and lang in there:
            there.discard(lang)
            counts[lang] -= 1
        if not there:
            del texts[stem]
        shares = {code: count / len(texts) if texts else 0.0 for code, count in counts.items()}
        point = CoveragePoint(event.moment.year, event.moment.month, shares)
        if points and points[-1][:2] == point[:2]:
            points[-1] = point
        else:
            points.append(point)
    if points and points[-1][:2] < (now.year, now.month):
        points.append(points[-1]._replace(year=now.year, month=now.month))
    return points
