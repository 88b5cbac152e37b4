"""Where aliases lead, which of them can be published, and which stand in somebody's way."""

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
    """Kind of content → id → content."""
    return {
        "news": library.stories,
        "projects": library.projects,
        "programmes": library.programmes,
        "pages": library.pages,
    }


def contents_with_extra_paths(library: Library) -> Iterator[Content]:
    """Content that has assets or aliases."""
    found = contents_by_kind(library)
    if library.bearing is None:
        yield from (content for table in found.values() for content in table.values())
        return
    for kind, key in library.bearing:
        if key in found[kind]:
            yield found[kind][key]


def find_content(library: Library, source: str) -> Content | None:
    """What a content file tells of."""
    kind, identifier = library.paths.get(source, ("", ""))
    return contents_by_kind(library).get(kind, {}).get(identifier)


def find_text_page(index: SiteIndex, lang: str, content: Content, source: str) -> tuple[str, Item]:
    """The page to which a file's readers of an edition are led, and the text it shows; where the
    edition has no such page, the one in the file's own language.
    """
    shown = index.shown_text(index.settings.languages[lang], content)
    if shown is not None:
        return index.page_path(lang, content, shown.item), shown.item
    own = next((item for item in content.items.values() if item.path == source), content.origin)
    return index.page_path(own.lang, content, own), own


def plan_redirects(index: SiteIndex, planned: Sequence[PlannedArtifact]) -> list[Redirect]:
    """The aliases of all public texts, in the order of their paths; one that would lie where something
    else is, is left out: `find_alias_clashes` says so.
    """
    named = sorted((alias.path, item.path) for item, alias in _aliases(index.library))
    if not named:
        return []
    taken = {one.path for one in planned}
    folders = {above for path in taken for above in list_parent_folders(path)}
    found = []
    for path, source in named:
        if path not in taken and path not in folders and taken.isdisjoint(_files_above(path)):
            taken.add(path)
            folders.update(list_parent_folders(path))
            found.append(Redirect(path, path.partition("/")[0], source))
    return found


def find_alias_clashes(
    index: SiteIndex, library: Library, planned: Sequence[PlannedArtifact]
) -> list[Problem]:
    """Aliases at an address that something else has, or will have when it is public; each is told at
    both places.
    """
    claims: dict[str, list[tuple[Item, Alias]]] = defaultdict(list)
    for item, alias in _aliases(library):
        claims[alias.path].append((item, alias))
    if not claims:
        return []
    pages = {**{one.path: "" for one in planned if one.kind != "redirect"}, **dict(_pages(index, library))}
    found = []
    for path, claimants in claims.items():
        rivals = {item.path: Location(item.path, alias.line, alias.column) for item, alias in claimants}
        for source, where in rivals.items():
            others = [one for one in rivals if one != source]
            others += [pages[path] or _OURS] if path in pages else []
            above = [one for one in _files_above(path) if one in pages or one in claims]
            others += [pages.get(one) or _claimant(claims, one) for one in above]
            if others:
                value = format_alias(path)
                found.append(problem("alias-taken", where, value=value, other=others[0]))
        page = pages.get(path, "")
        if page and page not in rivals:
            value = "/" + urls.encode_path(path)
            found.append(problem("url-duplicate", Location(page), value=value, other=min(rivals)))
    return found


def find_file_aliases(library: Library, source: str) -> tuple[Alias, ...]:
    """The aliases that a content file names."""
    content = find_content(library, source)
    items = content.items.values() if content is not None else ()
    return next((item.aliases for item in items if item.path == source), ())


def collect_claimed_paths(index: SiteIndex, library: Library) -> set[str]:
    """The addresses of all texts and aliases, also of what is not public."""
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
    """The address of every text, public or not, in every edition, and its file."""
    for table in contents_by_kind(library).values():
        for content in table.values():
            for language in index.settings.editions:
                shown = index.shown_text(language, content)
                if shown is not None:
                    yield _address(index, language.code, content, shown.item), shown.item.path


def _address(index: SiteIndex, lang: str, content: Content, item: Item) -> str:
    """The same as `SiteIndex.path_of`, also for a story that is not public."""
    if isinstance(content, Story):
        return urls.story_path(lang, content.date.year, item.slug)
    return index.page_path(lang, content, item)


def list_parent_folders(path: str) -> Collection[str]:
    """The folders that a file lies in."""
    parts = path.split("/")
    return ["/".join(parts[:number]) for number in range(1, len(parts))]


def _files_above(path: str) -> set[str]:
    """Files, and files whose compressed copies, would be where a path needs a folder."""
    return {name for above in list_parent_folders(path) for name in (above, above.removesuffix(_COMPRESSED))}
