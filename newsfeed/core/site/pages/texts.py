"""Pages that show one text in full: stories and static pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.cards import make_card_picture
from newsfeed.core.site.outdated import make_outdated_notice
from newsfeed.core.site.pages.context import ViewContext, make_shared_picture, make_text_reference
from newsfeed.core.site.pages.credits import make_credits, make_video
from newsfeed.core.site.pages.onward import make_onward_lines, make_ways_to_follow
from newsfeed.marking import msgid
from newsfeed.views import (
    Anchor,
    EnclosureLink,
    FactRow,
    Frame,
    SharedTuple,
    StaticView,
    StoryView,
    TextFileView,
)

if TYPE_CHECKING:
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import ShownText
    from newsfeed.model import Content, Story
    from newsfeed.settings import Language
    from newsfeed.views import Picture


def make_story_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> StoryView:
    """Make the view of a story with its facts, each linking to the section it names."""
    story = context.index.library.stories[planned.key]
    shown = _shown(context, language, story)
    card = context.card(language, shown)
    row = context.index.rows[story.id]
    newer, older, related = make_onward_lines(context, language, row)
    countries = context.section_anchors(language, "countries", story.countries)
    rows = (
        FactRow(msgid("Topics"), card.topics),
        FactRow(msgid("Countries"), countries),
        FactRow(msgid("Projects"), context.section_anchors(language, "projects", story.projects)),
        FactRow(msgid("Programmes"), context.section_anchors(language, "programmes", story.programmes)),
    )
    own_path = context.index.page_path(shown.item.lang, story, shown.item)
    picture = make_shared_picture(context, language, shown) or make_card_picture(context, story, shown.item)
    trail = context.trails.story(language, story.date.year, story.date.month)
    frame = _frame(context, planned, language, shown, trail, picture=picture, article=True)
    settings = context.index.settings
    return StoryView(
        frame=frame,
        card=card,
        lead=card.summary if shown.item.summary_is_own else "",
        body=make_text_reference(shown),
        picture=card.picture,
        facts=tuple(row for row in rows if row.anchors),
        enclosures=_enclosures(context, story),
        kicker=SharedTuple((*card.topics[:1], *countries[:1])),
        related=related,
        newer=newer,
        older=older,
        follow=make_ways_to_follow(context, language, story.topics[:1]),
        structured=context.structured_data.story(frame, card, story, shown),
        text_file=context.addresses.local(urls.text_file_path(own_path)) if settings.output.markdown else "",
        credits=make_credits(context.texts[language.code], shown),
        video=make_video(context.texts[language.code], shown),
        invitation=context.invitations.get(language.code),
        outdated=make_outdated_notice(context, language, shown),
    )


def make_static_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> StaticView:
    """Make the view of a static page, such as the imprint."""
    shown = _shown(context, language, context.index.library.pages[planned.key])
    return StaticView(
        frame=_frame(context, planned, language, shown, context.trails.home(language)),
        heading=shown.item.title,
        heading_lang=shown.item.lang if shown.is_fallback else "",
        fallback=context.frames.fallback(language, shown),
        body=make_text_reference(shown),
        outdated=make_outdated_notice(context, language, shown),
    )


def _enclosures(context: ViewContext, story: Story) -> tuple[EnclosureLink, ...]:
    return tuple(
        EnclosureLink(
            context.addresses.local(story.assets[enclosure.path]),
            enclosure.title or enclosure.path.rsplit("/", 1)[-1],
            enclosure.media_type,
            enclosure.size,
        )
        for enclosure in story.enclosures
    )


def make_text_file_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> TextFileView:
    """Make the view of a story's text as Markdown; only editions with a text of their own have one."""
    story = context.index.library.stories[planned.key]
    shown = _shown(context, language, story)
    return TextFileView(
        title=shown.item.title,
        lang=shown.item.lang,
        published=story.date,
        updated=story.updated if story.updated != story.date else None,
        authors=story.authors,
        url=context.addresses.absolute(context.index.page_path(language.code, story, shown.item)),
        body=make_text_reference(shown),
    )


def _frame(
    context: ViewContext,
    planned: PlannedArtifact,
    language: Language,
    shown: ShownText,
    trail: SharedTuple[Anchor],
    *,
    article: bool = False,
    picture: Picture | None = None,
) -> Frame:
    """Make the frame of a text's page.

    One that repeats another edition's text names that edition's page as canonical.
    """
    own = context.index.page_path(shown.item.lang, shown.content, shown.item)
    return context.frames.frame(
        language,
        planned.path,
        context.frames.content_links(shown.content),
        title=shown.item.title,
        title_lang=shown.item.lang if shown.is_fallback else "",
        description=shown.item.summary,
        canonical=own if shown.is_fallback else "",
        trail=trail,
        article=article,
        picture=picture,
    )


def _shown(context: ViewContext, language: Language, content: Content) -> ShownText:
    shown = context.index.shown_text(language, content)
    assert shown is not None, "only what an edition shows is planned"
    return shown
