"""Pages that name all sections of a kind: all topics, all countries, all authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site.headings import SECTION_HEADINGS
from newsfeed.core.site.sections import Section, list_sections
from newsfeed.views import Anchor, IndexEntry, IndexView

if TYPE_CHECKING:
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.settings import Language


def make_index_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> IndexView:
    """Make the view of the page that names all sections of a kind, each with what it is about."""
    heading, heading_lang = context.texts[language.code].labelled(SECTION_HEADINGS[planned.section])
    entries = [
        _entry(context, language, section)
        for section in list_sections(context.index, language, planned.section)
    ]
    sort_key = context.texts[language.code].sort_key
    return IndexView(
        frame=context.frames.frame(
            language,
            planned.path,
            context.frames.index_links(planned.section),
            title=heading,
            title_lang=heading_lang,
            trail=context.trails.home(language),
        ),
        kind=planned.section,
        heading=heading,
        heading_lang=heading_lang,
        entries=tuple(sorted(entries, key=lambda entry: sort_key(entry.anchor.text))),
    )


def _entry(context: ViewContext, language: Language, section: Section) -> IndexEntry:
    anchor = context.frames.anchor(language, section)
    about = make_author_line(context, language, section) if section.name == "authors" else None
    shown = context.frames.dossier(language, section)
    if shown is not None:
        about = Anchor("", shown.item.summary, shown.item.lang if shown.is_fallback else "")
    return IndexEntry(anchor, about, len(context.index.lists.shown_in(language, section)))


def make_author_line(context: ViewContext, language: Language, section: Section) -> Anchor | None:
    """Return the line that the configuration has about a person or desk; ``None`` without one."""
    if section.key not in context.index.settings.authors:
        return None
    text, lang = context.texts[language.code].name("author", section.key)
    return Anchor("", text, "" if lang == language.code else lang)
