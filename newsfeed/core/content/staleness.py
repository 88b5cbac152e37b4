"""Tell what has changed in an original since it was translated, from the fingerprints in both files."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsfeed.model import Content, Item

NEW_SOURCE = "new"
"""Value of ``source`` that asks for the fingerprints to be put there."""
_ENTRY = r"(?:(?:title|summary|image_alt|image_caption)=)?[0-9a-f]{6}"
_NOTED = re.compile(f"{_ENTRY}(?: {_ENTRY})*")
_FORMER = re.compile(r"[0-9a-f]{24}")
"""One fingerprint of title, summary and body, as earlier versions noted it."""


class ParagraphChange(NamedTuple):
    """A paragraph that an original has otherwise than when it was translated."""

    kind: str
    """``edited``, ``moved``, ``added`` or ``removed``."""
    field: str
    """Key of the head; empty for a paragraph of the body."""
    number: int = 0
    """Of the paragraph in the original now, from 1; of a removed one, as it was."""
    before: int = 0
    """Number that an edited or moved paragraph had, from 1."""

    @property
    def name(self) -> str:
        """Return what it is called in reports: a key, or its number."""
        return self.field or f"¶\N{NO-BREAK SPACE}{self.number}"


class NotedSource(NamedTuple):
    """The paragraphs that a translation was made from."""

    fields: dict[str, str]
    """Key → fingerprint."""
    paragraphs: tuple[str, ...]


def read_source(source: str) -> NotedSource | None:
    """Read the value of ``source``; ``None`` when it does not name paragraphs."""
    joined = " ".join(source.split())
    if not _NOTED.fullmatch(joined):
        return None
    entries = joined.split(" ")
    fields = dict(entry.split("=") for entry in entries if "=" in entry)
    return NotedSource(fields, tuple([entry for entry in entries if "=" not in entry]))


def is_outdated(translation: Item, original: Item) -> bool:
    """Tell whether an original has changed since a translation was made, as far as its ``source`` says."""
    source = translation.source
    if not source or source in (NEW_SOURCE, original.paragraphs):
        return False
    if _FORMER.fullmatch(source):
        return source != original.text_fingerprint
    noted = read_source(source)
    return noted is None or noted != read_source(original.paragraphs)


def list_files(content: Content) -> set[str]:
    """Return the paths of all files of a text, also of those that are not shown."""
    return {item.path for table in (content.items, content.withheld) for item in table.values()}


def find_changes(source: str, now: str) -> Sequence[ParagraphChange]:
    """Return what has changed between two values of ``source``; nothing when one of them names no paragraphs.

    source: as a translation notes it; ``now``: as the original is.
    """
    before, after = read_source(source), read_source(now)
    if before is None or after is None:
        return ()
    return [*_fields(before.fields, after.fields), *_paragraphs(before.paragraphs, after.paragraphs)]


def _fields(before: dict[str, str], after: dict[str, str]) -> Iterator[ParagraphChange]:
    for key in dict.fromkeys([*after, *before]):
        if before.get(key) != after.get(key):
            kind = "added" if key not in before else "removed" if key not in after else "edited"
            yield ParagraphChange(kind, key)


def _paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[ParagraphChange]:
    runs = match_paragraphs(before, after)
    moved = _find_moved(before, after, runs)
    gone = frozenset(moved.values())
    for _, start, end, first, last in runs:
        old = [place for place in range(start, end) if place not in gone]
        new = [place for place in range(first, last) if place not in moved]
        both = min(len(old), len(new))
        for place in range(first, last):
            if place in moved:
                yield ParagraphChange("moved", "", place + 1, moved[place] + 1)
        for was, place in zip(old, new, strict=False):
            yield ParagraphChange("edited", "", place + 1, was + 1)
        for place in new[both:]:
            yield ParagraphChange("added", "", place + 1)
        for place in old[both:]:
            yield ParagraphChange("removed", "", place + 1)


def find_moved(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Return place now → place then of the paragraphs that say what they said, elsewhere; both from 0."""
    return _find_moved(before, after, match_paragraphs(before, after))


def _find_moved(
    before: Sequence[str], after: Sequence[str], runs: Sequence[tuple[str, int, int, int, int]]
) -> dict[int, int]:
    gone: dict[str, list[int]] = {}
    for _, start, end, _, _ in runs:
        for place in range(start, end):
            gone.setdefault(before[place], []).append(place)
    return {
        place: gone[after[place]].pop(0)
        for _, _, _, first, last in runs
        for place in range(first, last)
        if gone.get(after[place])
    }


def match_paragraphs(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return the runs in which two lists of fingerprints differ, as `difflib` counts them."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [run for run in matcher.get_opcodes() if run[0] != "equal"]


def keep_unchanged(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Return place now → place then of the paragraphs that are as they were, both from 0."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return {
        block.b + place: block.a + place
        for block in matcher.get_matching_blocks()
        for place in range(block.size)
    }
