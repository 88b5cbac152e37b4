"""The load verb: a source's files → the library, with every problem they have."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from newsfeed.core.content import parse as items
from newsfeed.core.content.disputes import list_disputed_files, settle_addresses, without_follow_ups
from newsfeed.core.content.library import assemble
from newsfeed.core.content.links import derive_stem
from newsfeed.core.content.packing import (
    MemoryStore,
    PackedFile,
    PackedStoryCollector,
    changed_stories,
    pack_file,
)
from newsfeed.model import Link
from newsfeed.problems import Location, Problem, problem, select_errors
from newsfeed.render import bodies, markdown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from newsfeed.build.cache.text_store import ByteRange, TextStore
    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.core.content.packing import File
    from newsfeed.core.content.parse import ParsedFile, UnreadFile
    from newsfeed.core.site.index import StoryRow
    from newsfeed.model import Library
    from newsfeed.ports import Source, Spread, Texts
    from newsfeed.settings import Settings


T = TypeVar("T")
R = TypeVar("R")
_FileResult = tuple["PackedFile | UnreadFile | str | None", list["Problem"], Sequence["ByteRange"]]
"""What is known of one file, packed: it comes from another process, and waits for all others. Where there is
a text store, text and file lie there, and its language stands for it.
"""


def one_after_the_other(items: Sequence[T], work: Callable[[T], R]) -> Iterator[R]:
    """All in this process: a `newsfeed.ports.Spread`."""
    return map(work, items)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the site's files say, and what is wrong with them."""

    library: Library
    problems: tuple[Problem, ...]
    texts: int
    """Files read."""
    rows: tuple[StoryRow, ...]
    """Of all stories, newest first."""


class TextFile(NamedTuple):
    """A content file after reading: what it says, and what is wrong with it."""

    parsed: ParsedFile | None
    problems: list[Problem]
    text: bytes = b""
    """Its text as it will be shown (`newsfeed.render.bodies`), where somebody wants it."""


@dataclass(frozen=True, slots=True)
class TextKeeping:
    """Where texts and stories go when they are read, until they are shown."""

    text_store: TextStore
    words: Mapping[str, Texts]
    """Of every language."""
    stories: TextStore
    """Where to keep these, packed: for longer than the texts."""


class _StoredFile(NamedTuple):
    """A packed file in the text store."""

    path: str
    lang: str
    place: ByteRange
    text_store: TextStore

    @property
    def kind(self) -> str:
        """See `newsfeed.core.content.parse.ParsedFile`."""
        return self.path.partition("/")[0]

    @property
    def stem(self) -> str:
        """Content path without language and ending, which all translations share."""
        return derive_stem(self.path)

    def unpacked(self) -> ParsedFile:
        """What it says."""
        return PackedFile(
            self.path, self.kind, self.stem, self.lang, self.text_store.at(self.place)
        ).unpacked()


def load(
    source: Source,
    settings: Settings,
    words: Vocabulary,
    *,
    keep_going: bool = False,
    progress: Callable[[int], None] | None = None,
    spread: Spread = one_after_the_other,
    keeping: TextKeeping | None = None,
) -> Loaded:
    """Read everything once. With ``keep_going`` the library holds only what has no error.

    ``spread``: does the work on many files at once; ``keeping``: where to keep texts that will be
    shown; they are forgotten without.
    """
    files, unread, problems = _read_all(source, settings, words, progress, spread, keeping)
    assets = {asset.path: asset for asset in source.assets()}
    packing = PackedStoryCollector(keeping.stories if keeping else MemoryStore())

    def join(files: Sequence[File], unread: Sequence[UnreadFile] = ()) -> tuple[Library, list[Problem]]:
        library, found = assemble(files, assets, settings, packing, spread, unread=unread)
        disputed = list_disputed_files(found)
        if disputed and (added := source.added(disputed)):
            library, found = assemble(files, assets, settings, packing, spread, unread=unread, added=added)
        return library, settle(found, source)

    library, found = join(files, unread)
    problems = without_follow_ups([*problems, *found])
    if keep_going:
        library, problems = _without_errors(files, unread, join, library, problems)
    return Loaded(library, tuple(problems), len(files) + len(unread), packing.rows)


