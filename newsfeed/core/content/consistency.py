"""What the files of one text say that cannot all be true, or that one of them leaves out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsfeed.model import Month
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsfeed.core.content.parse import ParsedFile

_DATES = (
    ("updated", "date", "updated-before-date"),
    ("expires", "date", "expires-before-date"),
    ("end", "start", "end-before-start"),
)
"""(fact, the fact that it cannot come before, what it is when it does)."""


def repeated_facts(group: Sequence[ParsedFile], original: ParsedFile) -> Iterator[Problem]:
    """Facts that translations give, which are the original's to give."""
    for parsed in group:
        if parsed is not original:
            yield from _facts(parsed, original)


def find_inconsistencies(group: Sequence[ParsedFile], original: ParsedFile) -> Iterator[Problem]:
    """Dates in a wrong order, images without words, translations of an older text."""
    assert original.item is not None
    yield from _dates(original)
    has_image = "image" in original.facts and original.facts["image"].value
    for parsed in group:
        if parsed.item is None:
            continue
        if has_image and not parsed.item.image_alt:
            yield problem("image-alt-missing", Location(parsed.path))
        current, known = original.item.text_fingerprint, parsed.item.source
        if parsed is not original and known and known != current:
            yield problem("translation-stale", Location(parsed.path), other=original.path, value=current)


def _facts(translation: ParsedFile, original: ParsedFile) -> Iterator[Problem]:
    for key, fact in translation.facts.items():
        if key == "date":
            continue  # a second date makes a second original, which is reported as such
        theirs = original.facts.get(key)
        same = theirs is not None and theirs.value == fact.value
        code = "fact-in-translation" if same else "fact-conflict"
        yield problem(code, fact.where, key=key, other=original.path)


def _dates(original: ParsedFile) -> Iterator[Problem]:
    facts = original.facts
    for key, earlier, code in _DATES:
        if key in facts and earlier in facts and _before(facts[key].value, facts[earlier].value):
            yield problem(code, facts[key].where)


def _before(one: Any, other: Any) -> bool:
    """Whether a moment, day or month ends before another begins; a month holds all its days."""
    if isinstance(one, Month) or isinstance(other, Month):
        return (one.year, one.month) < (other.year, other.month)
    if isinstance(one, datetime):  # in one zone Python compares clocks, also when they are set back
        return bool(one.timestamp() < other.timestamp())
    return bool(one < other)
