"""Published addresses that a new plan no longer has, and where their texts are now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.content.aliases import format_alias, resolve_alias
from newsfeed.core.site.redirects import collect_claimed_paths, contents_by_kind, find_content, find_text_page
from newsfeed.core.site.urls import INDEX, home_path
from newsfeed.marking import N_
from newsfeed.model import Story

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import SiteIndex
    from newsfeed.model import Content, Library

CONTENT_KIND_OF_PAGE = {"story": "news", "static": "pages"}
"""Kind of page → kind of content; a dossier's is its section."""


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """Which text a published page showed."""

    id: str
    lang: str
    """Of the text."""
    source: str
    """Its file."""

    @classmethod
    def noted(cls, note: object) -> PublishedPage | None:
        """What a note says; ``None`` when that is none."""
        parts = note.split(" ", 2) if isinstance(note, str) else []
        return cls(*parts) if len(parts) == 3 else None

    @property
    def note(self) -> str:
        """All of it in one text."""
        return f"{self.id} {self.lang} {self.source}"


@dataclass(frozen=True, slots=True)
class PublishedSite:
    """What the output folder knows of itself."""

    files: frozenset[str] = frozenset()
    """Output paths."""
    pages: Mapping[str, PublishedPage] | None = None
    """Output path → its text, also of pages that earlier builds removed and whose texts remain."""


@dataclass(frozen=True, slots=True)
class RemovedPage:
    """A page that was published, and is not planned."""

    path: str
    reason: str = ""
    """Why, as a phrase; empty when its whole edition is gone."""
    source: str = ""
    """The content file that should name it as an alias; empty when nobody can tell."""
    last: str = ""
    """The file that its text was in."""


def find_published_page(index: SiteIndex, planned: PlannedArtifact) -> PublishedPage | None:
    """Which text a page shows or leads to; lists show none."""
    if planned.kind == "redirect":
        content, item = find_content(index.library, planned.key), None
        if content is not None:
            item = next(item for item in content.items.values() if item.path == planned.key)
    elif planned.number or planned.kind not in (*CONTENT_KIND_OF_PAGE, "dossier"):
        return None
    else:
        content = contents_by_kind(index.library)[
            CONTENT_KIND_OF_PAGE.get(planned.kind, planned.section)
        ].get(planned.key)
        item = find_text_page(index, planned.lang, content, "")[1] if content is not None else None
    return (
        PublishedPage(content.id, item.lang, item.path) if content is not None and item is not None else None
    )


def select_remembered_pages(
    published: PublishedSite, library: Library, planned: Iterable[PlannedArtifact], *, whole: bool = True
) -> dict[str, PublishedPage]:
    """What the next build should know of pages that are no more: their texts, as long as there is a text
    they could lead to, or there may be (not ``whole``).
    """
    if not published.pages:
        return {}
    paths = {one.path for one in planned}
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
    """Pages of the last build that are not planned, in the order of their paths. ``library``: with what
    is not public. Not ``whole``: texts with errors are missing from it, so only those that are there
    are spoken of. ``ever``: also pages that earlier builds removed.
    """
    pages = published.pages or {}
    known = published.files | (pages.keys() if ever else set())
    gone = sorted(known.difference(one.path for one in planned)) if known else []
    if not gone:
        return []
    editions = index.settings.languages
    reserved = collect_claimed_paths(index, library)
    found = []
    for path in gone:
        edition = path.partition("/")[0]
        if not _is_page(path, published):
            continue
        if edition not in editions:
            if path == home_path(edition):
                found.append(RemovedPage(path))
            continue
        if resolve_alias(format_alias(path), editions)[0] != path:  # nothing that we have published
            continue
        one = _fate(path, pages.get(path), index, library, reserved, now)
        if whole or one.source:
            found.append(one)
    return found


def _fate(
    path: str,
    page: PublishedPage | None,
    index: SiteIndex,
    library: Library,
    reserved: Collection[str],
    now: datetime,
) -> RemovedPage:
    """What became of one page's text."""
    if page is None:
        return RemovedPage(path, N_("there is no such page any more"))
    content = _content(library, page)
    if content is None:
        return RemovedPage(path, N_("its text is gone"), last=page.source)
    reason = _withheld(index, content, now)
    if reason or path in reserved:
        reason = reason or N_("another text is to have its address")
        return RemovedPage(path, reason, last=content.origin.path)
    _, item = find_text_page(index, path.partition("/")[0], content, "")
    return RemovedPage(path, N_("its text has another address now"), item.path, item.path)


def _content(library: Library, page: PublishedPage) -> Content | None:
    """A text by its id, or, when that has changed, by its file."""
    kind = page.source.partition("/")[0]
    return contents_by_kind(library).get(kind, {}).get(page.id) or find_content(library, page.source)


def _withheld(index: SiteIndex, content: Content, now: datetime) -> str:
    """Why a text that is there is not public."""
    if not isinstance(content, Story) or content.id in index.library.stories:
        return ""
    if content.draft:
        return N_("its text is a draft now")
    if content.expires is not None and content.expires <= now:
        return N_("its text has expired")
    return N_("its text is not due yet")


def _is_page(path: str, published: PublishedSite) -> bool:
    """Whether people may have kept an address: not of numbered pages, nor of those about feeds."""
    if not path.endswith(".html") or path.rpartition("/")[2] == "404.html":
        return False
    if path in (published.pages or {}):
        return True
    return not any(above in published.files for above in _lists_above(path))


def _lists_above(path: str) -> Iterator[str]:
    """The list that a page would belong to if it were an older page, or about feeds."""
    parts = path.split("/")
    if parts[-1] == INDEX and parts[-2:-1] == ["feed"]:
        yield "/".join([*parts[:-2], INDEX])
    if parts[-1] == INDEX and parts[-3:-2] == ["page"] and parts[-2].isdecimal():
        yield "/".join([*parts[:-3], INDEX])
