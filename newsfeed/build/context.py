"""Hold what the functions of the build verb share: where texts come from, and what they are shown with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsfeed.build.cache.pictures import PictureCache
    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.model import Story
    from newsfeed.ports import Source
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Settings


@dataclass(frozen=True, slots=True)
class BuildContext:
    """Everything stories are read and shown with; it depends on the environment, not on the stories."""

    source: Source
    settings: Settings
    texts: Mapping[str, CatalogueTexts]
    """Language → its catalogue."""
    templates: Templates
    vocabulary: Vocabulary
    show: Callable[[Story], Story] | None = None
    """Changes each story before anybody sees it, as previews do."""
    picture_cache: PictureCache | None = None
    """Pictures that earlier builds made."""