def _read_all(
    source: Source,
    settings: Settings,
    words: Vocabulary,
    progress: Callable[[int], None] | None,
    spread: Spread,
    keeping: TextKeeping | None,
) -> tuple[list[File], list[UnreadFile], list[Problem]]:
    """Return every file, packed, those that cannot be read, and what is wrong with each by itself."""
    paths = sorted(source.paths())
    files: list[File] = []
    unread: list[UnreadFile] = []
    problems: list[Problem] = []

    def work(path: str) -> _FileResult:
        text_file = read_text_file(source, path, settings, words, keeping.words if keeping else None)
        if text_file.parsed is None:
            return items.note_unread(source.text(path)), text_file.problems, ()
        file = pack_file(text_file.parsed)
        if keeping is None:
            return file, text_file.problems, ()
        return file.lang, text_file.problems, keeping.text_store.add(text_file.text, file.data)

    for number, (path, (file, found, places)) in enumerate(zip(paths, spread(paths, work), strict=True), 1):
        problems += found
        if isinstance(file, str) and keeping is not None:
            keeping.text_store.note(path, places[0])
            files.append(_StoredFile(path, sys.intern(file), places[1], keeping.text_store))
        elif isinstance(file, PackedFile):
            files.append(file)
        elif isinstance(file, items.UnreadFile):
            unread.append(file)
        if progress is not None:
            progress(number)
    return files, unread, problems


def settle(problems: Sequence[Problem], source: Source) -> list[Problem]:
    """Return problems about addresses once for two texts, at the newer one (`settle_addresses`)."""
    disputed = list_disputed_files(problems)
    if not disputed:
        return [*problems]
    return settle_addresses(
        problems,
        source.added(disputed),
        lambda path: (source.text(path).data or b"").decode("utf-8", "replace"),
    )


def without(loaded: Loaded, paths: Collection[str]) -> Loaded:
    """Return what was loaded without the stories and pages of these files."""
    library = loaded.library
    gone = {library.paths[path] for path in paths if path in library.paths}
    stories = changed_stories(library.stories, {}, [key for kind, key in gone if kind == "news"])
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
        return TextFile(parsed, problems)
    if words is None:
        outline, text = markdown.outline(parsed.body), b""
    else:
        outline, html = markdown.read(parsed.body, summarised=bool(parsed.item.summary))
        text = bodies.packed(bodies.with_link_slots(html, words[parsed.lang]))
    above = parsed.body_line - 1
    links = tuple([Link(one[0], above + one[1], *one[2:]) for one in outline.links])
    problems += [
        problem(remark.code, Location(raw.path, above + remark.line, remark.column), **dict(remark.params))
        for remark in outline.remarks
    ]
    item = parsed.item
    if not item.summary:
        item = replace(item, summary=outline.first_paragraph, summary_is_own=False)
    return TextFile(replace(parsed, item=item, links=links, body=""), problems, text)


def _without_errors(
    files: Sequence[File],
    unread: Sequence[UnreadFile],
    join: Callable[[Sequence[File]], tuple[Library, list[Problem]]],
    library: Library,
    problems: list[Problem],
) -> tuple[Library, list[Problem]]:
    """Leave out files with errors until the rest has none: what leans on them goes too."""
    kept = list(files)
    if unread:  # what leans on them is left out, too
        library, found = join(kept)
        problems = [*problems, *(one for one in found if one not in problems)]
    while bad := {found.where.path for found in select_errors(problems)} & {one.path for one in kept}:
        kept = [file for file in kept if file.path not in bad]
        library, found = join(kept)
        problems = [*problems, *(one for one in found if one not in problems)]
    return library, problems
