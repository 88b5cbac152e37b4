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
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import SiteIndex
    from newsfeed.model import Alias, Content, Item, Library

REDIRECT_FILES = {"netlify": "_redirects", "nginx": "redirects.nginx.conf", "caddy": "redirects.caddy"}
"""Server → the file, in the root of the output, that tells it all redirects."""
_COMPRESSED = ".gz"
_OURS = "newsfeed"


@dataclass(frozen=True, slots=True)
class Redirect:
    """One alias that is published."""

    path: str
    lang: str
    """The edition it lies in."""
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
    named = sorted((alias.path, item.path) for item, alias in _aliases(index.library))
    if not named:
        return []
    taken = {artifact.path for artifact in planned}
    folders = {above for path in taken for above in list_parent_folders(path)}
    redirects = []
    for path, source in named:
        if path not in taken and path not in folders and taken.isdisjoint(_files_above(path)):
            taken.add(path)
            folders.update(list_parent_folders(path))
            redirects.append(Redirect(path, path.partition("/")[0], source))
    return redirects


def find_alias_clashes(
    index: SiteIndex, library: Library, planned: Sequence[PlannedArtifact]
) -> list[Problem]:
    """Report aliases at an address that something else has or will have, each at both places.

    ``library``: with the content that is not public.
    """
    claims: dict[str, list[tuple[Item, Alias]]] = defaultdict(list)
    for item, alias in _aliases(library):
        claims[alias.path].append((item, alias))
    if not claims:
        return []
    pages = {
        **{artifact.path: "" for artifact in planned if artifact.kind != "redirect"},
        **dict(_pages(index, library)),
    }
    problems = []
    for path, claimants in claims.items():
        rivals = {item.path: Location(item.path, alias.line, alias.column) for item, alias in claimants}
        for source, where in rivals.items():
            others = [rival for rival in rivals if rival != source]
            others += [pages[path] or _OURS] if path in pages else []
            above = [file for file in _files_above(path) if file in pages or file in claims]
            others += [pages.get(file) or _claimant(claims, file) for file in above]
            if others:
                value = format_alias(path)
                problems.append(problem("alias-taken", where, value=value, other=others[0]))
        page = pages.get(path, "")
        if page and page not in rivals:
            value = "/" + urls.encode_path(path)
            problems.append(problem("url-duplicate", Location(page), value=value, other=min(rivals)))
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
        return urls.story_path(lang, content.date.year, item.slug)
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
