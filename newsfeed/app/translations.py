"""Wire what is known about translations: the library as the last build left it, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from newsfeed.app.context import source_of
from newsfeed.app.current_texts import read_current_texts
from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.files import open_file, replace_file, write_new
from newsfeed.marking import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.current_texts import CurrentTexts
    from newsfeed.core.content.coverage import CoverageFilter, CoveragePoint, Share, TextCoverage
    from newsfeed.editorial.exchange import ImportResult
    from newsfeed.editorial.translation_gaps import TranslationGap
    from newsfeed.settings import Settings

MOST_BYTES = 100_000_000
"""Of a file that comes back from translators."""


@dataclass(frozen=True, slots=True)
class TranslationReport:
    """The translations of a site, as far as somebody asked for them."""

    settings: Settings
    shares: Mapping[str, Share]
    """Language → counts of all texts that were asked for."""
    texts: Sequence[TextCoverage]
    """All of them; in a brief report those that are shown."""
    gaps: Mapping[str, TranslationGap]
    """Path of an outdated translation → how far it is behind."""
    begun: Collection[str] = ()
    """Paths of missing translations whose files are there: their errors keep them out of the library."""
    points: Sequence[CoveragePoint] = ()
    """The coverage over time, where that was asked for and there is a history."""
    is_shallow: bool = False
    """The history does not go back to its beginning."""


def report_translations(
    root: Path,
    output: Path,
    now: datetime,
    environment: Mapping[str, str],
    wanted: CoverageFilter,
    *,
    over_time: bool = False,
    most: Mapping[str, int] | None = None,
) -> TranslationReport:
    """Tell which texts wait for a translation. ``output``: the folder that the site is built into; ``most``:
    for a brief report, status → how many translations of it are shown, the newest ones.

    Raises `UsageError` for a language or topic that the site does not have, `ProblemsFound` when its
    configuration cannot be used.
    """
    from newsfeed.core.content.coverage import OUTDATED, trace_coverage
    from newsfeed.editorial.translation_gaps import find_gaps
    from newsfeed.sources.text_history import GitHistory

    known = read_current_texts(root, output, now, environment)
    context, has = known.context, known.has
    settings = context.settings
    _check(wanted, settings)
    texts, shares = _cover(known, wanted, None if over_time else most, needs_stories=over_time)
    originals = {
        text.original.path for text in texts if any(state.status == OUTDATED for state in text.states)
    }
    history = GitHistory(root)
    gaps = find_gaps(texts, history, {path: context.source.read(path) for path in originals})
    begun = _find_begun(texts, has or (lambda path: (root / path).exists()))
    if not over_time:
        return TranslationReport(settings, shares, texts, gaps, begun)
    languages = [lang for lang in settings.site.languages if not wanted.languages or lang in wanted.languages]
    points = trace_coverage(history.events(), languages, now)
    return TranslationReport(settings, shares, texts, gaps, begun, points, history.is_shallow())


def _cover(
    known: CurrentTexts, wanted: CoverageFilter, most: Mapping[str, int] | None, *, needs_stories: bool
) -> tuple[Sequence[TextCoverage], Mapping[str, Share]]:
    """Return the texts that are asked for, or the newest of them, and the counts of all. Stories are read
    only where their rows do not say enough. ``needs_stories``: all that they say is wanted.
    """
    from newsfeed.core.content import coverage

    library, languages = known.library, known.context.settings.site.languages
    if known.rows is None or wanted.people or needs_stories:
        texts = list(wanted.apply(coverage.list_coverage(library, languages)))
        return texts, coverage.count_states(texts)
    if most is None:
        stories = coverage.list_coverage_of_rows(known.rows, library, languages)
        texts = list(wanted.apply(chain(stories, coverage.list_other_coverage(library, languages))))
        return texts, coverage.count_states(texts)
    counted, picked = coverage.pick_stories(known.rows, languages, wanted, most)
    texts = list(wanted.apply(coverage.list_coverage(library, languages, picked)))
    others = coverage.count_states(text for text in texts if text.kind != "news")
    return texts, coverage.add_shares(counted, others)


def _find_begun(texts: Sequence[TextCoverage], has: Callable[[str], bool]) -> set[str]:
    """Return the paths of missing translations whose files are there."""
    from newsfeed.core.content.coverage import MISSING

    missing = (state.path for text in texts for state in text.states if state.status == MISSING)
    return {path for path in missing if has(path)}


def _check(wanted: CoverageFilter, settings: Settings) -> None:
    """Raise `UsageError` for what the site does not have."""
    for lang in wanted.languages:
        if lang not in settings.site.languages:
            raise UsageError(
                N_("the site has no edition in “{value}”"),
                N_("editions are: {known}"),
                value=lang,
                known=", ".join(settings.site.languages),
            )
    for topic in wanted.topics:
        if topic not in settings.topics:
            raise UsageError(
                N_("the site has no topic “{value}”"),
                N_("topics are: {known}"),
                value=topic,
                known=", ".join(settings.topics) or "–",
            )


def export_texts(
    root: Path,
    output: Path,
    now: datetime,
    environment: Mapping[str, str],
    wanted: CoverageFilter,
    form: str,
    *,
    only_changed: bool,
) -> tuple[bytes, int]:
    """Return a file for translators into the one language of ``wanted``, and how many pieces it has.

    form: one of `EXCHANGE_FORMATS`; ``only_changed``: what is translated and up to date is left out.
    """
    from newsfeed.core.content.coverage import list_coverage
    from newsfeed.editorial.exchange import collect_units
    from newsfeed.render.exchange import exchange_format

    library, context, *_ = read_current_texts(root, output, now, environment)
    _check(wanted, context.settings)
    (lang,) = wanted.languages
    texts = wanted.apply(list_coverage(library, context.settings.site.languages))
    units = list(collect_units(texts, source_of(root, context.settings), only_changed=only_changed))
    exchange = exchange_format(form)
    assert exchange is not None  # asked before
    return exchange.write(units, lang), len(units)


def import_texts(
    root: Path, output: Path, now: datetime, environment: Mapping[str, str], data: bytes, form: str
) -> ImportResult:
    """Put a file that came back from translators into the site. Raises `UsageError` when it cannot be read,
    or is for no language of the site.
    """
    from newsfeed.core.content.coverage import CoverageFilter, list_coverage
    from newsfeed.editorial.exchange import import_units
    from newsfeed.render.exchange import exchange_format

    exchange = exchange_format(form)
    assert exchange is not None  # asked before
    lang, units = exchange.read(data)
    library, context, *_ = read_current_texts(root, output, now, environment)
    wanted = CoverageFilter(languages=[lang])
    _check(wanted, context.settings)
    texts = wanted.apply(list_coverage(library, context.settings.site.languages))
    return import_units(units, texts, source_of(root, context.settings))


def read_exchange_file(path: Path) -> bytes:
    """Return the bytes of a file that came back. Raises `OutsideError` when it cannot be read, or is too
    large to be one.
    """
    try:
        with open_file(path) as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise OutsideError(N_("{path}: {reason}"), path=str(path), reason=reason_of(error)) from error
    if len(data) > MOST_BYTES:
        reason = Sentence(N_("the file is too big"))
        raise OutsideError(N_("{path}: {reason}"), path=str(path), reason=reason)
    return data


def write_result(path: Path, data: bytes) -> None:
    """Write a file, new or not. Raises `OutsideError` when that cannot be."""
    try:
        if path.exists():
            replace_file(path.resolve(), data)
        else:
            write_new(path, data)
    except OSError as error:
        raise OutsideError(N_("{path}: {reason}"), path=str(path), reason=reason_of(error)) from error
