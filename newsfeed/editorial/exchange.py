"""Send texts to translators as files of their programs, and put what comes back into the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content.coverage import COMPLETE, MISSING
from newsfeed.core.content.exchange import find_damage, list_exchange_units
from newsfeed.core.content.exchange_merge import merge_units
from newsfeed.core.content.source_units import read_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsfeed.core.content.coverage import TextCoverage, TranslationState
    from newsfeed.core.content.exchange import ExchangeUnit
    from newsfeed.editorial.writing import Folder


def collect_units(
    texts: Iterable[TextCoverage], folder: Folder, *, only_changed: bool
) -> Iterator[ExchangeUnit]:
    """Yield the pieces of texts with their translations into one language. ``only_changed``: those that wait,
    or whose source has changed.
    """
    for text in texts:
        for state in text.states:
            if not (only_changed and state.status == COMPLETE):
                yield from _units_of(text, state, folder, only_changed=only_changed)


def _units_of(
    text: TextCoverage, state: TranslationState, folder: Folder, *, only_changed: bool
) -> Iterator[ExchangeUnit]:
    original = read_units(folder.text(text.original.path).data or b"")
    if original is None:
        return
    data = None if state.status == MISSING else folder.text(state.path).data
    there = read_units(data) if data is not None else None
    noted = there.noted if there is not None else ""
    for unit in list_exchange_units(text.original.path, text.original.lang, original, data, noted):
        if not only_changed or not unit.target or unit.is_outdated:
            yield unit


class RefusedUnit(NamedTuple):
    """A piece that was not put into the site."""

    unit: ExchangeUnit
    reason: str
    """``unknown``, ``damaged``, ``late`` or ``unmatched``."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The files that were written, and the pieces that were not."""

    paths: Sequence[str]
    used: int
    refused: Sequence[RefusedUnit]


def import_units(
    units: Sequence[ExchangeUnit], texts: Iterable[TextCoverage], folder: Folder
) -> ImportResult:
    """Put pieces that came back into the translations of their texts.

    texts: with the state in the one language the pieces are in; others are unknown.
    """
    known = {text.original.path: text for text in texts if text.states}
    refused = [RefusedUnit(unit, "unknown") for unit in units if unit.path not in known]
    paths, used = [], 0
    by_path: dict[str, list[ExchangeUnit]] = {}
    for unit in units:
        by_path.setdefault(unit.path, []).append(unit)
    for path in by_path.keys() & known.keys():
        text = known[path]
        there = {one.id: one for one in _units_of(text, text.states[0], folder, only_changed=False)}
        fresh = []
        for unit in by_path[path]:
            known_unit = there.get(unit.id)
            is_as_before = known_unit is not None and known_unit.target == unit.target
            if known_unit is not None and is_as_before and not known_unit.is_outdated:
                used += 1
            elif not is_as_before and (damage := find_damage(unit)):
                refused.append(RefusedUnit(unit, "damaged", damage))
            else:
                fresh.append(unit)
        written, count, problems = _import_text(text, text.states[0], fresh, folder)
        paths += written
        used += count
        refused += problems
    return ImportResult(sorted(paths), used, refused)


def _import_text(
    text: TextCoverage, state: TranslationState, units: Sequence[ExchangeUnit], folder: Folder
) -> tuple[list[str], int, list[RefusedUnit]]:
    original = read_units(folder.text(text.original.path).data or b"")
    before = None if state.status == MISSING else folder.text(state.path).data
    if original is None:
        return [], 0, [RefusedUnit(unit, "unknown") for unit in units]
    merged = merge_units(text.original.lang, original, before, units)
    late = [RefusedUnit(unit, "late") for unit in merged.late]
    if merged.data is None:
        gone = {refusal.unit for refusal in late}
        return [], 0, [*late, *(RefusedUnit(unit, "unmatched") for unit in units if unit not in gone)]
    if not merged.used or merged.data == before:
        return [], merged.used, late
    if before is None:
        folder.create(state.path, merged.data)
    else:
        folder.rewrite(state.path, before, merged.data)
    return [state.path], merged.used, late
