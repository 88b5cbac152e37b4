"""Find out since when a translation is behind its original, and what the paragraphs said before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from newsfeed.core.content.coverage import OUTDATED
from newsfeed.core.content.source_units import read_units
from newsfeed.core.content.staleness import read_source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from newsfeed.core.content.coverage import TextCoverage, TranslationState
    from newsfeed.core.content.source_units import SourceUnits
    from newsfeed.core.content.staleness import NotedSource, ParagraphChange


class TextVersion(NamedTuple):
    """A content file as it was committed."""

    commit: str
    moment: datetime
    data: bytes


class TextHistory(Protocol):
    """Content files as version control knows them."""

    def versions(self, paths: Collection[str]) -> Mapping[str, Sequence[TextVersion]]:
        """Return path → what was committed there, the newest first."""
        ...


class ParagraphDiff(NamedTuple):
    """A paragraph that is otherwise than when it was translated."""

    change: ParagraphChange
    before: str
    """Empty when it was not there, or nobody knows what it said."""
    after: str
    """Empty when it is there no more."""


class TranslationGap(NamedTuple):
    """The changes of an original since it was translated."""

    since: datetime | None
    """When the original changed first after it was translated; ``None`` when the history does not tell."""
    paragraphs: Sequence[ParagraphDiff]
    changed_together: bool
    """The newest change of the original came in one commit with a change of the translation."""


def find_gaps(
    texts: Iterable[TextCoverage], history: TextHistory, read: Mapping[str, bytes]
) -> dict[str, TranslationGap]:
    """Return path → gap of the outdated translations; ``read``: path → bytes of their originals now."""
    outdated = [(text, state) for text in texts for state in text.states if state.status == OUTDATED]
    paths = {path for text, state in outdated for path in (text.original.path, state.path)}
    versions = history.versions(paths) if paths else {}
    return {
        state.path: _gap(state, versions, text.original.path, read_units(read.get(text.original.path, b"")))
        for text, state in outdated
    }


def _gap(
    state: TranslationState,
    versions: Mapping[str, Sequence[TextVersion]],
    path: str,
    now: SourceUnits | None,
) -> TranslationGap:
    noted, originals = read_source(state.source), versions.get(path, ())
    since, known = None, dict[str, str]()
    if noted is not None:
        since, known = _look_back(noted, originals)
    after = now.by_fingerprint() if now else {}
    current = read_source(now.source) if now else None
    diffs = [
        ParagraphDiff(change, _text(change, noted, known, before=True), _text(change, current, after))
        for change in state.changes
    ]
    own = {version.commit for version in versions.get(state.path, ())}
    return TranslationGap(since, diffs, bool(originals) and originals[0].commit in own)


def _look_back(noted: NotedSource, versions: Sequence[TextVersion]) -> tuple[datetime | None, dict[str, str]]:
    """Return when the original left the state that was noted, and fingerprint → text of what it said."""
    wanted = {*noted.paragraphs, *(f"{key}={found}" for key, found in noted.fields.items())}
    known: dict[str, str] = {}
    left: datetime | None = None
    for version in versions:
        units = read_units(version.data)
        if units is None:
            continue
        known = {**{key: text for key, text in units.by_fingerprint().items() if key in wanted}, **known}
        if read_source(units.source) == noted:
            return left, known
        left = version.moment
    return None, known


def _text(
    change: ParagraphChange, source: NotedSource | None, texts: Mapping[str, str], *, before: bool = False
) -> str:
    """Return what a paragraph said before, or says now; empty when it was or is not there."""
    if source is None or change.kind == ("added" if before else "removed"):
        return ""
    if change.field:
        return texts.get(f"{change.field}={source.fields.get(change.field, '')}", "")
    number = change.before if before and change.before else change.number
    return texts.get(source.paragraphs[number - 1], "") if 0 < number <= len(source.paragraphs) else ""
