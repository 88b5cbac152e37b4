"""Count answers by kind and status: for `/metrics`, and of nobody in particular."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

REDIRECT, MISSING, SERVICE = "redirect", "missing", "service"
"""Kinds besides those of files: old addresses, none, and readers' pages."""


class RequestCounts:
    """Answers so far, by kind and status. Only the event loop counts, so there is no lock."""

    def __init__(self) -> None:
        self._numbers: Counter[tuple[str, int]] = Counter()

    def add(self, kind: str, status: int) -> None:
        """Count an answer."""
        self._numbers[kind, status] += 1

    def by_class(self) -> Mapping[tuple[str, ...], int]:
        """Return how many there were: (kind, class such as ``2xx``) → number."""
        found: Counter[tuple[str, ...]] = Counter()
        for (kind, status), number in list(self._numbers.items()):
            found[kind, f"{status // 100}xx"] += number
        return found
