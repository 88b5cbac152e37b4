"""Tell whether a change of a few stories is *confined*: it touches nothing but what shows these stories.

What else could change because of one (pages of another text that links to it, an alias, the menu that names
the first section of its kind) makes a change that is not confined: then the whole site has to be looked at.

Of a story that comes due or expires as it is, texts that link to it gain or lose that link
(`find_texts_linking_to`), and its addresses may go, for its author wanted that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.content.links import list_link_names
from newsfeed.core.content.staleness import list_files
from newsfeed.core.site import urls
from newsfeed.core.site.plan import plan_whole_section
from newsfeed.core.site.redirects import list_parent_folders
from newsfeed.core.site.sections import Section

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from newsfeed.core.site.impact import Change
    from newsfeed.core.site.index import SiteIndex, StoryRow
    from newsfeed.model import Story


@dataclass(frozen=True, slots=True)
class NamesInUse:
    """Names and addresses that the rest of the site uses."""

    rows: Sequence[StoryRow]
    """Of all stories, public or not, as they were."""
    link_sources: Mapping[str, Collection[str]]
    """Name by which texts link to another → their content files."""
    aliases: Collection[str]
    is_published: Callable[[str], bool]
    """Tells whether something lies at an output path."""


def is_confined(changes: Sequence[Change], before: SiteIndex, after: SiteIndex, rest: NamesInUse) -> bool:
    """Tell whether nothing but what `find_affected_artifacts` tells changes with these stories."""
    keys = {change.id for change in changes}
    if before.lists is not after.lists and not (
        _have_room(before, after, rest) and _are_spelt_alike(changes, rest, keys)
    ):
        return False
    return all(_is_confined(change, before, after, rest, keys) for change in changes)


def _is_confined(
    change: Change, before: SiteIndex, after: SiteIndex, rest: NamesInUse, keys: Collection[str]
) -> bool:
    if change.is_unedited:
        return _has_turned_alone(change, before, after, rest)
    stories = [story for story in (change.before, change.after) if story is not None]
    if len({(story.id, story.original) for story in stories}) > 1:
        return False
    if any(item.aliases for story in stories for item in story.items.values()):
        return False
    if _guids(change.before) != _guids(change.after):
        return False
    old, new = (_pages(index, change.id) for index in (before, after))
    if _are_targets(old.keys() ^ new.keys(), after):
        return False
    files = [list_files(story) for story in stories]
    if (old != new or files[0] != files[-1] or len(files) < 2) and _is_linked(files, rest):
        return False
    form = after.settings.site.story_url
    return _keeps(change, old, new) and _has_room(change, new.keys() - old.keys(), rest, keys, form)


def _are_targets(paths: Collection[str], index: SiteIndex) -> bool:
    """Return whether old addresses of the configuration lead to one of these paths."""
    targets = (old.target for old in index.settings.redirects)
    return any(target in paths or f"{target}/{urls.INDEX}" in paths for target in targets)


def _guids(story: Story | None) -> set[str]:
    """Return the foreign feed ids that a story keeps."""
    return {item.guid for item in story.items.values() if item.guid} if story is not None else set()


def _has_turned_alone(change: Change, before: SiteIndex, after: SiteIndex, rest: NamesInUse) -> bool:
    """Tell whether nobody else has, or waits for, the addresses of a story that comes due or expires."""
    story = change.after
    old, new = (_pages(index, change.id) for index in (before, after))
    if story is None or old == new:
        return True
    if any(item.aliases for item in story.items.values()):
        return False
    if _are_targets(old.keys() ^ new.keys(), after):
        return False
    paths = [*(old.keys() ^ new.keys()), *story.assets.values()]
    if any(
        path in rest.aliases
        for path in [*paths, *(above for path in paths for above in list_parent_folders(path))]
    ):
        return False
    return bool(old) or not any(rest.is_published(path) for path in paths)


def find_texts_linking_to(
    changes: Iterable[Change], before: SiteIndex, after: SiteIndex, rest: NamesInUse
) -> frozenset[tuple[str, str]]:
    """Return the texts, as (kind, id), that may link to a story that came due or expired as it is."""
    found: set[tuple[str, str]] = set()
    for change in changes:
        if (
            change.after is None
            or not change.is_unedited
            or _pages(before, change.id) == _pages(after, change.id)
        ):
            continue
        own = list_files(change.after)
        linking = {
            text for path in own for name in list_link_names(path) for text in rest.link_sources.get(name, ())
        }
        paths = after.all_content.paths
        found.update(paths[path] for path in linking - own if path in paths)
    return frozenset(found)


def _pages(index: SiteIndex, key: str) -> dict[str, str]:
    """Return the pages of a public story, also of one withdrawn: path → language of what is there, which
    links to it name.
    """
    row = index.lists.all_rows.get(key)
    if row is None:
        return {}
    found = ((row.page(language), row.shown_language(language)) for language in index.settings.editions)
    return {page[0]: lang for page, lang in found if page is not None}


def _is_linked(files: Sequence[Collection[str]], rest: NamesInUse) -> bool:
    """Return whether another text may link to a story, by whatever name."""
    own = {path for some in files for path in some}
    return any(
        not own.issuperset(rest.link_sources.get(name, ())) for path in own for name in list_link_names(path)
    )


def _keeps(change: Change, old: Collection[str], new: Collection[str]) -> bool:
    """Return whether nothing is taken away that readers may have bookmarked."""
    assets = [set(story.assets.values()) if story else set() for story in (change.before, change.after)]
    return set(old) <= set(new) and assets[0] <= assets[1]


def _has_room(
    change: Change, new: Collection[str], rest: NamesInUse, keys: Collection[str], form: str
) -> bool:
    """Return whether a story's new addresses, of that form, are nobody else's, and never will be."""
    before, after = change.before, change.after
    if after is None:
        return True
    paths = {*new, *after.assets.values()} - set(before.assets.values() if before else ())
    if any(path in rest.aliases or rest.is_published(path) for path in paths):
        return False
    folders = {above for path in paths for above in list_parent_folders(path)}
    if any(alias in folders for alias in rest.aliases):
        return False
    if before is not None and before.date == after.date and _address(before) == _address(after):
        return True
    by_year = "{year}" in form
    year, slugs = _address(after)
    # Without the year in their addresses, stories of all years have to differ.
    others = (row for row in rest.rows if row.id not in keys and (not by_year or row.date.year == year))
    return all(slugs.isdisjoint(row.slugs.values()) for row in others)


def _address(story: Story) -> tuple[int, set[str]]:
    """Return year and slugs, which stories of one site must not share."""
    return story.date.year, {item.slug for item in story.items.values()}


def _have_room(before: SiteIndex, after: SiteIndex, rest: NamesInUse) -> bool:
    """Return whether the addresses of sections that come or go are nobody else's, and the menu, which names
    each kind of them, stays as it is.
    """
    came, went = (
        {
            section: [
                one.path
                for language in index.settings.editions
                if index.has_page(language, section)
                for one in plan_whole_section(index, language, section)
            ]
            for section in index.by_section.keys() - other.by_section.keys()
        }
        for index, other in ((after, before), (before, after))
    )
    if not came and not went:
        return True
    names = [{section.name for section in index.by_section} for index in (before, after)]
    new = {path for paths in came.values() for path in paths}
    paths = new.union(*went.values())
    if names[0] != names[1] or _are_targets(paths, after) or any(map(rest.is_published, new)):
        return False
    above = {folder for path in paths for folder in list_parent_folders(path)}
    folders = tuple(
        section.folder(language.code) + "/"
        for section in (*came, *went)
        for language in after.settings.editions
    )
    return not any(alias in above or alias.startswith(folders) for alias in rest.aliases)


def _are_spelt_alike(changes: Sequence[Change], rest: NamesInUse, keys: Collection[str]) -> bool:
    """Return whether everybody writes the authors of changed stories in one way: a section has the name that
    its newest story says, and who writes it otherwise is told.
    """
    names: dict[Section, str] = {}
    for change in changes:
        for story in (change.before, change.after):
            for name in story.authors if story is not None else ():
                if names.setdefault(Section("authors", urls.make_author_key(name)), name) != name:
                    return False
    return all(
        names[section] in row.authors
        for row in rest.rows
        if row.id not in keys
        for section in row.sections
        if section in names
    )
