"""Compare two texts word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SAME, REMOVED, ADDED = "same", "removed", "added"
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_MOST = 4_000
"""Words of a text that are compared one by one; longer ones are no paragraphs."""


class DiffPart(NamedTuple):
    """A stretch of text that is in both, or in one of them."""

    kind: str
    """`SAME`, `REMOVED` or `ADDED`."""
    text: str


def diff_words(before: str, after: str) -> list[DiffPart]:
    """Return the parts of both texts in order; white space counts as one blank."""
    old, new = (_WORDS.findall(" ".join(text.split())) for text in (before, after))
    if max(len(old), len(new)) > _MOST:
        return [DiffPart(REMOVED, "".join(old)), DiffPart(ADDED, "".join(new))]
    return [part for part in _parts(old, new) if part.text]


def _parts(old: list[str], new: list[str]) -> Iterator[DiffPart]:
    for kind, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield DiffPart(SAME, "".join(new[first:last]))
        else:
            yield DiffPart(REMOVED, "".join(old[start:end]))
            yield DiffPart(ADDED, "".join(new[first:last]))
