"""Pages that show one text in full: stories and static pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site.pages.kit import ViewContext, make_body_source, msgid
from newsfeed.views import Attachment, FactRow, Frame, StaticView, StoryView

if TYPE_CHECKING:
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import ShownText
    from newsfeed.model import Content, Story
    from newsfeed.settings import Language


def make_story_view(kit: ViewContext, planned: PlannedArtifact, language: Language) -> StoryView:
    """A story with its facts, each leading to more of the same."""
    story = kit.index.library.stories[planned.key]
    shown = _shown(kit, language, story)
    card = kit.card(language, shown)
    rows = (
        FactRow(msgid("Topics"), card.topics),
        FactRow(msgid("Countries"), kit.named(language, "countries", story.countries)),
        FactRow(msgid("Projects"), kit.named(language, "projects", story.projects)),
        FactRow(msgid("Programmes"), kit.named(language, "programmes", story.programmes)),
    )
    return StoryView(
        frame=_frame(kit, planned, language, shown),
        card=card,
        lead=card.summary if shown.item.summary_is_own else "",
        body=make_body_source(shown),
        picture=card.picture,
        facts=tuple(row for row in rows if row.anchors),
        attachments=_attachments(kit, story),
    )


def make_static_view(kit: ViewContext, planned: PlannedArtifact, language: Language) -> StaticView:
    """About, imprint."""
    shown = _shown(kit, language, kit.index.library.pages[planned.key])
    return StaticView(
        frame=_frame(kit, planned, language, shown),
        heading=shown.item.title,
        heading_lang=shown.item.lang if shown.is_fallback else "",
        fallback=kit.frames.fallback(language, shown),
        body=make_body_source(shown),
    )


def _attachments(kit: ViewContext, story: Story) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            kit.addresses.local(story.assets[one.path]),
            one.title or one.path.rsplit("/", 1)[-1],
            one.media_type,
            one.size,
        )
        for one in story.enclosures
    )


def _frame(kit: ViewContext, planned: PlannedArtifact, language: Language, shown: ShownText) -> Frame:
    """A page that repeats a text of another edition names that page as the canonical one."""
    own = kit.index.path_of(shown.item.lang, shown.content, shown.item)
    return kit.frames.frame(
        language,
        planned.path,
        kit.frames.content_places(shown.content),
        title=shown.item.title,
        title_lang=shown.item.lang if shown.is_fallback else "",
        description=shown.item.summary,
        canonical=own if shown.is_fallback else "",
    )


def _shown(kit: ViewContext, language: Language, content: Content) -> ShownText:
    shown = kit.index.shown(language, content)
    assert shown is not None, "only what an edition shows is planned"
    return shown
