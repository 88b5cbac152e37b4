"""Wire a check of what changed since a commit: quick, because the rest is known from the last build."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsfeed.app import builds as cached
from newsfeed.app.context import report_of
from newsfeed.app.inputs import compare_inputs
from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.errors import ProblemsFound

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from newsfeed.core.content.links import LinkMap
    from newsfeed.model import Library
    from newsfeed.problems import Problem

_MOST = 200
"""Files: with more, a check of the whole site is the quicker one."""


class _Before(NamedTuple):
    """The site as the last build read it."""

    all_content: Library
    links: LinkMap


def list_changed_files(root: Path, base: str) -> set[str]:
    """Return the content files that differ from a commit; see `newsfeed.sources.git_history.list_changed`."""
    from newsfeed.sources.git_history import list_changed

    return list_changed(root, base, CONTENT_KINDS)


def check_changed(
    root: Path, output: Path, paths: Collection[str], environment: Mapping[str, str]
) -> list[Problem] | None:
    """Return the problems of some content files; ``None`` when only a check of the whole site can tell them.

    output: the folder of the build that is asked. What one text does to another, such as an address that two
    of them have, is left to a check of the whole site.
    """
    build = cached.open_build(root, output, environment, 1, checks_output=False)
    last = build.last
    if last is None or last.inputs is None or build.stats is None:
        return None
    try:
        changed = compare_inputs(root, last.inputs, build.stats)[0] | set(paths)
        return _check(build, changed, paths) if len(changed) <= _MOST else None
    except ProblemsFound as found:
        return report_of(root, [one for one in found.problems if one.where.path in paths])


def _check(
    build: cached.CachedBuild, changed: Collection[str], paths: Collection[str]
) -> list[Problem] | None:
    from newsfeed.build.changed_files import read_changed
    from newsfeed.core.content.links import LinkMap

    memory = cached.read_memory(build)
    if memory is None or memory.snapshot is None or memory.context is None:
        return None
    library = memory.snapshot.library()
    before = _Before(library, LinkMap.of(library, memory.context.settings.links.allow))
    read = read_changed(memory.context, memory.snapshot, before, changed)
    if read is None:
        return None
    return report_of(build.root, [one for one in read.problems if one.where.path in paths])
