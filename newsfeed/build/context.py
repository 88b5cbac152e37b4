"""Hold what the functions of the build verb share: where texts come from, and what they are shown with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsfeed.build.cache.pictures import PictureCache
    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.model import Story
    from newsfeed.ports import Source
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Settings


class ReadingContext(Protocol):
    """The part of a build context that texts are read with."""

    @property
    def source(self) -> Source:
        """The place that files come from."""

    @property
    def settings(self) -> Settings:
        """The configuration."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that texts may use."""

    @property
    def show(self) -> Callable[[Story], Story] | None:
        """Return what changes each story before anybody sees it."""


@dataclass(frozen=True, slots=True)
class TextContext:
    """A context of which texts are read, and none is shown."""

    source: Source
    settings: Settings
    vocabulary: Vocabulary
    show: Callable[[Story], Story] | None = None


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
