"""Report of a move: what the archive had, what the site has of it, and what is doubtful."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from newsfeed.core.arriving.moved_text import Doubt


class MovedFileState(NamedTuple):
    """The outcome for one text."""

    origin: str
    title: str
    lang: str
    path: str
    """Empty: it was left out."""
    state: str
    """``written``, ``updated``, ``unchanged``, ``kept`` for one that an editor has changed, ``left-out``."""
    aliases: int = 0


@dataclass(slots=True)
class MoveReport:
    """All that became of an archive; grows while it is moved."""

    files: list[MovedFileState] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    had: Counter[str] = field(default_factory=Counter)
    """``texts``, ``stories``, ``addresses``, ``ids``, ``files``, ``remote-pictures`` → how many."""
    languages: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    topics: dict[str, str] = field(default_factory=dict)
    """Category → topic; empty: it is left out."""
    unknown_topics: Counter[str] = field(default_factory=Counter)
    """Topics that the site does not have → how many texts would have them."""
    shortcodes: Counter[str] = field(default_factory=Counter)

    lost_feeds: dict[str, str] = field(default_factory=dict)
    """Address of a feed that readers have, and that leads nowhere → that of one to take its place."""

    def count(self, state: str) -> int:
        """Return how many texts have this outcome."""
        return sum(1 for one in self.files if one.state == state)
