"""Old addresses that the configuration names: of lists, feeds, and whatever else has no file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.content.aliases import format_alias, resolve_alias, resolve_file_alias
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.redirects import REDIRECT_FILES, Room
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsfeed.core.site.index import SiteIndex
    from newsfeed.settings import OldAddress, Settings

MOVED_PAGE, MOVED_FEED = "moved-page", "moved-feed"
"""Kinds of artifacts at old addresses: a page that leads on, and a feed that says where it is now."""
_CONFIG = "config.toml"


def plan_configured_redirects(
    index: SiteIndex, planned: Sequence[PlannedArtifact]
) -> Iterator[PlannedArtifact]:
    """Yield what lies at old addresses, as far as there is something to lead to, and room."""
    if index.settings.redirects:
        targets = _targets(planned)
        room = Room(artifact.path for artifact in planned)
        for old in index.settings.redirects:
            made = _artifact(index, old, targets)
            if made is not None and room.reserve(made.path):
                yield made


def find_configured_redirect_problems(
    index: SiteIndex, planned: Sequence[PlannedArtifact]
) -> Iterator[Problem]:
    """Report old addresses that lead nowhere, or at which something else of the site (``planned``) lies."""
    if not index.settings.redirects:
        return
    targets = _targets(planned)
    others = [artifact for artifact in planned if artifact.kind not in (MOVED_PAGE, MOVED_FEED)]
    room = Room([*(artifact.path for artifact in others), *REDIRECT_FILES.values()])
    sources = {artifact.path: artifact.key for artifact in others if artifact.kind == "redirect"}
    for old in index.settings.redirects:
        where = Location(_CONFIG, old.line, old.column)
        made = _artifact(index, old, targets)
        if made is None:
            target = format_alias(old.target)
            yield problem("redirect-target", where, value=old.written, target=target)
        elif not room.reserve(made.path):
            other = sources.get(made.path, "newsfeed")
            yield problem("alias-taken", where, value=old.written, other=other)


def find_configured_redirect(settings: Settings, path: str) -> Location | None:
    """Return where the configuration names the old address of an output path; ``None`` when it does not."""
    for old in settings.redirects:
        if path in (resolve_alias(old.written)[0], resolve_file_alias(old.written)[0]):
            return Location(_CONFIG, old.line, old.column)
    return None


def plan_moved_feeds(index: SiteIndex, feeds: Sequence[PlannedArtifact]) -> Iterator[PlannedArtifact]:
    """Yield the documents at old addresses of some feeds."""
    targets = _targets(feeds)
    for old in index.settings.redirects:
        made = _artifact(index, old, targets)
        if made is not None and made.kind == MOVED_FEED:
            yield made


def _targets(planned: Sequence[PlannedArtifact]) -> Mapping[str, PlannedArtifact]:
    """Return what old addresses can lead to: pages and feeds, by path."""
    return {
        artifact.path: artifact
        for artifact in planned
        if artifact.kind == "feed" or (artifact.path.endswith(".html") and artifact.kind not in _NO_TARGETS)
    }


_NO_TARGETS = ("redirect", MOVED_PAGE, "not-found")


def _artifact(
    index: SiteIndex, old: OldAddress, targets: Mapping[str, PlannedArtifact]
) -> PlannedArtifact | None:
    """Return what lies at an old address; ``None`` when there is nothing to lead to.

    Feeds cannot redirect: at a feed's old address, unless that was a folder's, lies a last feed.
    """
    target = targets.get(old.target) or targets.get(f"{old.target}/index.html")
    if target is None:
        return None
    page, file = resolve_alias(old.written)[0], resolve_file_alias(old.written)[0]
    if target.kind == "feed" and page != file and "." in file.rpartition("/")[2]:
        return target._replace(path=file, kind=MOVED_FEED)
    lang = target.lang or index.settings.site.default_language
    return PlannedArtifact(page, MOVED_PAGE, lang, target.path)
