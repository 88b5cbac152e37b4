"""Put templates of the service in the place of those that a commit brings: templates are code."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError, reason_of
from newsfeed.files import read_file
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEMPLATES = "templates"


def replace_templates(root: Path, tree: Path) -> None:
    """Let a folder have exactly the templates of another, or none. Where it has them, nothing is written."""
    place = tree / _TEMPLATES
    try:
        own = _read_files(root / _TEMPLATES)
        if not place.is_symlink() and place.is_dir() == bool(own) and _read_files(place) == own:
            return
        if place.is_symlink() or place.is_file():
            place.unlink()
        elif place.exists():
            shutil.rmtree(place)
        for name, data in own.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(data)
    except OSError as error:
        raise OutsideError(
            N_("{path}: {reason}"), path=error.filename or place, reason=reason_of(error)
        ) from error


def _read_files(folder: Path) -> Mapping[str, bytes]:
    """Return what is in the files below a folder; links to folders are not followed."""
    paths = [Path(above, name) for above, _, names in os.walk(folder) for name in names]
    return {path.relative_to(folder).as_posix(): read_file(path) for path in paths}
