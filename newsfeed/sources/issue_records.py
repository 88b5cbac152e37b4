"""Write the public record of an issue into a site's folder, from where a build publishes it."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.config.site_layout import ISSUES
from newsfeed.core.digests.issue_records import encode_record
from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import read_file
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.records import PublishedIssue

_READABLE = 0o644


def write_issue_record(root: Path, issue: PublishedIssue) -> Path:
    """Write a record, all of it or nothing. Raises `OutsideError` when that is not possible."""
    path = root / ISSUES / issue.digest / f"{issue.key}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, encode_record(issue))
    except OSError as error:
        raise OutsideError(
            N_("{path}: {reason}"),
            N_("let the sender write there, or set “public = false” for this digest"),
            path=path,
            reason=reason_of(error),
        ) from error
    return path


def add_issue_records(root: Path, tree: Path) -> None:
    """Add the records in one folder to those in another, which keeps what it has: issues were sent here whose
    records nobody has committed yet.
    """
    if (root / ISSUES).is_symlink() or (tree / ISSUES).is_symlink():
        return
    try:
        for path in sorted((root / ISSUES).glob("*/*.json")):
            place = tree / path.relative_to(root)
            if not place.exists() and path.is_file() and not place.parent.is_symlink():
                place.parent.mkdir(parents=True, exist_ok=True)
                _replace(place, read_file(path))
    except OSError as error:
        raise OutsideError(
            N_("{path}: {reason}"), path=error.filename or tree, reason=reason_of(error)
        ) from error


def _replace(path: Path, data: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), _READABLE)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
