"""The load verb: a source's files → the library, with every problem they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core import items
from newsfeed.core.library import assemble
from newsfeed.core.packing import Stories, changed_stories, pack_file
from newsfeed.problems import Location, Problem, errors_in, problem
from newsfeed.render import bodies, markdown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from newsfeed.core.facts import Vocabulary
    from newsfeed.core.items import Parsed
    from newsfeed.core.packing import PackedFile
    from newsfeed.model import Asset, Library
    from newsfeed.ports import Source, Words
    from newsfeed.settings import Settings
    from newsfeed.spool import Place, Spool


Spread = Callable[[Sequence[str], Callable[[str], "Noted"]], "Iterable[Noted]"]
"""(paths, what to do with each) → the results in their order."""
Noted = tuple["PackedFile | None", list["Problem"], "Place | None"]
"""What is told of one file, packed: it comes from another process, and waits for all others."""


def _one_after_the_other(paths: Sequence[str], work: Callable[[str], Noted]) -> Iterator[Noted]:
    return map(work, paths)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the site's files say, and what is wrong with them."""

    library: Library
    problems: tuple[Problem, ...]
    texts: int
    """Files read."""


class Told(NamedTuple):
    """What one file says by itself, and what is wrong with it."""

    parsed: Parsed | None
    problems: list[Problem]
    place: Place | None = None
    """Where its text is kept."""


@dataclass(frozen=True, slots=True)
class Spooler:
    """Where texts are put as they are read, ready to be shown."""

    spool: Spool
    words: Mapping[str, Words]
    """Of every language."""

    def keep(self, html: str, lang: str) -> Place:
        """Put a text there: its clean HTML, and its language."""
        return self.spool.add(bodies.packed(bodies.gapped(html, self.words[lang])))


def load(
    source: Source,
    settings: Settings,
    words: Vocabulary,
    *,
    keep_going: bool = False,
    progress: Callable[[int], None] | None = None,
    spread: Spread = _one_after_the_other,
    spooler: Spooler | None = None,
) -> Loaded:
    """Read everything once. With ``keep_going`` the library holds only what has no error.

    ``spread``: does the work on many files at once; ``spooler``: where texts are kept that will be shown.
    """
    files: list[PackedFile] = []
    problems: list[Problem] = []
    number = 0
    paths = sorted(source.paths())

    def work(path: str) -> Noted:
        told = tell(source, path, settings, words, spooler)
        return pack_file(told.parsed) if told.parsed is not None else None, told.problems, told.place

    for number, (file, found, place) in enumerate(spread(paths, work), 1):
        files += [file] if file is not None else []
        problems += found
        if spooler is not None and place is not None:
            spooler.spool.note(paths[number - 1], place)
        if progress is not None:
            progress(number)
    assets = {asset.path: asset for asset in source.assets()}
    library, found = assemble(files, assets, settings, gather=Stories.newest_first)
    problems += found
    if keep_going:
        library, problems = _without_errors(files, assets, settings, library, problems)
    return Loaded(library, tuple(problems), number)


def without(library: Library, paths: Collection[str]) -> Library:
    """A library without the stories and pages that these files tell."""
    gone = {library.paths[path] for path in paths if path in library.paths}
    stories = changed_stories(library.stories, {}, [key for kind, key in gone if kind == "news"])
    pages = {key: one for key, one in library.pages.items() if ("pages", key) not in gone}
    return replace(library, stories=stories, pages=pages)


def tell(
    source: Source, path: str, settings: Settings, words: Vocabulary, spooler: Spooler | None = None
) -> Told:
    """Read one file, without its body: that stays on the disk, or is kept elsewhere."""
    raw = source.text(path)
    parsed, problems = items.parse(raw, settings, words)
    if parsed is None or parsed.item is None:
        return Told(parsed, problems)
    place = None
    if spooler is None:
        outline = markdown.outline(parsed.body)
    else:
        outline, html = markdown.read(parsed.body)
        place = spooler.keep(html, parsed.lang)
    above = parsed.body_line - 1
    links = tuple([link._replace(line=link.line + above) for link in outline.links])
    problems += [
        problem("html-removed", Location(raw.path, above + line, column), value=name)
        for name, line, column in outline.refused
    ]
    own = parsed.item.summary
    summary = own or outline.first_paragraph
    item = replace(parsed.item, summary=summary, summary_is_own=bool(own))
    return Told(replace(parsed, item=item, links=links, body=""), problems, place)


def _without_errors(
    files: Sequence[PackedFile],
    assets: Mapping[str, Asset],
    settings: Settings,
    library: Library,
    problems: list[Problem],
) -> tuple[Library, list[Problem]]:
    """Leave out files with errors until the rest has none: what leans on them goes too."""
    kept = list(files)
    while bad := {found.where.path for found in errors_in(problems)} & {one.path for one in kept}:
        kept = [file for file in kept if file.path not in bad]
        library, found = assemble(kept, assets, settings, gather=Stories.newest_first)
        problems = [*problems, *(one for one in found if one not in problems)]
    return library, problems
