"""Project and programme pages: text, facts, what belongs to them, related news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.outdated import make_outdated_notice
from newsfeed.core.site.pages.context import ViewContext, make_shared_picture, make_text_reference
from newsfeed.core.site.sections import Section
from newsfeed.marking import msgid
from newsfeed.views import Anchor, AnchorGroup, DossierView, FactRow, Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import ShownText
    from newsfeed.model import Project
    from newsfeed.settings import Language


def make_dossier_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> DossierView:
    """Make the view of one page of a project or programme; older pages have only older related news."""
    section = Section(planned.section, planned.key)
    shown = context.frames.dossier(language, section)
    project = context.index.library.projects.get(section.key) if section.name == "projects" else None
    page = context.card_page(planned, language, section)
    heading, heading_lang = _heading(context, language, section, shown)
    is_live = not planned.number
    return DossierView(
        frame=_frame(context, planned, language, shown, Anchor("", heading, heading_lang)),
        kind=section.name,
        heading=heading,
        heading_lang=heading_lang,
        lead=shown.item.summary if shown and is_live and shown.item.summary_is_own else "",
        fallback=context.frames.fallback(language, shown) if shown else None,
        body=make_text_reference(shown) if shown and is_live else None,
        picture=context.picture(language, shown) if shown and is_live else None,
        facts=_facts(context, language, project) if project and is_live else (),
        groups=_groups(context, language, section) if is_live else (),
        cards=page.cards,
        newer=page.newer,
        older=page.older,
        number=planned.number,
        about_feed=context.addresses.local(urls.about_feed_path(section.folder(language.code))),
        outdated=make_outdated_notice(context, language, shown) if shown and is_live else "",
    )


def _heading(
    context: ViewContext, language: Language, section: Section, shown: ShownText | None
) -> tuple[str, str]:
    """Return the text's own title; of a programme without a text its name in the vocabulary."""
    if shown is None:
        return context.frames.section_title(language, section)
    return shown.item.title, shown.item.lang if shown.is_fallback else ""


def _frame(
    context: ViewContext,
    planned: PlannedArtifact,
    language: Language,
    shown: ShownText | None,
    heading: Anchor,
) -> Frame:
    section = Section(planned.section, planned.key)
    repeats = shown is not None and shown.is_fallback and not planned.number
    return context.frames.frame(
        language,
        planned.path,
        context.frames.list_links(section, planned, language),
        title=heading.text,
        title_lang=heading.lang,
        description=shown.item.summary if shown else "",
        section=section,
        trail=context.trails.section(language, section, is_inside=bool(planned.number)),
        canonical=section.live_path(shown.item.lang) if shown is not None and repeats else "",
        picture=make_shared_picture(context, language, shown) if shown and not planned.number else None,
    )


def _facts(context: ViewContext, language: Language, project: Project) -> tuple[FactRow, ...]:
    programme = (project.programme,) if project.programme else ()
    period = context.texts[language.code].period(project.start, project.end)
    rows = (
        FactRow(msgid("Programme"), context.section_anchors(language, "programmes", programme)),
        FactRow(msgid("Countries"), context.section_anchors(language, "countries", project.countries)),
        FactRow(msgid("Duration"), _plain(period)),
        FactRow(msgid("Donors"), _vocabulary(context, language, "donor", project.donors)),
        FactRow(msgid("Partners"), _vocabulary(context, language, "partner", project.partners)),
        FactRow(msgid("Topics"), context.section_anchors(language, "topics", project.topics)),
        FactRow(msgid("Organisation"), _plain(project.organisation)),
        FactRow(msgid("City"), _plain(project.city)),
    )
    return tuple(row for row in rows if row.anchors)


def _groups(context: ViewContext, language: Language, section: Section) -> tuple[AnchorGroup, ...]:
    """Return links to the projects of a programme, and to the countries they work in."""
    if section.name != "programmes":
        return ()
    projects = [
        project for project in context.index.library.projects.values() if project.programme == section.key
    ]
    countries = dict.fromkeys(code for project in projects for code in project.countries)
    groups = (
        AnchorGroup(
            msgid("Projects"),
            context.sorted_anchors(language, [Section("projects", project.id) for project in projects]),
        ),
        AnchorGroup(
            msgid("Countries"),
            context.sorted_anchors(language, [Section("countries", code) for code in countries]),
        ),
    )
    return tuple(group for group in groups if group.anchors)


def _vocabulary(
    context: ViewContext, language: Language, vocabulary: str, keys: Sequence[str]
) -> tuple[Anchor, ...]:
    names = (context.texts[language.code].name(vocabulary, key) for key in keys)
    return tuple(Anchor("", name, "" if lang == language.code else lang) for name, lang in names)


def _plain(text: str) -> tuple[Anchor, ...]:
    return (Anchor("", text),) if text else ()
