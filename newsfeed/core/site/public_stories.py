"""Of all stories those that are public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from newsfeed.model import Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.site.index import StoryRow


class PublicStories(Mapping[str, Story]):
    """The public stories of a library, in the order of their rows."""

    def __init__(self, stories: Mapping[str, Story], rows: Mapping[str, StoryRow]) -> None:
        self._stories = stories
        self._rows = rows

    def __getitem__(self, key: str) -> Story:
        if key not in self._rows:
            raise KeyError(key)
        return self._stories[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
