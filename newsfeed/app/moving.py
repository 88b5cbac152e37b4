"""Wire moves: archives of other programs into a site, and a site out of newsfeed."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.app.context import context_of, source_of
from newsfeed.errors import OutsideError, UsageError, reason_of
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from newsfeed.core.arriving.mapping import WordMapping
    from newsfeed.editorial.arriving.move_in import Archive
    from newsfeed.editorial.arriving.report import MoveReport
    from newsfeed.problems import Problem

_CONFIG = "config.toml"
_MAPPING_BYTES = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRequest:
    """A move of texts, as it was asked for."""

    source: str
    """A file, a folder, or for feeds a web address."""
    kind: str
    into: Path
    mapping: str = ""
    """Path of the mapping; empty: none."""
    lang: str = ""
    base_url: str = ""
    undated: date | None = None
    ids_from: str = ""
    """The feed that readers have: a file, or a web address; empty: none."""
    fetches_images: bool = False
    write: bool = False


@dataclass(frozen=True, slots=True)
class MovedIn:
    """The result of a move of texts."""

    report: MoveReport
    is_new_site: bool
    """There was no site before."""
    mapping_written: str = ""
    """Path of the mapping that was begun for the user to edit; empty when none was."""
    problems: tuple[Problem, ...] = ()
    """Of the site now, when something was written."""


def move_texts(
    request: MoveRequest, now: datetime, progress: Callable[[int], None] = lambda _: None
) -> MovedIn:
    """Move an archive into a site, or find out what that would do. Raises `UsageError` and `OutsideError`."""
    from newsfeed.editorial.arriving.move_in import MoveContext, MoveOptions, move_in
    from newsfeed.sources.archives.journal import JournalFile

    archive = open_archive(request)
    mapping = read_mapping(request.mapping)
    with _site_for(archive, request, now) as (root, is_new):
        context, _ = context_of(root)
        journal = JournalFile(request.into)
        source = source_of(root, context.settings)
        options = MoveOptions(
            mapping=mapping,
            lang=request.lang,
            undated=request.undated,
            fetch=_fetch_picture if request.fetches_images else None,
            known_ids=_ids_of_feed(request.ids_from),
            now=now,
            write=request.write,
        )
        try:
            report = move_in(
                archive,
                MoveContext(context.settings, context.vocabulary, source, source, journal),
                options,
                progress,
            )
        finally:
            journal.close()
    begun = _begin_mapping(request.mapping, report)
    problems: tuple[Problem, ...] = ()
    if request.write:
        from newsfeed.app.site import check

        problems = tuple(check(request.into, now)[0])
    return MovedIn(report, is_new, begun, problems)


def open_archive(request: MoveRequest) -> Archive:
    """Open an archive. Raises `UsageError` and `OutsideError`."""
    if not request.source.lower().startswith(("http://", "https://")) and not Path(request.source).exists():
        raise UsageError(N_("there is no {path}"), N_("name a file or folder"), path=request.source)
    from newsfeed.sources.archives.programs import open_archive_of

    return open_archive_of(request.kind, request.source, request.base_url)


def _ids_of_feed(place: str) -> dict[str, str]:
    """Return address → id of the feed that readers have."""
    from newsfeed.core.arriving.addresses import key_of_url
    from newsfeed.sources.archives.feed import FeedArchive

    texts = FeedArchive(place).texts() if place else ()
    return {key_of_url(url): text.guid for text in texts for url in text.urls if text.guid}


def _fetch_picture(address: str) -> tuple[bytes, str]:
    from newsfeed.sources.archives.web import fetch_picture

    return fetch_picture(address)


@contextmanager
def _site_for(archive: Archive, request: MoveRequest, now: datetime) -> Iterator[tuple[Path, bool]]:
    """Yield the site to move into; where there is none it is begun, in a dry run somewhere else."""
    from newsfeed.core.arriving.fresh_config import fresh_config, gather_facts
    from newsfeed.editorial.arriving.words import plain_text

    if (request.into / _CONFIG).exists():
        yield request.into, False
        return
    mapping = read_mapping(request.mapping)
    config = fresh_config(
        gather_facts(archive.texts(), mapping.topics),
        title=plain_text(archive.title),
        description=plain_text(archive.description),
        base_url=archive.base_url,
        lang=request.lang,
        own=archive.language,
        year=now.year,
        old=[*archive.old_feeds(), *archive.old_lists()],
    )
    if request.write:
        _write(request.into / _CONFIG, config)
        if not (request.into / ".gitignore").exists():
            _write(request.into / ".gitignore", "/public/\n/var/\n")
        yield request.into, True
        return
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder) / _CONFIG, config)
        yield Path(folder), True


def _write(path: Path, text: str) -> None:
    from newsfeed.files import write_new

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_new(path, text.encode())
    except OSError as error:
        raise OutsideError(N_("cannot write {path}: {reason}"), path=path, reason=reason_of(error)) from error


def read_mapping(path: str) -> WordMapping:
    """Return a mapping of words; an empty one when there is no such file. Raises `UsageError`."""
    from newsfeed.core.arriving.mapping import WordMapping, parse_mapping
    from newsfeed.sources.archives.opening import decode_text, read_archive_file

    if not path or not Path(path).exists():
        return WordMapping()
    return parse_mapping(decode_text(read_archive_file(Path(path), _MAPPING_BYTES)), path)


def _begin_mapping(path: str, report: MoveReport) -> str:
    """Write the mapping that was named and is not there yet, for the user to edit; return its path."""
    from newsfeed.core.arriving.mapping import write_mapping

    if not path or Path(path).exists():
        return ""
    remark = (
        'Category = topic. "" leaves it out; the number says how many texts have it.\n'
        'Tables [authors] and [languages] are possible, too: "old" = "new".'
    )
    _write(Path(path), write_mapping(report.topics, Counter(report.categories), remark))
    return path
