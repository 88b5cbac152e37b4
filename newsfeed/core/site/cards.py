"""Social cards: what networks show of a story that has no picture, its title in the site's colours."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category
from urllib.parse import urlsplit

from newsfeed.core.content.asset_checks import DRAWING
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.urls import INDEX
from newsfeed.problems import Location, Problem, problem
from newsfeed.views import Picture

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from newsfeed.core.site.index import SiteIndex
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.model import Asset, Item, Story
    from newsfeed.settings import Settings

WIDTH, HEIGHT = 1200, 630
"""Pixels, which all networks show whole."""
_COLOUR = "#0b5d57"
"""Of links, unless the brand has one."""
_TOLD = 12
"""Letters that are named when some are missing."""
_SAME = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0", "\u2010": "-", "\u2011": "-", "\u00ad": ""})
"""Signs that many fonts lack, and others that look the same here, where no line breaks at them."""


class SocialCard(NamedTuple):
    """All that stands on a card."""

    title: str
    site: str
    host: str
    lang: str
    direction: str
    colour: str
    """``#rrggbb``."""


def card_path(page: str) -> str:
    """Return the path of a story's card: beside its page."""
    return page.removesuffix(INDEX) + "card.png"


def has_card(settings: Settings, assets: Mapping[str, Asset], story: Story, item: Item) -> bool:
    """Tell whether one language of a story has a card: it has no picture, and the font its letters."""
    font = settings.brand.card_font
    if font is None or can_be_shared(assets, story.image):
        return False
    return not any(_lacking(item.title, font.letters))


def can_be_shared(assets: Mapping[str, Asset], image: str) -> bool:
    """Tell whether networks show an image: there is one, and it is no drawing."""
    return bool(image) and assets[image].media_type != DRAWING


def plan_card(index: SiteIndex, lang: str, key: str, page: str) -> Iterator[PlannedArtifact]:
    """Yield the card of a story in an edition that has a text of its own. ``page``: its path."""
    if index.settings.brand.card_font is None:
        return
    story = index.library.stories[key]
    if has_card(index.settings, index.library.assets, story, story.items[lang]):
        yield PlannedArtifact(card_path(page), "card", lang, key)


def make_card(context: ViewContext, planned: PlannedArtifact) -> SocialCard:
    """Return what stands on a card."""
    settings = context.index.settings
    language = settings.languages[planned.lang]
    colour = settings.brand.colour
    return SocialCard(
        title=context.index.library.stories[planned.key].items[planned.lang].title.translate(_SAME),
        site=context.frames.site_title(language).translate(_SAME),
        host=urlsplit(settings.site.base_url).hostname or "",
        lang=planned.lang,
        direction=context.texts[planned.lang].direction,
        colour=colour.light if colour is not None else _COLOUR,
    )


def make_card_picture(context: ViewContext, story: Story, item: Item) -> Picture | None:
    """Return a story's card for its page; ``None`` when it has none."""
    index = context.index
    if not has_card(index.settings, index.library.assets, story, item):
        return None
    path = card_path(index.page_path(item.lang, story, item))
    return Picture(context.addresses.absolute(path), item.title, WIDTH, HEIGHT)


def find_lacking_letters(index: SiteIndex) -> Iterator[Problem]:
    """Yield, once for the site, the letters of titles that the font of cards lacks."""
    font = index.settings.brand.card_font
    if font is None or not font.digest:
        return
    titles = [
        missing
        for key in index.rows
        for item in index.library.stories[key].items.values()
        if (missing := set(_lacking(item.title, font.letters)))
    ]
    if titles:
        letters = " ".join(islice(sorted(set().union(*titles)), _TOLD))
        yield problem("card-letters", Location("config.toml", font.line), value=letters, count=len(titles))


def _lacking(title: str, letters: Collection[int]) -> Iterator[str]:
    """Yield the letters that a font cannot write; invisible signs need none."""
    for sign in title.translate(_SAME):
        if ord(sign) not in letters and category(sign) not in ("Cf", "Mn", "Zs"):
            yield sign
