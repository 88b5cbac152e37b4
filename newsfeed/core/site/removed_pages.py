"""Published addresses that a new plan has no more, and where their texts are now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from newsfeed.core.content.aliases import format_alias, resolve_alias
from newsfeed.core.content.library import is_story
from newsfeed.core.site.redirects import collect_claimed_paths, contents_by_kind, find_content, find_text_page
from newsfeed.core.site.urls import INDEX, feed_list_path, home_path
from newsfeed.marking import N_
from newsfeed.model import Story

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import SiteIndex
    from newsfeed.model import Content, Library

CONTENT_KIND_OF_PAGE = {"story": "news", "withdrawn": "news", "static": "pages"}
"""Kind of page → kind of content; a dossier's is its section."""


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """The text that a published page showed."""

    id: str
    lang: str
    """Of the text."""
    source: str
    """Its file."""

    @classmethod
    def noted(cls, note: object) -> PublishedPage | None:
        """Read a note as `note` writes it; ``None`` when it is none."""
        parts = note.split(" ", 2) if isinstance(note, str) else []
        return cls(*parts) if len(parts) == 3 else None

    @property
    def note(self) -> str:
        """Write the page in one line: id, language and source."""
        return f"{self.id} {self.lang} {self.source}"


@dataclass(frozen=True, slots=True)
class PublishedSite:
    """The paths and pages that the manifest of an output folder names."""

    files: frozenset[str] = frozenset()
    """Output paths."""
    pages: Mapping[str, PublishedPage] | None = None
    """Output path → its text, also of pages that earlier builds removed and whose texts remain."""


@dataclass(frozen=True, slots=True)
class RemovedPage:
    """A page that was published, and is planned no more."""

    path: str
    reason: str = ""
    """Why, as a phrase; empty when its whole edition is gone."""
    source: str = ""
    """The content file that should name it as an alias; empty when nobody can tell."""
    last: str = ""
    """The file that its text was in."""
    is_withheld: bool = False
    """Whether its text is there, and not public."""
    story: str = ""
    """The id of a story that is gone, though nobody said that it was to go."""


@dataclass(frozen=True, slots=True)
class LostTranslation:
    """A text that was published in one more language."""

    source: str
    """The original's file."""
    lang: str
    path: str
    """Of the page that shows another language now."""


def find_published_page(index: SiteIndex, planned: PlannedArtifact) -> PublishedPage | None:
    """Return the text that a page shows or leads to; ``None`` for lists."""
    if planned.kind == "redirect":
        content, item = find_content(index.with_withdrawn, planned.key), None
        if content is not None:
            item = next(item for item in content.items.values() if item.path == planned.key)
    elif planned.number or planned.kind not in (*CONTENT_KIND_OF_PAGE, "dossier"):
        return None
    else:
        content = contents_by_kind(index.with_withdrawn)[
            CONTENT_KIND_OF_PAGE.get(planned.kind, planned.section)
        ].get(planned.key)
        item = find_text_page(index, planned.lang, content, "")[1] if content is not None else None
    return (
        PublishedPage(content.id, item.lang, item.path) if content is not None and item is not None else None
    )


def select_remembered_pages(
    published: PublishedSite, library: Library, planned: Iterable[PlannedArtifact], *, whole: bool = True
) -> dict[str, PublishedPage]:
    """Return the removed pages that the next build should remember: output path → text.

    Those whose text is still there. ``whole`` is false when texts with errors are missing from the library:
    then all removed pages are remembered.
    """
    if not published.pages:
        return {}
    paths = {artifact.path for artifact in planned}
    return {
        path: page
        for path, page in published.pages.items()
        if path not in paths and not (whole and _content(library, page) is None)
    }


