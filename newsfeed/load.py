"""The load verb: a source's files → the library, with every problem they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.core import items
from newsfeed.core.items import fingerprint
from newsfeed.core.library import assemble
from newsfeed.problems import Location, Problem, errors_in, problem
from newsfeed.render import markdown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from newsfeed.core.facts import Vocabulary
    from newsfeed.core.items import Parsed
    from newsfeed.model import Asset, Library, RawFile
    from newsfeed.ports import Source
    from newsfeed.settings import Settings


Tell = Callable[[str], "Told | None"]
Spread = Callable[[Sequence[str], Tell], "Iterable[Told | None]"]
"""(paths, what to do with each) → the results in their order."""


def _one_after_the_other(paths: Sequence[str], tell: Tell) -> Iterator[Told | None]:
    return map(tell, paths)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the site's files say, and what is wrong with them."""

    library: Library
    problems: tuple[Problem, ...]
    texts: int
    """Files read."""
    read: Mapping[str, Told]
    """What each of them said: a later build need not parse it again."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the bytes of one file say, by themselves."""

    fingerprint: str
    parsed: Parsed | None
    problems: tuple[Problem, ...]


def load(
    source: Source,
    settings: Settings,
    words: Vocabulary,
    *,
    keep_going: bool = False,
    progress: Callable[[int], None] | None = None,
    known: Mapping[str, Told] | None = None,
    spread: Spread = _one_after_the_other,
) -> Loaded:
    """Read everything once. With ``keep_going`` the library holds only what has no error.

    ``known``: what files said to an earlier build of the same settings; believed where the bytes are
    the same. ``spread``: does the work on many files at once.
    """
    before = known or {}

    def tell(path: str) -> Told | None:
        """``None``: as before. Little travels from a worker process then."""
        raw = source.text(path)
        mark = fingerprint(raw.data) if raw.data is not None else ""
        earlier = before.get(path)
        if mark and earlier is not None and earlier.fingerprint == mark:
            return None
        parsed, found = _parse(raw, settings, words)
        return Told(mark, parsed, tuple(found))

    paths = list(source.paths())
    read: dict[str, Told] = {}
    for path, told in zip(paths, spread(paths, tell), strict=True):
        read[path] = told or before[path]
        if progress is not None:
            progress(len(read))
    files = [told.parsed for told in read.values() if told.parsed is not None]
    problems = [found for told in read.values() for found in told.problems]
    assets = {asset.path: asset for asset in source.assets()}
    library, found = assemble(files, assets, settings)
    problems += found
    if keep_going:
        library, problems = _without_errors(files, assets, settings, library, problems)
    return Loaded(library, tuple(problems), len(read), read)


def without(library: Library, paths: Collection[str]) -> Library:
    """A library without the stories and pages that these files tell."""
    gone = {library.paths[path] for path in paths if path in library.paths}
    stories = {key: one for key, one in library.stories.items() if ("news", key) not in gone}
    pages = {key: one for key, one in library.pages.items() if ("pages", key) not in gone}
    return replace(library, stories=stories, pages=pages)


def _parse(raw: RawFile, settings: Settings, words: Vocabulary) -> tuple[Parsed | None, list[Problem]]:
    parsed, problems = items.parse(raw, settings, words)
    if parsed is None or parsed.item is None:
        return parsed, problems
    outline = markdown.outline(parsed.body)
    above = parsed.body_line - 1
    links = tuple(replace(link, line=link.line + above) for link in outline.links)
    problems += [
        problem("html-removed", Location(raw.path, above + line, column), value=name)
        for name, line, column in outline.refused
    ]
    own = parsed.item.summary
    summary = own or outline.first_paragraph
    item = replace(parsed.item, links=links, summary=summary, summary_is_own=bool(own))
    return replace(parsed, item=item, body=""), problems


def _without_errors(
    files: Sequence[Parsed],
    assets: Mapping[str, Asset],
    settings: Settings,
    library: Library,
    problems: list[Problem],
) -> tuple[Library, list[Problem]]:
    """Leave out files with errors until the rest has none: what leans on them goes too."""
    kept = list(files)
    while bad := {found.where.path for found in errors_in(problems)} & {one.path for one in kept}:
        kept = [parsed for parsed in kept if parsed.path not in bad]
        library, found = assemble(kept, assets, settings)
        problems = [*problems, *(one for one in found if one not in problems)]
    return library, problems
