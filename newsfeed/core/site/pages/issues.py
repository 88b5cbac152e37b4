"""Pages and feeds of issues that were sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.frames import FEED_TYPES
from newsfeed.core.site.issues import find_editions, list_digests, list_issues, list_stories
from newsfeed.core.site.pages.withdrawn import show_edition
from newsfeed.marking import msgid
from newsfeed.views import (
    Anchor,
    FeedEntry,
    FeedLink,
    FeedView,
    IssueBody,
    IssueEntry,
    IssueGroup,
    IssueListView,
    IssueView,
    SharedTuple,
    TextReference,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.records import PublishedEdition, PublishedIssue
    from newsfeed.settings import Language


def make_issue_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> IssueView:
    """Make the view of one issue: ``planned`` has its key, and the digest as its section."""
    settings, lang, digest = context.index.settings, language.code, planned.section
    issues = list_issues(settings, lang, digest)
    place = next(number for number, one in enumerate(issues) if one.key == planned.key)
    issue = issues[place]
    edition = show_edition(context, issue, lang)

    def neighbour(at: int, words: str) -> Anchor | None:
        if not 0 <= at < len(issues):
            return None
        path = urls.issue_path(lang, digest, issues[at].key)
        return Anchor(context.addresses.local(path), *context.texts[lang].labelled(words))

    links = context.frames.same_in(find_editions(settings, planned))
    trail = context.trails.issue(language, digest, list_digests(settings, lang)[digest])
    frame = context.frames.frame(language, planned.path, links, title=_heading(edition), trail=trail)
    return IssueView(
        frame=frame._replace(feeds=_with_site_feeds(context, language, digest, frame.feeds)),
        heading=_heading(edition),
        day=_day(issue),
        newer=neighbour(place - 1, msgid("Newer issue")),
        older=neighbour(place + 1, msgid("Older issue")),
        issue=_body(context, edition, context.addresses.local),
    )


def make_issue_list_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> IssueListView:
    """Make the view of all issues of a digest: ``planned`` has its name as its key."""
    settings, lang, digest = context.index.settings, language.code, planned.key
    title = list_digests(settings, lang)[digest]
    links = context.frames.same_in(find_editions(settings, planned))
    trail = context.trails.home(language)
    frame = context.frames.frame(language, planned.path, links, title=title, trail=trail)
    issues = (
        (_day(one), Anchor(_address(context, lang, one), _heading(show_edition(context, one, lang))))
        for one in list_issues(settings, lang, digest)
    )
    return IssueListView(
        frame=frame._replace(feeds=_with_site_feeds(context, language, digest, frame.feeds)),
        heading=title,
        issues=tuple(issues),
        feeds=tuple(_feed_links(context, language, digest)),
    )


def make_issue_feed(
    context: ViewContext, planned: PlannedArtifact
) -> tuple[FeedView, list[tuple[FeedEntry, IssueBody]]]:
    """Return the feed of a digest's issues, with what each entry says: the newest, as many as other feeds
    have.
    """
    settings, lang, digest = context.index.settings, planned.lang, planned.key
    issues = list_issues(settings, lang, digest)
    shown = issues[: settings.feeds.items]
    title = list_digests(settings, lang)[digest]
    absolute = context.addresses.absolute
    site_title = context.frames.site_title(settings.languages[lang])
    view = FeedView(
        id=urls.feed_id(settings.site.authority, urls.issue_folder(lang, digest)),
        format=planned.form,
        lang=lang,
        title=title,
        description=title,
        home=absolute(urls.issue_path(lang, digest)),
        address=absolute(planned.path),
        updated=max([_changed(context, one, lang) for one in shown]),
        author=site_title,
        complete=len(shown) == len(issues),
    )
    return view, [
        (_entry(context, one, lang, site_title), _body(context, show_edition(context, one, lang), absolute))
        for one in shown
    ]


def _changed(context: ViewContext, issue: PublishedIssue, lang: str) -> datetime:
    """Return when an issue was sent, or the last of its stories was withdrawn."""
    withdrawn = context.index.lists.withdrawn
    rows = [withdrawn[key] for key in list_stories(issue.editions[lang]) if key in withdrawn]
    return max([issue.instant, *(row.updated for row in rows)])


def _entry(context: ViewContext, issue: PublishedIssue, lang: str, author: str) -> FeedEntry:
    edition = show_edition(context, issue, lang)
    titles = (entry.title for group in edition.groups for entry in group.entries if entry.lang == lang)
    return FeedEntry(
        id=urls.issue_id(context.index.settings.site.authority, issue.digest, issue.key, lang),
        lang=lang,
        direction=context.texts[lang].direction,
        title=_heading(edition),
        link=context.addresses.absolute(urls.issue_path(lang, issue.digest, issue.key)),
        published=issue.instant,
        updated=_changed(context, issue, lang),
        authors=(author,),
        summary=edition.intro or " · ".join(titles),
        notice="",
        categories=(),
        enclosures=(),
        picture=None,
        body=TextReference("", "", lang),
    )


def _heading(edition: PublishedEdition) -> str:
    """Return the subject without the title of the digest, which stands beside it."""
    return edition.subject.removesuffix(f" – {edition.title}")


def _body(context: ViewContext, edition: PublishedEdition, address: Callable[[str], str]) -> IssueBody:
    """Return what an issue says. ``address`` turns an output path into an address."""
    words = context.texts[edition.lang]

    def mark(lang: str) -> tuple[str, str, str]:
        """Return what is said of a text in a language: code and direction, and a notice; of the issue's own
        nothing.
        """
        if lang in ("", edition.lang):
            return "", "", ""
        notice = words.gettext("Text in %(language)s") % {"language": words.language(lang)}
        return lang, context.texts[lang].direction, notice

    note_lang, note_direction, notice = mark(edition.note_lang)
    return IssueBody(
        edition.intro,
        edition.note,
        note_lang,
        note_direction,
        notice,
        tuple(
            IssueGroup(
                group.heading,
                group.heading_lang,
                tuple(
                    IssueEntry(address(entry.path), entry.title, entry.summary, *mark(entry.lang))
                    for entry in group.entries
                ),
            )
            for group in edition.groups
        ),
    )


def _feed_links(context: ViewContext, language: Language, digest: str) -> list[FeedLink]:
    folder = urls.issue_folder(language.code, digest)
    title = list_digests(context.index.settings, language.code)[digest]
    return [
        FeedLink(
            context.addresses.local(urls.feed_path(folder, form)),
            FEED_TYPES[form][1],
            title,
            FEED_TYPES[form][0],
        )
        for form in context.index.settings.feeds.section_formats
    ]


def _with_site_feeds(
    context: ViewContext, language: Language, digest: str, feeds: tuple[FeedLink, ...]
) -> SharedTuple[FeedLink]:
    return SharedTuple((*_feed_links(context, language, digest), *feeds))


def _address(context: ViewContext, lang: str, issue: PublishedIssue) -> str:
    return context.addresses.local(urls.issue_path(lang, issue.digest, issue.key))


def _day(issue: PublishedIssue) -> date:
    return date.fromisoformat(issue.key[:10])
