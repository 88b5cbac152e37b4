"""Move the texts of an archive into a site: read twice, arrange in between, write what is new.

The first reading keeps no bodies, so that an archive may be larger than the memory. A second run changes
nothing; a file that somebody has changed since is left as it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from newsfeed.core.arriving.addresses import key_of_url
from newsfeed.core.arriving.arrange import arrange
from newsfeed.core.arriving.compose import compose_file
from newsfeed.core.arriving.fresh_config import feed_redirects
from newsfeed.core.arriving.mapping import WordMapping
from newsfeed.core.arriving.moved_text import Doubt
from newsfeed.editorial.arriving.bodies import BodyMover
from newsfeed.editorial.arriving.known_texts import survey_site
from newsfeed.editorial.arriving.report import MovedFileState, MoveReport
from newsfeed.editorial.arriving.travelling_files import TravellingFiles, absolute
from newsfeed.editorial.arriving.words import WordFinder, plain_text
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from newsfeed.core.arriving.moved_text import Destination, MovedText, OldFeed, OldList
    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.editorial.arriving.travelling_files import Fetch
    from newsfeed.ports import Source
    from newsfeed.settings import Settings

UNNAMED = N_("files that no text names are not taken along, and their addresses end: {number}")
_MOST_NAMES = 20
KEPT = N_("{path} was changed since it was moved in; it stays as it is")


class Archive(Protocol):
    """The texts of another program, and the files beside them."""

    base_url: str
    """Of the site it was; empty when nobody knows."""
    title: str
    """Of that site, perhaps as HTML; empty when nobody knows."""
    description: str

    @property
    def language(self) -> str:
        """Return the site's own language; empty when nobody knows."""
        ...

    doubts: list[Doubt]
    """About what could not be read, since the texts were asked for last."""

    def texts(self) -> Iterator[MovedText]:
        """Yield all texts, in an order that is always the same, anew each time."""
        ...

    def old_feeds(self) -> Iterable[OldFeed]:
        """Return the feeds that readers have; asked for after the texts."""
        ...

    def find(self, origin: str, target: str) -> str:
        """Return the name of the archive's file that a text at ``origin`` means by a target; else nothing."""
        ...

    def old_lists(self) -> Iterable[OldList]:
        """Return the lists of texts there were; asked for after the texts."""
        ...

    def unnamed_files(self) -> list[str]:
        """Return the files that nobody has found by a target of a text so far."""
        ...

    def read(self, name: str) -> bytes:
        """Return the bytes of one of its files. Raises `OutsideError`."""
        ...


class WritableSource(Protocol):
    """The site's content folders, to read and to write."""

    def create(self, path: str, data: bytes) -> None:
        """Write a new file."""
        ...

    def rewrite(self, path: str, before: bytes, after: bytes) -> None:
        """Give a file other bytes."""
        ...

    def has(self, path: str) -> bool:
        """Tell whether there is such a file."""
        ...

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        ...


