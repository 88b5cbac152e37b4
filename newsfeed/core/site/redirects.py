"""Redirects from aliases: where they lead, which can be published, and which clash with other addresses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.content.aliases import format_alias
from newsfeed.core.site import urls
from newsfeed.model import Story
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import SiteIndex
    from newsfeed.model import Alias, Content, Item, Library

REDIRECT_FILES = {"netlify": "_redirects", "nginx": "redirects.nginx.conf", "caddy": "redirects.caddy"}
"""Server → the file, in the root of the output, that tells it all redirects."""
LEADING_ON = ("redirect", "moved-page", "moved-feed")
"""Kinds of artifacts at old addresses."""
_COMPRESSED = ".gz"
_OURS = "newsfeed"


@dataclass(frozen=True, slots=True)
class Redirect:
    """One alias that is published."""

    path: str
    lang: str
    """The edition it lies in; of one that lies in none, the language of the file."""
    source: str
    """The content file that names it."""


def contents_by_kind(library: Library) -> Mapping[str, Mapping[str, Content]]:
    """Return all content of a library: kind → id → content."""
    return {
        "news": library.stories,
        "projects": library.projects,
        "programmes": library.programmes,
        "pages": library.pages,
    }


def contents_with_extra_paths(library: Library) -> Iterator[Content]:
    """Yield the content that has assets or aliases, and so output paths besides its pages."""
    contents = contents_by_kind(library)
    if library.with_extra_paths is None:
        yield from (content for table in contents.values() for content in table.values())
        return
    for kind, key in library.with_extra_paths:
        if key in contents[kind]:
            yield contents[kind][key]


def find_content(library: Library, source: str) -> Content | None:
    """Return the content that a file belongs to; ``None`` when there is none."""
    kind, identifier = library.paths.get(source, ("", ""))
    return contents_by_kind(library).get(kind, {}).get(identifier)


def find_text_page(index: SiteIndex, lang: str, content: Content, source: str) -> tuple[str, Item]:
    """Return (path of the page, item it shows) to which readers of a file are led in an edition.

    Where the edition has no such page, it is the one in the language of the file ``source``.
    """
    shown = index.shown_text(index.settings.languages[lang], content)
    if shown is not None:
        return index.page_path(lang, content, shown.item), shown.item
    own = next((item for item in content.items.values() if item.path == source), content.origin)
    return index.page_path(own.lang, content, own), own


def plan_redirects(index: SiteIndex, planned: Sequence[PlannedArtifact]) -> list[Redirect]:
    """Return the aliases of all public texts that can be published, in the order of their paths.

    One that would lie where something else is, is left out: `find_alias_clashes` reports it.
    """
    named = sorted((alias.path, item.path, item.lang) for item, alias in _aliases(index.with_withdrawn))
    if not named:
        return []
    room = Room(artifact.path for artifact in planned)
    redirects = []
    for path, source, lang in named:
        if room.reserve(path):
            edition = path.partition("/")[0]
            redirects.append(Redirect(path, edition if edition in index.settings.languages else lang, source))
    return redirects


class Room:
    """The paths of a site that are taken, and the folders they need."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._folders = {above for path in self._taken for above in list_parent_folders(path)}

    def reserve(self, path: str) -> bool:
        """Take a path if there is room for it, and return whether there was."""
        if path in self._taken or path in self._folders or not self._taken.isdisjoint(_files_above(path)):
            return False
        self._taken.add(path)
        self._folders.update(list_parent_folders(path))
        return True


def find_alias_clashes(
    index: SiteIndex, library: Library, planned: Sequence[PlannedArtifact]
) -> list[Problem]:
    """Report aliases at an address that something else has or will have, each once, where it stands.

    ``library``: with the content that is not public.
    """
    claims: dict[str, list[tuple[Item, Alias]]] = defaultdict(list)
    for item, alias in _aliases(library):
        claims[alias.path].append((item, alias))
    if not claims:
        return []
    pages = {
        **dict.fromkeys(REDIRECT_FILES.values(), ""),
        **{artifact.path: "" for artifact in planned if artifact.kind not in LEADING_ON},
        **dict(_pages(index, library)),
    }
    problems = []
    for path, claimants in claims.items():
        taken = (pages[path] or _OURS) if path in pages else ""
        for file in sorted(_files_above(path)):
            if file in pages or file in claims:
                taken = taken or pages.get(file) or _claimant(claims, file)
        in_order = sorted(claimants, key=lambda claimant: claimant[0].path)
        for number, (item, alias) in enumerate(in_order):
            other = taken or (in_order[0][0].path if number else "")
            if other:
                where = Location(item.path, alias.line, alias.column)
                problems.append(problem("alias-taken", where, value=format_alias(path), other=other))
    return problems


def find_file_aliases(library: Library, source: str) -> tuple[Alias, ...]:
    """Return the aliases that a content file names."""
    content = find_content(library, source)
    items = content.items.values() if content is not None else ()
    return next((item.aliases for item in items if item.path == source), ())


def collect_claimed_paths(index: SiteIndex, library: Library) -> set[str]:
    """Return the output paths of all texts and aliases, public or not."""
    own = {path for path, _ in _pages(index, library)}
    return own | {alias.path for _, alias in _aliases(library)}


def _claimant(claims: Mapping[str, Sequence[tuple[Item, Alias]]], path: str) -> str:
    return claims[path][0][0].path if path in claims else _OURS


def _aliases(library: Library) -> Iterator[tuple[Item, Alias]]:
    for content in contents_with_extra_paths(library):
        for item in content.items.values():
            for alias in item.aliases:
                yield item, alias


def _pages(index: SiteIndex, library: Library) -> Iterator[tuple[str, str]]:
    """Yield (output path, content file) of every text, public or not, in every edition."""
    for table in contents_by_kind(library).values():
        for content in table.values():
            for language in index.settings.editions:
                shown = index.shown_text(language, content)
                if shown is not None:
                    yield _address(index, language.code, content, shown.item), shown.item.path


def _address(index: SiteIndex, lang: str, content: Content, item: Item) -> str:
    """Return a text's page in an edition, also of a story that is not public."""
    if isinstance(content, Story):
        return urls.story_path(index.settings.site.story_url, lang, content.date, item.slug)
    return index.page_path(lang, content, item)


def list_parent_folders(path: str) -> Collection[str]:
    """Return the folders that a file lies in."""
    parts = path.split("/")
    return ["/".join(parts[:number]) for number in range(1, len(parts))]


def _files_above(path: str) -> set[str]:
    """Return the files that must not exist because a path needs folders there.

    A compressed copy (``.gz``) is written beside its file, so that name is taken too.
    """
    return {name for above in list_parent_folders(path) for name in (above, above.removesuffix(_COMPRESSED))}
