"""Pages that list stories: home, topics, countries, authors, months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.headings import SECTION_HEADINGS
from newsfeed.core.site.pages.indexes import make_author_line
from newsfeed.core.site.sections import NAMED_AT_HOME, SITE, Section
from newsfeed.marking import msgid
from newsfeed.model import Month, Project
from newsfeed.views import AnchorGroup, ListView

if TYPE_CHECKING:
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.settings import Language


def make_list_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> ListView:
    """Make the view of one page of a section's list; the live one also links to related sections."""
    section = Section(planned.section, planned.key)
    page = context.card_page(planned, language, section)
    heading, heading_lang = context.frames.section_title(language, section)
    frame = context.frames.frame(
        language,
        planned.path,
        context.frames.list_links(section, planned, language),
        title=heading if planned.section else "",
        title_lang=heading_lang,
        description=context.frames.feed_description(language, section),
        section=section,
        trail=context.trails.section(language, section, is_inside=bool(planned.number)),
    )
    return ListView(
        frame=frame,
        kind=planned.section or "home",
        heading=heading,
        heading_lang=heading_lang,
        cards=page.cards,
        groups=() if planned.number else _groups(context, language, section),
        about=make_author_line(context, language, section) if section.name == "authors" else None,
        own=context.section_href(language, section) if section.name == "topics" else "",
        newer=page.newer,
        older=page.older,
        number=planned.number,
        about_feed=context.addresses.local(urls.about_feed_path(section.folder(language.code))),
        invitation=context.invitations.get(language.code)
        if section.name == SITE and not planned.number
        else None,
    )


def make_month_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> ListView:
    """Make the view of the list of one month's stories."""
    year, month = (int(part) for part in planned.key.split("-"))

    def elsewhere(other: Language) -> tuple[str, bool] | None:
        there = (year, month) in context.index.lists.months(other)
        return (urls.archive_path(other.code, year, month), False) if there else None

    heading = context.texts[language.code].month(Month(year, month))
    return ListView(
        frame=context.frames.frame(
            language,
            planned.path,
            context.frames.language_links(elsewhere),
            title=heading,
            trail=context.trails.archive(language, year, month),
        ),
        kind="month",
        heading=heading,
        heading_lang="",
        cards=context.cards_of(language, context.index.lists.months(language)[year, month]),
        groups=(),
        about=None,
        own="",
        newer=None,
        older=None,
        number=0,
        about_feed="",
    )


def _groups(context: ViewContext, language: Language, section: Section) -> tuple[AnchorGroup, ...]:
    if section.name == SITE:
        groups = (
            AnchorGroup(
                SECTION_HEADINGS[name],
                context.sorted_anchors(
                    language, [other for other in context.index.by_section if other.name == name]
                ),
            )
            for name in NAMED_AT_HOME
        )
        return tuple(group for group in groups if group.anchors)
    projects = [
        Section("projects", project.id)
        for project in context.index.library.projects.values()
        if section.key in _keys_of(project, section.name)
    ]
    anchors = context.sorted_anchors(language, projects)
    return (AnchorGroup(msgid("Projects"), anchors),) if anchors else ()


def _keys_of(project: Project, name: str) -> tuple[str, ...]:
    return {"topics": project.topics, "countries": project.countries}.get(name, ())
