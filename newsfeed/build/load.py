"""The load verb: a source's files → the library, with every problem they have.

    paths ── group_by_content ─> the files of one text
          ── in this process: projects, programmes, pages ─> LibraryAssembly.join_others
          ── in several processes, story by story:
               read_text_file ─> ParsedFile, and its text, ready to be shown
               join_story     ─> JoinedStory
          ── LibraryAssembly.takes, LibraryStore.add ─> Library

Kind, text and language of a file follow from its path alone, so a story is read and joined at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from newsfeed.build.library_store import MANY, LibraryStore, MemoryStore, SqliteStore
from newsfeed.build.pool import ProcessPool
from newsfeed.build.stored_stories import change_stories
from newsfeed.core.content import parse as items
from newsfeed.core.content.clashes import (
    attribute_address_clashes,
    list_clashing_files,
    merge_id_clashes,
    without_follow_ups,
)
from newsfeed.core.content.directions import check_directions
from newsfeed.core.content.language_guess import guess_other_language
from newsfeed.core.content.library import LibraryAssembly, group_by_content, is_story, join_story
from newsfeed.core.content.links import LinkMap, derive_stem
from newsfeed.core.content.misnamed import find_misnamed
from newsfeed.core.content.reference_data import ReferenceData
from newsfeed.core.site.index import newest_first_key
from newsfeed.model import Link
from newsfeed.problems import Location, Problem, problem, select_errors
from newsfeed.render import bodies, markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.core.content.library import JoinedStory
    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.core.site.index import StoryRow
    from newsfeed.model import Library
    from newsfeed.ports import Source, Texts
    from newsfeed.settings import Settings

_FEW = 200
"""Files that are read sooner than processes are started."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The library that the site's files make, and what is wrong with them."""

    library: Library
    problems: tuple[Problem, ...]
    texts: int
    """Files read."""
    rows: tuple[StoryRow, ...]
    """Of all stories, newest first."""
    store: LibraryStore
    """Holds the texts, if they are to be shown."""


class TextFile(NamedTuple):
    """A content file after reading."""

    path: str
    parsed: ParsedFile | None
    """``None`` when it is empty, unreadable, or no text of an edition."""
    problems: list[Problem]
    text: bytes = b""
    """Its text as it will be shown (`newsfeed.render.bodies`), where somebody wants it."""
    written: bytes = b""
    """Its text as the author wrote it, where the site publishes Markdown."""


def load(
    source: Source,
    settings: Settings,
    vocabulary: Vocabulary,
    *,
    keep_going: bool = False,
    progress: Callable[[int], None] = lambda _: None,
    jobs: int = 1,
    words: Mapping[str, Texts] | None = None,
) -> Loaded:
    """Read everything. With ``keep_going`` the library holds only what has no error.

    progress: told how many files are read; it counts anew when some are left out.
    jobs: number of processes.
    words: of every language, to keep texts that will be shown; they are forgotten without.
    """
    assets = {asset.path: asset for asset in source.assets()}
    paths = sorted(source.paths())
    count = len(paths)
    now: _Round | None = _Round(tuple(paths))
    while now is not None:
        paths = [*now.paths]
        reference = ReferenceData(
            paths, LinkMap(set(paths), assets, settings.links.allow), assets, settings, now.unread, now.added
        )
        loading = _Loading(_StoryReader(source, settings, vocabulary, words, reference), progress)
        loaded = loading.load(ProcessPool(jobs if len(paths) > _FEW else 1))
        last, now = now, _next_round(now, loading, source, keep_going=keep_going)
    linked, site = loaded.library.link_sources, settings.site
    problems = last.attributed(loading, source)
    problems += find_misnamed(assets, linked, site.languages, site.default_language)
    return replace(loaded, problems=tuple(sorted(problems, key=lambda one: one.where.path)), texts=count)


@dataclass(frozen=True, slots=True)
class _Round:
    """One reading of the files: which of them, and what is known from the readings before."""

    paths: tuple[str, ...]
    told: tuple[Problem, ...] = ()
    """Of files that are left out now."""
    unread: tuple[items.UnreadFile, ...] = ()
    asked: frozenset[str] = frozenset()
    """Files of clashes, of which it was asked when they came into version control."""
    added: Mapping[str, float] = field(default_factory=dict)

    def without(self, paths: Collection[str], told: Iterable[Problem]) -> _Round:
        """Return a reading of other files, after these problems were told."""
        return replace(self, paths=tuple([one for one in self.paths if one not in paths]), told=tuple(told))

    def attributed(self, loading: _Loading, source: Source) -> list[Problem]:
        """Return all problems, each once and in the file that has the mistake."""
        told = set(self.told)
        return attribute_problems([*self.told, *(one for one in loading.problems if one not in told)], source)


