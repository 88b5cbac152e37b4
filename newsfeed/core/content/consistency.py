"""Check the files of one text against each other: contradictions, and what one of them leaves out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsfeed.core.content.staleness import NEW_SOURCE, find_changes, is_outdated
from newsfeed.core.content.withdrawal import is_withdrawn
from newsfeed.model import Month
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.model import Item

_DATES = (
    ("updated", "date", "updated-before-date"),
    ("expires", "date", "expires-before-date"),
    ("end", "start", "end-before-start"),
)
"""(fact, the fact that it cannot come before, what it is when it does)."""


def repeated_facts(group: Sequence[ParsedFile], original: ParsedFile) -> Iterator[Problem]:
    """Report facts that stand in a translation instead of the original: one problem for each translation."""
    for parsed in group:
        if parsed is not original and (parsed.facts or parsed.unread_facts):
            yield _repeated(parsed, original)


def find_inconsistencies(group: Sequence[ParsedFile], original: ParsedFile) -> Iterator[Problem]:
    """Report dates in a wrong order, images without words, translations of an older text."""
    assert original.item is not None
    yield from _dates(original)
    if is_withdrawn(original):
        if original.facts["withdrawn"].value is True and "updated" not in original.facts:
            yield problem("withdrawn-undated", original.facts["withdrawn"].where)
        return
    has_image = "image" in original.facts and original.facts["image"].value
    for parsed in group:
        if parsed.item is None:
            continue
        if has_image and not parsed.item.image_alt:
            where = original.facts["image"].where if parsed is original else Location(parsed.path)
            yield problem("image-alt-missing", where)
        if not has_image and "image" not in original.unread_facts:
            yield from _words_without_image(parsed)
        if original.item.image_caption and has_image and not parsed.item.image_caption:
            yield problem("image-caption-missing", Location(parsed.path), other=original.path)
        if parsed.item.source:
            yield from _about_source(parsed, parsed.item, original.path, original.item)


def _about_source(parsed: ParsedFile, item: Item, path: str, original: Item) -> Iterator[Problem]:
    """Report what a file says of the state of the original, which lies at ``path``."""
    where = Location(parsed.path, *parsed.places["source"])
    if item.path == path:
        yield problem("source-in-original", where)
    elif item.source == NEW_SOURCE:
        yield problem("source-new", where, other=path, value=original.paragraphs)
    elif is_outdated(item, original):
        changes = find_changes(item.source, original.paragraphs)
        names = {
            kind: ", ".join(change.name for change in changes if change.kind == kind)
            for kind in ("edited", "moved", "added", "removed")
        }
        code = "translation-stale" if changes else "translation-stale-somewhere"
        yield problem(code, where, other=path, path=item.path, language=item.lang, **names)


def _words_without_image(parsed: ParsedFile) -> Iterator[Problem]:
    """Report what a file says about an image that is not there."""
    assert parsed.item is not None
    if parsed.item.image_alt:
        yield problem("image-alt-alone", Location(parsed.path, *parsed.places["image_alt"]))
    if parsed.item.image_caption:
        where = Location(parsed.path, *parsed.places["image_caption"])
        yield problem("image-key-alone", where, key="image_caption")
    for key in ("image_credit", "image_focus"):
        if key in parsed.facts:
            yield problem("image-key-alone", parsed.facts[key].where, key=key)


def _repeated(translation: ParsedFile, original: ParsedFile) -> Problem:
    places = dict(translation.unread_facts)
    places |= {key: (fact.where.line, fact.where.column) for key, fact in translation.facts.items()}
    keys = sorted(places, key=lambda key: places[key])
    given = {key: fact.value for key, fact in original.facts.items()}
    others = [
        key for key in keys if key not in translation.facts or given.get(key) != translation.facts[key].value
    ]
    first = "date" if "date" in places else (others or keys)[0]
    code = "original-twice" if first == "date" else "fact-conflict" if others else "fact-in-translation"
    where = Location(translation.path, *places[first])
    return problem(code, where, keys=", ".join(keys), other=original.path)


def _dates(original: ParsedFile) -> Iterator[Problem]:
    facts = original.facts
    for key, earlier, code in _DATES:
        if key in facts and earlier in facts and _before(facts[key].value, facts[earlier].value):
            yield problem(code, facts[key].where)
    withdrawn = facts["withdrawn"].value if "withdrawn" in facts else None
    if isinstance(withdrawn, datetime) and withdrawn.date() < facts["date"].value.date():
        yield problem("withdrawn-before-date", facts["withdrawn"].where)


def _before(one: Any, other: Any) -> bool:
    """Tell whether a moment, day or month ends before another begins; a month holds all its days."""
    if isinstance(one, Month) or isinstance(other, Month):
        return (one.year, one.month) < (other.year, other.month)
    if isinstance(one, datetime):  # in one zone Python compares clocks, also when they are set back
        return bool(one.timestamp() < other.timestamp())
    return bool(one < other)
