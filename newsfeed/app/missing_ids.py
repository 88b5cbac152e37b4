"""Write the ids that texts lack into their files: the verb behind ``newsfeed check --fix-ids``."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.app import site as app
from newsfeed.app.store_problems import find_store_problems
from newsfeed.core.content.id_edits import add_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class WrittenIds:
    """The ids that were written into files, and the files that got none."""

    written: Mapping[str, str]
    """Path → id."""
    shared: Mapping[str, str]
    """Path → another path of the same file: an id in it would be that of several texts."""


def write_missing_ids(
    root: Path, now: datetime, environment: Mapping[str, str], only: Collection[str] = ()
) -> WrittenIds:
    """Write the id of every text that has none into its file: of one that was mailed under another file name,
    the id it had. ``only``: these files; none: all. A file that is several texts, by links to it, is left
    alone.
    """
    site, written, left = app.read(root, now), {}, {}
    shared = _files_of_several_texts(root, site)
    found = [
        dict(one.params) for one in find_store_problems(site, environment) if one.code == "story-renamed"
    ]
    former = {params["value"]: params["old"] for params in found}
    for one in site.problems:
        path = one.where.path
        if one.code != "id-missing" or (only and path not in only):
            continue
        if path in shared:
            left[path] = shared[path]
            continue
        identifier = dict(one.params)["value"]
        identifier = former.get(identifier, identifier) if path.startswith("news/") else identifier
        before = site.context.source.read(path)
        after = add_id(before, identifier)
        if after is not None:
            app.rewrite(site, path, before, after)
            written[path] = identifier
    return WrittenIds(written, left)


def _files_of_several_texts(root: Path, site: app.Site) -> dict[str, str]:
    """Return the content files that are the same file as another one, each with that one."""
    by_file: dict[str, list[str]] = defaultdict(list)
    for path in site.loaded.library.paths:
        by_file[os.path.realpath(root / path)].append(path)
    several = [paths for paths in by_file.values() if len(paths) > 1]
    return {path: next(one for one in paths if one != path) for paths in several for path in paths}
