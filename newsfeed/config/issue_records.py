"""Read the public records of issues that were sent, ``issues/<digest>/<key>.json``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.config.site_layout import ISSUES
from newsfeed.core.digests.issue_records import decode_record
from newsfeed.errors import reason_of
from newsfeed.files import read_file
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from newsfeed.records import PublishedIssue

_ENDING = ".json"


def read_issue_records(
    root: Path, languages: Collection[str]
) -> tuple[tuple[PublishedIssue, ...], list[Problem]]:
    """Return all records of a site, the oldest first. ``languages``: those of its editions."""
    issues, problems = [], []
    for digest, key, path in _records(root / ISSUES):
        shown = f"{ISSUES}/{digest}/{key}{_ENDING}"
        try:
            issues.append(decode_record(digest, key, read_file(path), languages))
        except OSError as error:
            problems.append(problem("unreadable", Location(shown), reason=str(reason_of(error))))
        except (ValueError, KeyError, TypeError, RecursionError):
            problems.append(problem("issue-record", Location(shown)))
    return tuple(sorted(issues, key=lambda one: (one.instant, one.digest, one.key))), problems


def _records(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield digest, key and path of each record. Links are not followed: they may lead out of the site."""
    for digest in _entries(str(folder)):
        if digest.is_dir(follow_symlinks=False):
            for entry in _entries(digest.path):
                if entry.name.endswith(_ENDING) and entry.is_file(follow_symlinks=False):
                    yield digest.name, entry.name.removesuffix(_ENDING), entry.path


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        if Path(folder).is_symlink():
            return []
        with os.scandir(folder) as found:
            return sorted((one for one in found if not one.name.startswith(".")), key=lambda one: one.name)
    except OSError:  # no issue was sent yet
        return []
