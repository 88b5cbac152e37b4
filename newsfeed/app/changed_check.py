"""Wire a check of what changed since a commit: quick, because the rest is known from the last build."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.app.background import ask_in_background
from newsfeed.config.site_layout import CONTENT_KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from newsfeed.build.cache.content_files import ContentFiles
    from newsfeed.build.cache.store import BuildCache
    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.problems import Problem
    from newsfeed.settings import Settings
    from newsfeed.sources.folder import FolderSource

_MOST = 200
_MOST_OF_ALL = 4
"""Files that are checked at most: so many, or a part of all; of more, the whole site is checked in several
processes.
"""


class ChangedCheck(NamedTuple):
    """A check of what differs from a commit."""

    paths: Collection[str]
    """The content files that differ."""
    problems: Sequence[Problem] | None
    """Theirs, in the order of a report; ``None`` when only a check of the whole site can tell them."""
    knows_build: bool = True
    """There is a build to ask."""


class _LastBuild(NamedTuple):
    """The last build of a site, as far as a check asks it."""

    cache: BuildCache
    inputs: ContentFiles


class _ReadingContext(NamedTuple):
    """See `newsfeed.build.changed_check.ReadingContext`."""

    source: FolderSource
    settings: Settings
    vocabulary: Vocabulary


def check_changed(root: Path, output: Path, base: str, environment: Mapping[str, str]) -> ChangedCheck:
    """Check the content files that differ from a commit. Raises `UsageError` when there is no such commit.

    output: the folder of the build that is asked. What one text does to another, such as an address that two
    of them have, is left to a check of the whole site.
    """
    from newsfeed.sources.git_changes import list_changed, look_at_work_tree

    listed = ask_in_background(partial(list_changed, root, base, CONTENT_KINDS))
    looked = ask_in_background(partial(look_at_work_tree, root, CONTENT_KINDS))
    last = _open_last_build(root, output, environment)
    paths = listed()
    if not paths or last is None:
        return ChangedCheck(paths, None if paths else (), knows_build=last is not None)
    from newsfeed.app.inputs import find_changed_inputs

    changed = find_changed_inputs(root, last.inputs, looked())
    if changed is None or len(changed | paths) > max(_MOST, len(last.inputs.stats) // _MOST_OF_ALL):
        return ChangedCheck(paths, None)
    return ChangedCheck(paths, _check(root, last.cache, changed | paths, paths))


def _open_last_build(root: Path, output: Path, environment: Mapping[str, str]) -> _LastBuild | None:
    """Open what the last build left; ``None`` when there was none with this program and configuration."""
    from newsfeed.build import changed_check  # noqa: F401 - loaded while git looks
    from newsfeed.build.cache import store
    from newsfeed.build.cache.fingerprint import environment_fingerprint
    from newsfeed.build.cache.state import BuildState

    cache = store.BuildCache(store.cache_path(root, output, environment), environment_fingerprint(root))
    inputs = BuildState.read_inputs(cache)
    return None if inputs is None else _LastBuild(cache, inputs)


def _check(
    root: Path, cache: BuildCache, changed: Collection[str], paths: Collection[str]
) -> list[Problem] | None:
    from newsfeed.app.context import report_of, source_of
    from newsfeed.build.cache.snapshot import read_library
    from newsfeed.build.cache.store import CacheDamagedError, EnvironmentCache
    from newsfeed.build.changed_check import check_changed_files

    library, known = read_library(cache), EnvironmentCache(cache).get("context")
    if library is None or known is None:
        return None
    settings, _, vocabulary = known
    context = _ReadingContext(source_of(root, settings), settings, vocabulary)
    try:
        problems = check_changed_files(context, library, changed, paths)
    except CacheDamagedError:
        return None
    return report_of(root, problems)
