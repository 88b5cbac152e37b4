"""References of one text to another by name, as Hugo's ``ref "river.md"``: a name is enough where one story
has it, anywhere in the archive.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsfeed.core.arriving.moved_text import Destination, MovedText

_ENDING = re.compile(r"\.(?:md|markdown|html?)$")
_LANGUAGE = re.compile(r"\.[a-z]{2,3}(?:-[a-z0-9]{2,8})?$")


class ReferenceFinder:
    """Finds the text that a reference means, among those that move."""

    def __init__(self, texts: Sequence[MovedText], destinations: Mapping[int, Destination]) -> None:
        self._texts = texts
        self._destinations = destinations

    def find(self, text: MovedText, path: str) -> str:
        """Return the origin of the text that another one means by a path, or by the end of one; in its own
        language before others. Empty when none or several stories have it.
        """
        wanted = posixpath.normpath(path.casefold()).strip("/")
        folder = posixpath.dirname(text.origin.casefold())
        beside = "" if path.startswith("/") else posixpath.normpath(posixpath.join(folder, wanted))
        found = self._by_name.get(wanted, ())
        near = [number for number in self._by_name.get(beside, ()) if beside in self._whole(number)]
        if not near and path.startswith("/") and found:
            # From the top of the content: what is found deepest down only ends like it.
            shortest = min(self._texts[number].origin.count("/") for number in found)
            found = [number for number in found if self._texts[number].origin.count("/") == shortest]
        return self._only_story(near or found, text.lang)

    def _only_story(self, numbers: Sequence[int], lang: str) -> str:
        own = [number for number in numbers if self._texts[number].lang == lang] or numbers
        stories = {self._destinations[number].story for number in own}
        return self._texts[own[0]].origin if len(stories) == 1 else ""

    @cached_property
    def _by_name(self) -> Mapping[str, list[int]]:
        """Every path, and end of one → the numbers of the texts that have it; needed by few archives."""
        found: dict[str, list[int]] = defaultdict(list)
        for number in self._destinations:
            for whole in self._whole(number):
                parts = whole.split("/")
                for start in range(len(parts)):
                    found["/".join(parts[start:])].append(number)
        return found

    def _whole(self, number: int) -> set[str]:
        return set(_spellings(self._texts[number].origin.casefold()))


def _spellings(origin: str) -> Iterator[str]:
    """Yield the paths that name a file: with and without language and ending, a bundle by its folder."""
    stem = _ENDING.sub("", origin)
    bare = _LANGUAGE.sub("", stem)
    yield from (origin, stem, bare, bare + origin[len(stem) :])
    if posixpath.basename(bare) == "index":
        yield posixpath.dirname(bare)
