"""Keep what was seen in a site's pictures and other files, so that a build of the whole site opens only those
that changed.

It is kept apart from all else that one build leaves for the next: another title in the configuration changes
no picture. A file that was changed just before it was looked at is looked at again.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsfeed.build.cache.file_stats import SETTLED
from newsfeed.build.cache.store import is_ours
from newsfeed.files import read_file
from newsfeed.model import Asset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsfeed.model import AssetStat


def read_known(path: Path, program: str) -> dict[AssetStat, Asset]:
    """Return the assets that the same program saw; none when that cannot be read."""
    if not (is_ours(path) and is_ours(path.parent)):
        return {}
    try:
        found = json.loads(read_file(path))
        return dict(map(_read_one, found["assets"])) if found["program"] == program else {}
    except (OSError, ValueError, TypeError, KeyError, LookupError):
        return {}


def write_known(path: Path, program: str, known: Mapping[AssetStat, Asset], looked: int) -> None:
    """Write assets, of each path the one that was seen last. ``looked``: when a build began to look (ns)."""
    newest = {seen[0]: (seen, asset) for seen, asset in known.items()}
    told = [[*seen, asdict(asset)] for seen, asset in newest.values() if max(seen[2:]) < looked - SETTLED]
    if not told and not path.exists():
        return
    data = json.dumps({"program": program, "assets": told}, ensure_ascii=False).encode()
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for temporary in _temporary_file(path.parent):
            temporary.write_bytes(data)
            temporary.replace(path)


def _temporary_file(folder: Path) -> Iterator[Path]:
    """Yield a new file, which is gone afterwards unless it was moved."""
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".")
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _read_one(told: Any) -> tuple[AssetStat, Asset]:
    path, size, changed, entered, fields = told
    active = fields.pop("active")
    return (path, size, changed, entered), Asset(**fields, active=tuple(active) if active else None)
