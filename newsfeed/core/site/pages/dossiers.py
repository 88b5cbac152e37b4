"""Project and programme pages: text, facts, what belongs to them, related news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.addresses import live_page
from newsfeed.core.site.index import Section, ShownText
from newsfeed.core.site.pages.kit import ViewContext, make_body_source, msgid
from newsfeed.views import Anchor, AnchorGroup, DossierView, FactRow, Frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.model import Project
    from newsfeed.settings import Language


def make_dossier_view(kit: ViewContext, planned: PlannedArtifact, language: Language) -> DossierView:
    """One page of a project or programme; older ones hold only older related news."""
    section = Section(planned.section, planned.key)
    shown = kit.frames.dossier(language, section)
    project = kit.index.library.projects.get(section.key) if section.name == "projects" else None
    cut = kit.cut(planned, language, section)
    heading, heading_lang = _heading(kit, language, section, shown)
    is_live = not planned.number
    return DossierView(
        frame=_frame(kit, planned, language, shown, Anchor("", heading, heading_lang)),
        kind=section.name,
        heading=heading,
        heading_lang=heading_lang,
        lead=shown.item.summary if shown and is_live and shown.item.summary_is_own else "",
        fallback=kit.frames.fallback(language, shown) if shown else None,
        body=make_body_source(shown) if shown and is_live else None,
        picture=kit.picture(shown) if shown and is_live else None,
        facts=_facts(kit, language, project) if project and is_live else (),
        groups=_groups(kit, language, section) if is_live else (),
        cards=cut.cards,
        newer=cut.newer,
        older=cut.older,
        number=planned.number,
        about_feed=kit.addresses.local(urls.about_feed_path(section.folder(language.code))),
    )


def _heading(
    kit: ViewContext, language: Language, section: Section, shown: ShownText | None
) -> tuple[str, str]:
    """The text's own title; a programme without a text has the name of the vocabulary."""
    if shown is None:
        return kit.frames.section_title(language, section)
    return shown.item.title, shown.item.lang if shown.is_fallback else ""


def _frame(
    kit: ViewContext, planned: PlannedArtifact, language: Language, shown: ShownText | None, heading: Anchor
) -> Frame:
    section = Section(planned.section, planned.key)
    repeats = shown is not None and shown.is_fallback and not planned.number
    return kit.frames.frame(
        language,
        planned.path,
        kit.frames.list_places(section, planned, language),
        title=heading.text,
        title_lang=heading.lang,
        description=shown.item.summary if shown else "",
        section=section,
        canonical=live_page(shown.item.lang, section) if shown is not None and repeats else "",
    )


def _facts(kit: ViewContext, language: Language, project: Project) -> tuple[FactRow, ...]:
    programme = (project.programme,) if project.programme else ()
    period = kit.words[language.code].period(project.start, project.end)
    rows = (
        FactRow(msgid("Programme"), kit.named(language, "programmes", programme)),
        FactRow(msgid("Countries"), kit.named(language, "countries", project.countries)),
        FactRow(msgid("Duration"), _plain(period)),
        FactRow(msgid("Donors"), _vocabulary(kit, language, "donor", project.donors)),
        FactRow(msgid("Partners"), _vocabulary(kit, language, "partner", project.partners)),
        FactRow(msgid("Topics"), kit.named(language, "topics", project.topics)),
        FactRow(msgid("Organisation"), _plain(project.organisation)),
        FactRow(msgid("City"), _plain(project.city)),
    )
    return tuple(row for row in rows if row.anchors)


def _groups(kit: ViewContext, language: Language, section: Section) -> tuple[AnchorGroup, ...]:
    """What a programme gathers: its projects, and the countries they work in."""
    if section.name != "programmes":
        return ()
    projects = [one for one in kit.index.library.projects.values() if one.programme == section.key]
    countries = dict.fromkeys(code for project in projects for code in project.countries)
    found = (
        AnchorGroup(
            msgid("Projects"), kit.anchors(language, [Section("projects", one.id) for one in projects])
        ),
        AnchorGroup(
            msgid("Countries"), kit.anchors(language, [Section("countries", code) for code in countries])
        ),
    )
    return tuple(group for group in found if group.anchors)


def _vocabulary(
    kit: ViewContext, language: Language, context: str, keys: Sequence[str]
) -> tuple[Anchor, ...]:
    found = (kit.words[language.code].name(context, key) for key in keys)
    return tuple(Anchor("", text, "" if lang == language.code else lang) for text, lang in found)


def _plain(text: str) -> tuple[Anchor, ...]:
    return (Anchor("", text),) if text else ()
