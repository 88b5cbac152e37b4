"""Plan the pages and feeds of sent issues: from their records, so no story can change them; but what was
withdrawn is not shown there any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.artifact import PlannedArtifact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from newsfeed.core.site.index import SiteIndex
    from newsfeed.records import PublishedEdition, PublishedIssue
    from newsfeed.settings import Language, Settings


ISSUE_PAGES = ("issue-list", "issue")
"""Kinds of artifacts."""


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


def plan_issues_with(
    stories: AbstractSet[str], index: SiteIndex, language: Language
) -> Iterator[PlannedArtifact]:
    """Yield what shows issues of an edition that hold one of some stories."""
    if not stories:
        return
    lang = language.code
    found = {
        (issue.digest, issue.key)
        for issue in index.settings.issues
        if lang in issue.editions and not stories.isdisjoint(list_stories(issue.editions[lang]))
    }
    digests = {digest for digest, _ in found}
    for planned in plan_issues(index.settings, lang):
        if planned.kind == "issue":
            if (planned.section, planned.key) in found:
                yield planned
        elif planned.key in digests:
            yield planned


def list_stories(edition: PublishedEdition) -> list[str]:
    """Return the ids of the stories that an issue holds in an edition."""
    return [entry.story for group in edition.groups for entry in group.entries]


def find_editions(settings: Settings, planned: PlannedArtifact) -> dict[str, str]:
    """Return edition → path of the same page there, for a page about issues."""
    if planned.kind == "issue-list":
        return {
            lang: urls.issue_path(lang, planned.key)
            for lang in settings.site.languages
            if planned.key in list_digests(settings, lang)
        }
    issue = find_issue(settings, planned)
    return {lang: urls.issue_path(lang, issue.digest, issue.key) for lang in issue.editions}


def find_issue(settings: Settings, planned: PlannedArtifact) -> PublishedIssue:
    """Return the issue that a page shows; of a list the newest one."""
    issues = list_issues(settings, planned.lang, planned.section or planned.key)
    return next((one for one in issues if one.key == planned.key), issues[0])


def list_digests(settings: Settings, lang: str) -> dict[str, str]:
    """Return name → title of the digests that have issues in an edition; the title is that of the newest."""
    found = {issue.digest: issue.editions[lang].title for issue in settings.issues if lang in issue.editions}
    return dict(sorted(found.items()))


def list_issues(settings: Settings, lang: str, digest: str) -> list[PublishedIssue]:
    """Return the issues of a digest in an edition, the newest first."""
    return [one for one in reversed(settings.issues) if one.digest == digest and lang in one.editions]