def _next_round(last: _Round, loading: _Loading, source: Source, *, keep_going: bool) -> _Round | None:
    """Return the reading that has to follow another one; ``None`` when it told everything."""
    found = loading.problems
    if loading.unread:  # links were told that these files are there
        told = [*last.told, *(one for one in found if one.where.path in loading.unread)]
        notes = [items.note_unread(source.text(path)) for path in sorted(loading.unread)]
        return replace(last.without(loading.unread, told), unread=(*last.unread, *notes))
    asked = last.asked | list_clashing_files(found)
    if asked != last.asked and (added := source.added(asked)):
        return replace(last, asked=asked, added=added)
    if loading.losers:  # the text to which an id belongs came behind another one that claims it too
        gone = {path for path in last.paths if derive_stem(path) in loading.losers}
        told = [*last.told, *(one for one in found if one.code == "id-duplicate" or one.where.path in gone)]
        return last.without(gone, told)
    if not keep_going:
        return None
    problems = last.attributed(loading, source)
    bad = {one.where.path for one in select_errors(problems)}
    if not last.unread and bad.isdisjoint(last.paths):
        return None
    # what leans on these is told, and may go, too
    return replace(last.without(bad, problems), unread=())


def attribute_problems(problems: Sequence[Problem], source: Source) -> list[Problem]:
    """Return each problem once and where its cause is: of two texts with one address, at the newer one."""
    left = merge_id_clashes(without_follow_ups(problems))
    clashing = list_clashing_files(left)
    if not clashing:
        return left
    return attribute_address_clashes(left, source.added(clashing), lambda path: _text(source, path))


def _text(source: Source, path: str) -> str:
    return (source.text(path).data or b"").decode("utf-8", "replace")


class _FilesRead(NamedTuple):
    """The files of one text after reading and joining, but for what they say together."""

    texts: dict[str, bytes]
    problems: list[Problem]
    unread: set[str]
    """Files that say nothing."""


def _kept_texts(files: Iterable[TextFile]) -> Iterator[tuple[str, bytes]]:
    for file in files:
        if file.text:
            yield file.path, file.text
        if file.written:
            yield bodies.as_written(file.path), file.written


@dataclass(frozen=True, slots=True)
class _StoryReader:
    """Reads and joins the files of one story after the other, in any process."""

    source: Source
    settings: Settings
    vocabulary: Vocabulary
    words: Mapping[str, Texts] | None
    reference: ReferenceData

    def read(self, paths: Iterable[str]) -> tuple[list[ParsedFile], _FilesRead]:
        """Read the files of one text."""
        files = [
            read_text_file(self.source, path, self.settings, self.vocabulary, self.words) for path in paths
        ]
        return [file.parsed for file in files if file.parsed is not None], _FilesRead(
            dict(_kept_texts(files)),
            [problem for file in files for problem in file.problems],
            {file.path for file in files if file.parsed is None},
        )

    def read_story(self, paths: Sequence[str], others: Library) -> tuple[JoinedStory | None, _FilesRead]:
        """Read and join the files of a story."""
        parsed, files = self.read(paths)
        if not parsed:
            return None, files
        joined, problems = join_story(parsed, self.reference, others)
        return joined, files._replace(problems=files.problems + problems)


