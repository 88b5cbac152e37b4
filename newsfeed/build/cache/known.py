"""Stamps: what a file looks like from outside, by which a change shows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Stamp = tuple[int, ...]
"""Size, modification and change time (ns) of a file."""
MANIFEST = ".newsfeed-manifest.json"
"""The file in which an output folder knows what is ours: see `newsfeed.build.manifest`."""
SETTLED = 2_000_000_000
"""Nanoseconds after which a file system's clock has certainly moved on."""


def stamp_of(path: str | Path) -> Stamp | None:
    """A file's stamp; ``None`` when there is no such file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns
