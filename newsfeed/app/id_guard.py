"""Wire the guard of ids: what a change does to the ids of stories that were published before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.content.id_guard import (
    find_id_changes,
    find_late_translations,
    may_touch_ids,
    read_guarded,
)
from newsfeed.core.content.library import is_story
from newsfeed.core.content.links import derive_stem
from newsfeed.model import RawFile

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.core.content.id_guard import GuardedText
    from newsfeed.problems import Problem
    from newsfeed.settings import Settings

NEWS = "news"
"""The folder of the texts whose ids are known to feed readers and in mails."""
_WITHDRAWN = b"withdrawn"


def guard_against_commit(
    root: Path, base: str, paths: Collection[str] | None, now: datetime
) -> list[Problem]:
    """Return what the content files of a work tree do to ids that were published with a commit. Raises
    `UsageError` when there is no such commit.

    paths: those that differ from it; ``None``: git is asked.
    """
    from newsfeed.sources.git_changes import find_commit, list_changed
    from newsfeed.sources.git_history import read_files_at

    commit = find_commit(root, base)
    if not commit:  # nothing was ever published
        return []
    if paths is None:
        paths = list_changed(root, commit, (NEWS,))
    return _guard(root, paths, lambda wanted: read_files_at(root, commit, wanted), now)


def guard_against_folder(root: Path, before: Path, paths: Iterable[str], now: datetime) -> list[Problem]:
    """Return what the files of a site do to ids that were published from another folder; ``paths`` differ."""

    def read(wanted: Collection[str]) -> Mapping[str, bytes]:
        found = ((path, _read(before, path)) for path in wanted)
        return {path: data for path, data in found if data is not None}

    return _guard(root, paths, read, now)


def _guard(
    root: Path,
    paths: Iterable[str],
    read_before: Callable[[Collection[str]], Mapping[str, bytes]],
    now: datetime,
) -> list[Problem]:
    from newsfeed.app.context import report_of

    texts = sorted(path for path in paths if is_story(path) and path.endswith(".md"))
    if not texts:
        return []
    old = read_before(texts)
    read = ((path, _read(root, path)) for path in texts)
    new = {path: data for path, data in read if data is not None}
    touched = {path for path in old if path not in new or may_touch_ids(old[path], new[path])}
    late = dict(_withdrawn_originals(root, new.keys() - old.keys()))
    if not touched and not late:  # an everyday edit: nothing is parsed, not even the configuration
        return []
    from newsfeed.config import loader

    settings, _ = loader.load_settings(root)
    if settings is None:
        return []
    before = _texts({path: old[path] for path in touched}, settings)
    now_there = {path: data for path, data in new.items() if path in touched or path not in old}
    after = _texts(now_there, settings)
    found = find_id_changes(before, after, now_there.keys() - after.keys(), settings.site.removed, now)
    originals = _texts({path: _read(root, path) or b"" for path in late.values()}, settings)
    withdrawn = {one.stem: one.path for one in originals.values() if one.is_withdrawn}
    return report_of(root, [*found, *find_late_translations(before, after, withdrawn)])


def _texts(files: Mapping[str, bytes], settings: Settings) -> dict[str, GuardedText]:
    """Return path → text of those files that say enough."""
    read = (read_guarded(RawFile(path, data, size=len(data)), settings) for path, data in files.items())
    return {one.path: one for one in read if one is not None}


def _withdrawn_originals(root: Path, paths: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield stem and path of files beside new ones that may say that their story was withdrawn."""
    stems = {derive_stem(path) for path in paths}
    for folder in sorted({path.rpartition("/")[0] for path in paths}):
        for file in (root / folder).iterdir():
            path = f"{folder}/{file.name}"
            stem = derive_stem(path) if path.endswith(".md") else ""
            if stem in stems and _WITHDRAWN in (_read(root, path) or b""):
                yield stem, path


def _read(root: Path, path: str) -> bytes | None:
    """Return the bytes of a content file; ``None`` when it is gone, or is none."""
    from newsfeed.files import read_file

    try:
        return read_file(root / path)
    except OSError:
        return None