def find_removed_pages(
    published: PublishedSite,
    index: SiteIndex,
    library: Library,
    planned: Sequence[PlannedArtifact],
    now: datetime,
    *,
    whole: bool = True,
    ever: bool = False,
) -> list[RemovedPage]:
    """Return pages of the last build that are planned no more, in the order of their paths.

    ``library``: with the content that is not public.
    ``whole``: false when texts with errors are missing from it; then only those that are there are reported.
    ``ever``: also pages that earlier builds removed.
    """
    pages = published.pages or {}
    known = published.files | (pages.keys() if ever else set())
    gone = sorted(known.difference(artifact.path for artifact in planned)) if known else []
    if not gone:
        return []
    editions = index.settings.languages
    # All texts of the site have to be read for it, and most pages go because their texts were withheld.
    reserved = cache(partial(collect_claimed_paths, index, library))
    removed = []
    for path in gone:
        edition = path.partition("/")[0]
        if not _is_page(path, published):
            continue
        if edition not in editions:
            is_edition = feed_list_path(edition) in published.files
            if is_edition and path == home_path(edition):
                removed.append(RemovedPage(path))
            if is_edition or path not in pages:
                continue
        if resolve_alias(format_alias(path))[0] != path:  # nothing that we have published
            continue
        if pages and path not in pages:  # a list, whose last story went
            continue
        page = _fate(path, pages.get(path), index, library, reserved, now)
        if whole or page.source:
            removed.append(page)
    return removed


def find_altered_ids(published: PublishedSite, library: Library) -> dict[str, tuple[str, str]]:
    """Return content file → (id its story was published with, id it has now) of those that differ."""
    found = {}
    for page in (published.pages or {}).values():
        kind, key = library.paths.get(page.source, ("", ""))
        if kind == "news" and key != page.id and page.id not in library.stories:
            found[library.stories[key].origin.path] = page.id, key
    return found


def find_lost_translations(
    published: PublishedSite, library: Library, planned: Iterable[PlannedArtifact]
) -> list[LostTranslation]:
    """Return texts of the last build that are gone while their pages show another language, by their paths.

    Of pages that vanish, `find_removed_pages` tells.
    """
    pages = published.pages or {}
    gone = {path: page for path, page in pages.items() if page.source not in library.paths}
    if not gone:
        return []
    paths, lost = {artifact.path for artifact in planned}, []
    for path, page in sorted(gone.items()):
        content = _content(library, page)
        is_own = path.partition("/")[0] == page.lang
        if is_own and content is not None and page.lang not in content.items and path in paths:
            lost.append(LostTranslation(content.origin.path, page.lang, path))
    return lost


def _fate(
    path: str,
    page: PublishedPage | None,
    index: SiteIndex,
    library: Library,
    reserved: Callable[[], Collection[str]],
    now: datetime,
) -> RemovedPage:
    """Return a removed page with the reason, and where its text is now."""
    if page is None:
        return RemovedPage(path, N_("there is no such page any more"))
    content = _content(library, page)
    if content is None:
        is_lost = is_story(page.source) and page.id not in index.settings.site.removed
        return RemovedPage(path, N_("its text is gone"), last=page.source, story=page.id if is_lost else "")
    if reason := _withheld(index, content, now):
        return RemovedPage(path, reason, last=content.origin.path, is_withheld=True)
    if path in reserved():
        return RemovedPage(path, N_("another text is to have its address"), last=content.origin.path)
    edition = path.partition("/")[0]
    lang = edition if edition in index.settings.languages else content.original
    _, item = find_text_page(index, lang, content, "")
    return RemovedPage(path, N_("its text has another address now"), item.path, item.path)


def _content(library: Library, page: PublishedPage) -> Content | None:
    """Return a page's text by its id, or, when that has changed, by its file."""
    kind = page.source.partition("/")[0]
    return contents_by_kind(library).get(kind, {}).get(page.id) or find_content(library, page.source)


def _withheld(index: SiteIndex, content: Content, now: datetime) -> str:
    """Return the reason why content that is there is not public; empty when it is."""
    if not isinstance(content, Story) or content.id in index.with_withdrawn.stories:
        return ""
    if content.draft:
        return N_("its text is a draft now")
    if content.expires is not None and content.expires <= now:
        return N_("its text has expired")
    return N_("its text is not due yet")


def _is_page(path: str, published: PublishedSite) -> bool:
    """Return whether people may have bookmarked a path: no numbered page, and none about feeds."""
    if not path.lower().endswith((".html", ".htm")) or path.rpartition("/")[2] == "404.html":
        return False
    if path in (published.pages or {}):
        return True
    return not any(above in published.files for above in _lists_above(path))


def _lists_above(path: str) -> Iterator[str]:
    """Yield the list that a page would belong to if it were an older page, or about feeds."""
    parts = path.split("/")
    if parts[-1] == INDEX and parts[-2:-1] == ["feed"]:
        yield "/".join([*parts[:-2], INDEX])
    if parts[-1] == INDEX and parts[-3:-2] == ["page"] and parts[-2].isdecimal():
        yield "/".join([*parts[:-3], INDEX])
