"""Credits of a text, and the links to its film: as sentences for pages, feeds and mails."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsfeed.marking import msgid
from newsfeed.model import Story
from newsfeed.views import Anchor, Credit

if TYPE_CHECKING:
    from newsfeed.core.site.index import ShownText
    from newsfeed.model import Content
    from newsfeed.ports import Texts


def make_credits(texts: Texts, shown: ShownText) -> tuple[Credit, ...]:
    """Return who did what for a text, role by role, and who translated it, in the words of an edition."""
    story = shown.content
    assert isinstance(story, Story)
    by_role: dict[str, list[str]] = {}
    for author in story.roles:
        by_role.setdefault(author.role, []).append(author.name)
    found = [_in_role(texts, story, role, names) for role, names in by_role.items()]
    if shown.item.translators:
        sentence, lang = texts.labelled(msgid("Translated by {names}"))
        found.append(Credit(sentence.format(names=texts.together(shown.item.translators)), lang))
    return tuple(found)


def _in_role(texts: Texts, story: Story, role: str, names: list[str]) -> Credit:
    """Return a role with its names; one that nobody has translated stays as it was written, and says so."""
    named, lang = (role, texts.code) if texts.code == story.original else texts.name("role", role)
    text = texts.gettext("{role}: {names}").format(role=named, names=texts.together(names))
    return Credit(text, "" if lang == texts.code else story.original)


def make_image_credit(texts: Texts, content: Content) -> Credit | None:
    """Return who made the image of a text, in the words of an edition; ``None`` when that is not said."""
    name = getattr(content, "image_credit", "")
    if not name:
        return None
    sentence, lang = texts.labelled(msgid("Picture: {name}"))
    return Credit(sentence.format(name=name), lang)


def make_video(texts: Texts, shown: ShownText) -> Anchor | None:
    """Return the link to a text's film; ``None`` when it has none."""
    if not shown.item.video:
        return None
    sentence, lang = texts.labelled(msgid("Watch the video on {site}"))
    host = (urlsplit(shown.item.video).hostname or "").removeprefix("www.")
    return Anchor(shown.item.video, sentence.format(site=host), lang)
