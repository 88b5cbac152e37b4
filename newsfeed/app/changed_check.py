"""Wire a check of what changed since a commit: quick, because the rest is known from the last build."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.app.background import ask_in_background
from newsfeed.app.last_build import open_last_build
from newsfeed.config.site_layout import CONTENT_KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from newsfeed.app.last_build import LastBuild
    from newsfeed.problems import Problem

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


def check_changed(root: Path, output: Path, base: str, environment: Mapping[str, str]) -> ChangedCheck:
    """Check the content files that differ from a commit. Raises `UsageError` when there is no such commit.

    output: the folder of the build that is asked. What one text does to another, such as an address that two
    of them have, is left to a check of the whole site.
    """
    from newsfeed.sources.git_changes import list_changed

    listed = ask_in_background(partial(list_changed, root, base, CONTENT_KINDS))
    last = open_last_build(root, output, environment)
    if last is not None:
        from newsfeed.build import changed_check  # noqa: F401 - loaded while git looks
    paths = listed()
    if not paths or last is None:
        return ChangedCheck(paths, None if paths else (), knows_build=last is not None)
    changed = last.find_changed()
    if changed is None or len(changed | paths) > max(_MOST, len(last.inputs.stats) // _MOST_OF_ALL):
        return ChangedCheck(paths, None)
    return ChangedCheck(paths, _check(last, changed | paths, paths))


def _check(last: LastBuild, changed: Collection[str], paths: Collection[str]) -> list[Problem] | None:
    from newsfeed.app.context import report_of
    from newsfeed.build.cache.snapshot import read_library
    from newsfeed.build.cache.store import CacheDamagedError
    from newsfeed.build.changed_check import check_changed_files

    library, context = read_library(last.cache), last.context()
    if library is None or context is None:
        return None
    try:
        problems = check_changed_files(context, library, changed, paths)
    except CacheDamagedError:
        return None
    return report_of(last.root, problems)