class MoveJournal(Protocol):
    """Remembers which bytes were moved into which file."""

    def hash_of(self, path: str) -> str:
        """Return the hash of what was last written; empty when nothing was."""
        ...

    def note(self, path: str, hashed: str) -> None:
        """Keep the hash of what is about to be written."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOptions:
    """Wishes for a move."""

    mapping: WordMapping = field(default_factory=WordMapping)
    lang: str = ""
    """Of texts that name no language."""
    undated: date | None = None
    """The date of texts that have none; without it they are left out."""
    fetch: Fetch | None = None
    """Fetches a picture from the web; ``None``: pictures stay where they are."""
    known_ids: Mapping[str, str] = field(default_factory=dict)
    """Address, as `key_of_url` writes it → id in the feed that readers have."""
    now: datetime | None = None
    """Tells which texts of the archive are public; ``None``: all count as such."""
    write: bool = False


@dataclass(frozen=True, slots=True)
class MoveContext:
    """The site that an archive moves into."""

    settings: Settings
    vocabulary: Vocabulary
    source: Source
    folder: WritableSource
    journal: MoveJournal


def move_in(
    archive: Archive,
    context: MoveContext,
    options: MoveOptions,
    progress: Callable[[int], None] = lambda _: None,
) -> MoveReport:
    """Move an archive into a site, or say what that would do; return what became of every text."""
    report = MoveReport()
    words = WordFinder(context.settings, context.vocabulary, options.mapping, options.lang)
    files = TravellingFiles(archive, context, options.fetch, write=options.write)
    texts = [_known_words(text, archive, words, options, files, report) for text in archive.texts()]
    report.doubts += archive.doubts
    if unnamed := archive.unnamed_files():
        names = ", ".join(unnamed[:_MOST_NAMES]) + (" …" if len(unnamed) > _MOST_NAMES else "")
        report.doubts.append(Doubt(names, Sentence(UNNAMED, number=len(unnamed))))
    report.lost_feeds = _lost_feeds(archive, words, context.settings)
    ground = survey_site(context.source, context.settings, context.vocabulary)
    found = arrange(texts, files.owners, replace(ground, now=options.now))
    report.doubts += found.doubts
    report.had["stories"] = len({one.story for one in found.destinations.values()})
    report.had["remote-pictures"] = files.remote
    bodies = BodyMover(archive, texts, found.destinations, files, context)
    waiting = _OriginalsFirst()
    for number, full in enumerate(archive.texts()):
        progress(number)
        text = replace(texts[number], body=full.body)
        destination = found.destinations.get(number)
        if destination is None:
            report.files.append(MovedFileState(text.origin, text.title, text.lang, "", "left-out"))
            continue
        arriving = bodies.move(number, text, words, report)
        data = compose_file(arriving, context.settings.site.timezone).encode()
        for one in waiting.ready(_Composed(text, destination, data)):
            _write_text(one, context, options, report)
    return report


class _Composed(NamedTuple):
    """A text in our words, to be written."""

    text: MovedText
    destination: Destination
    data: bytes


class _OriginalsFirst:
    """Keeps translations back until their original is there: it holds the id of the story, and a move that
    is stopped in between would find another.
    """

    def __init__(self) -> None:
        self._there: set[str] = set()
        self._kept: dict[str, list[_Composed]] = {}

    def ready(self, one: _Composed) -> list[_Composed]:
        """Return what can be written now that this text is known, in its order."""
        story = one.destination.story
        if one.destination.is_original:
            self._there.add(story)
            return [one, *self._kept.pop(story, [])]
        if story in self._there:
            return [one]
        self._kept.setdefault(story, []).append(one)
        return []


def _write_text(one: _Composed, context: MoveContext, options: MoveOptions, report: MoveReport) -> None:
    text, destination, data = one
    state = _write(destination, data, context, options)
    if state == "kept":
        report.doubts.append(Doubt(text.origin, Sentence(KEPT, path=destination.path)))
    report.files.append(
        MovedFileState(text.origin, text.title, text.lang, destination.path, state, len(destination.aliases))
    )


def _lost_feeds(archive: Archive, words: WordFinder, settings: Settings) -> dict[str, str]:
    """Return the feeds that readers have and that lead nowhere yet, each with the one to take its place."""
    known = {one.written.strip("/") for one in settings.redirects}
    found = feed_redirects(archive.old_feeds(), words.language, settings.languages)
    return {old: new for old, new in found.items() if old.strip("/") not in known}


def _known_words(
    text: MovedText,
    archive: Archive,
    words: WordFinder,
    options: MoveOptions,
    files: TravellingFiles,
    report: MoveReport,
) -> MovedText:
    """Return a text without its body, in the site's words; note what it has."""
    number = report.had["texts"]
    files.look_at(number, text)
    known_id = next(
        (
            options.known_ids[key]
            for url in text.urls
            if (key := key_of_url(absolute(text, url, archive.base_url))) in options.known_ids
        ),
        "",
    )
    text = replace(
        text,
        body="",
        guid=known_id or text.guid,
        title=plain_text(text.title) if text.is_html else text.title,
        lang=words.language(text.lang),
        date=text.date or (options.undated if text.kind == "news" else None),
    )
    report.had["texts"] += 1
    report.had["addresses"] += len(text.urls)
    report.had["ids"] += bool(text.guid)
    report.languages[text.lang] += 1
    report.categories.update(dict.fromkeys(text.categories, 1))
    return text


def decide_file(before: bytes | None, after: bytes, noted: str) -> str:
    """Decide about one file: ``written``, ``updated``, ``unchanged`` or ``kept``. ``noted``: hash of what was
    moved into it before.
    """
    if before is None:
        return "written"
    if before == after:
        return "unchanged"
    return "updated" if noted and hash_of(before) == noted else "kept"


def hash_of(data: bytes) -> str:
    """Return the hash by which the journal knows some bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _write(destination: Destination, data: bytes, context: MoveContext, options: MoveOptions) -> str:
    path, folder = destination.path, context.folder
    before = folder.read(path) if folder.has(path) else None
    state = decide_file(before, data, context.journal.hash_of(path))
    if options.write and state in ("written", "updated"):
        context.journal.note(path, hash_of(data))
        if before is None:
            folder.create(path, data)
        else:
            folder.rewrite(path, before, data)
    return state


def unknown_topics(report: MoveReport, known: Sequence[str]) -> list[str]:
    """Return the topics that texts would have and the site has not."""
    return sorted(set(report.unknown_topics) - set(known))
