"""Let originals stand in for outdated translations, where the site wants that (``fall-back``)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.core.content.languages import find_first_available
from newsfeed.core.site import urls
from newsfeed.model import Alias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.model import Item
    from newsfeed.settings import Settings


def withhold_outdated(
    items: Mapping[str, Item], original: ParsedFile, settings: Settings
) -> tuple[Mapping[str, Item], Mapping[str, Item]]:
    """Return language → item of those that are shown, and of outdated ones that are not.

    The addresses that were theirs lead on to what is shown instead.
    """
    withheld = {lang: item for lang, item in items.items() if item.is_outdated}
    if settings.translations.outdated != "fall-back" or not withheld:
        return items, {}
    shown = {lang: item for lang, item in items.items() if lang not in withheld}
    left = [alias for item in withheld.values() for alias in _left(item, shown, original, settings)]
    if left:
        origin = shown[original.lang]
        shown[original.lang] = replace(origin, aliases=(*origin.aliases, *left))
    return shown, withheld


def _left(item: Item, shown: Mapping[str, Item], original: ParsedFile, settings: Settings) -> Iterator[Alias]:
    """Yield the addresses that an item leaves."""
    yield from item.aliases
    instead = find_first_available(settings.languages[item.lang].chain, shown)
    if instead is not None and instead[1].slug == item.slug:
        return
    if original.kind == "news" and "date" in original.facts:
        day = original.facts["date"].value
        yield Alias(urls.story_path(settings.site.story_url, item.lang, day, item.slug))
    elif original.kind == "pages":
        yield Alias(urls.static_page_path(item.lang, item.slug))
