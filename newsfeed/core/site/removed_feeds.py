"""Feeds and archives of feeds that were published and that the configuration asks for no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.site.feed_documents import feed_formats, has_archives
from newsfeed.core.site.sections import SITE, Section
from newsfeed.core.site.urls import FEED_ENDINGS, INDEX

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.settings import FeedSettings

_FORMS = {ending: form for form, ending in FEED_ENDINGS.items()}
_document = re.compile(rf"(?P<folder>.+)/feed(?P<number>-[0-9]+)?\.(?P<ending>{'|'.join(_FORMS)})").fullmatch


@dataclass(frozen=True, slots=True)
class RemovedFeeds:
    """Published documents of feeds that are made no more, for one reason."""

    paths: tuple[str, ...]
    line: str
    """The line of the configuration that keeps them."""


def find_removed_feeds(
    published: Collection[str], feeds: FeedSettings, planned: Iterable[PlannedArtifact]
) -> list[RemovedFeeds]:
    """Return the documents that go because of the configuration, and not with their sections or stories.

    published: output paths.
    """
    paths = {artifact.path for artifact in planned}
    archives, others = [], []
    for path, section, form, is_archive in _documents(sorted(set(published) - paths), paths):
        if is_archive and not has_archives(feeds, section):
            archives.append((path, section))
        elif form not in feed_formats(feeds, section):
            others.append((path, form))
    removed = []
    if archives:
        scope = "all" if any(section.name != SITE for _, section in archives) else "site"
        removed.append(RemovedFeeds(tuple(path for path, _ in archives), f'archives = "{scope}"'))
    if others:
        forms = {*feeds.formats, *(form for _, form in others)}
        names = ", ".join(f'"{form}"' for form in FEED_ENDINGS if form in forms)
        removed.append(RemovedFeeds(tuple(path for path, _ in others), f"formats = [{names}]"))
    return removed


def _documents(gone: Iterable[str], planned: Collection[str]) -> Iterator[tuple[str, Section, str, bool]]:
    """Yield path, section, format, and whether it is an archive, of feeds whose sections remain."""
    for path in gone:
        found = _document(path)
        if found and f"{found['folder']}/{INDEX}" in planned:
            _, *parts = found["folder"].split("/")
            section = Section(*parts) if len(parts) == 2 else Section(SITE)
            yield path, section, _FORMS[found["ending"]], bool(found["number"])
