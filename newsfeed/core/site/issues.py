"""Plan the pages and feeds of sent issues: from their records alone, so no story can change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.artifact import PlannedArtifact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.records import PublishedIssue
    from newsfeed.settings import Settings


def plan_issues(settings: Settings, lang: str) -> Iterator[PlannedArtifact]:
    """Yield a page for each issue of an edition, and a list and feeds for each digest."""
    for digest in list_digests(settings, lang):
        yield PlannedArtifact(urls.issue_path(lang, digest), "issue-list", lang, digest)
        for form in settings.feeds.section_formats:
            path = urls.feed_path(urls.issue_folder(lang, digest), form)
            yield PlannedArtifact(path, "issue-feed", lang, digest, form=form)
        for issue in list_issues(settings, lang, digest):
            path = urls.issue_path(lang, digest, issue.key)
            yield PlannedArtifact(path, "issue", lang, issue.key, digest)


def list_digests(settings: Settings, lang: str) -> dict[str, str]:
    """Return name → title of the digests that have issues in an edition; the title is that of the newest."""
    found = {issue.digest: issue.editions[lang].title for issue in settings.issues if lang in issue.editions}
    return dict(sorted(found.items()))


def list_issues(settings: Settings, lang: str, digest: str) -> list[PublishedIssue]:
    """Return the issues of a digest in an edition, the newest first."""
    return [one for one in reversed(settings.issues) if one.digest == digest and lang in one.editions]