class _Loading:
    """Reads and joins all files once; its state is what they said so far."""

    def __init__(self, reader: _StoryReader, progress: Callable[[int], None]) -> None:
        self._reader = reader
        self._progress = progress
        self._files = 0
        self._assembly = LibraryAssembly(reader.reference)
        groups = group_by_content(reader.reference.texts)
        self._stories = [group for group in groups if is_story(group[0])]
        self._others = [group for group in groups if not is_story(group[0])]
        self._store: LibraryStore = SqliteStore() if len(self._stories) > MANY else MemoryStore()
        self.problems = self._assembly.problems
        self.losers = self._assembly.losers
        self.unread: set[str] = set()

    def load(self, pool: ProcessPool) -> Loaded:
        """Load all: other texts first, for stories refer to them."""
        read = [self._reader.read(group) for group in self._others]
        for group, (_, files) in zip(self._others, read, strict=True):
            self._gather(group, files)
            self._store.add_texts(files.texts)
        others = self._assembly.join_others(parsed for parsed, _ in read if parsed)
        rows = self._join_stories(pool, others)
        stories = self._store.finish(row.id for row in rows)
        library = self._assembly.library(others, stories)
        return Loaded(library, tuple(self.problems), self._files, rows, self._store)

    def _join_stories(self, pool: ProcessPool, others: Library) -> tuple[StoryRow, ...]:
        """Read and join all stories; return their rows, newest first."""
        self._reader.reference.links.sort_out()  # before processes are forked, which share it
        reader = self._reader
        rows: list[StoryRow] = []
        known: dict[Any, Any] = {}
        results = pool.map(lambda paths: reader.read_story(paths, others), self._stories)
        for group, (joined, files) in zip(self._stories, results, strict=True):
            self._gather(group, files)
            if joined is not None and self._assembly.register(joined.claims):
                rows.append(_sharing(joined.row, known))
                self._store.add(joined.story)
                self._store.add_texts(files.texts)
        return tuple(sorted(rows, key=newest_first_key))

    def _gather(self, paths: Sequence[str], files: _FilesRead) -> None:
        self.problems += files.problems
        self.unread |= files.unread
        for _ in paths:
            self._files += 1
            self._progress(self._files)


def _sharing(row: StoryRow, known: dict[Any, Any]) -> StoryRow:
    """Return an equal row that shares with others what many of them say, each of which came by itself."""
    share = known.setdefault
    return row._replace(
        slugs={share(lang, lang): slug for lang, slug in row.slugs.items()},
        authors=share(row.authors, row.authors),
        sections=tuple([share(one, one) for one in row.sections]),
    )


def without(loaded: Loaded, paths: Collection[str]) -> Loaded:
    """Return what was loaded without the stories and pages of these files."""
    library = loaded.library
    gone = {library.paths[path] for path in paths if path in library.paths}
    stories = change_stories(library.stories, {}, [key for kind, key in gone if kind == "news"])
    pages = {key: one for key, one in library.pages.items() if ("pages", key) not in gone}
    rows = tuple(row for row in loaded.rows if ("news", row.id) not in gone)
    return replace(loaded, library=replace(library, stories=stories, pages=pages), rows=rows)


def read_text_file(
    source: Source,
    path: str,
    settings: Settings,
    vocabulary: Vocabulary,
    words: Mapping[str, Texts] | None = None,
) -> TextFile:
    """Read one file, without its body: that stays on the disk. With the ``words`` of every language its text
    is made ready to be shown.
    """
    raw = source.text(path)
    parsed, problems = items.parse_file(raw, settings, vocabulary)
    if parsed is None or parsed.item is None:
        return TextFile(path, parsed, problems)
    text = written = b""
    if words is None:
        outline = markdown.outline(parsed.body)
    else:
        outline, html = markdown.read(parsed.body, summarised=bool(parsed.item.summary))
        text = bodies.packed(bodies.with_link_slots(html, words[parsed.lang]))
        if settings.output.markdown and is_story(path):
            written = parsed.body.encode()
    above = parsed.body_line - 1
    links = tuple([Link(one[0], above + one[1], *one[2:]) for one in outline.links])
    unseen = tuple([one._replace(line=above + one.line) for one in outline.unseen_links])
    problems += [
        problem(remark.code, Location(raw.path, above + remark.line, remark.column), **dict(remark.params))
        for remark in outline.remarks
    ]
    problems += check_directions(parsed)
    if other := guess_other_language(parsed.body, parsed.lang):
        where = Location(path, parsed.body_line)
        problems.append(problem("language-differs", where, value=other, language=parsed.lang))
    item = parsed.item
    if not item.summary:
        item = replace(item, summary=outline.first_paragraph, summary_is_own=False)
    parsed = replace(parsed, item=item, links=links, unseen_links=unseen, anchors=outline.anchors, body="")
    return TextFile(path, parsed, problems, text, written)
