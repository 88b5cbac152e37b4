"""What a build remembers for the next one. It is only ever believed as far as it can be checked, and
a build without it makes the same bytes.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Stamp = tuple[int, ...]
"""Size, modification and change time (ns) of a file."""
_SETTLED = 2_000_000_000
"""Nanoseconds after which a file system's clock has certainly moved on."""
Asked = tuple[tuple[str, bool, str], ...]
"""What a text's links became when it was rendered: (target, whether an image, address)."""
Place = tuple[str, str, bool]
"""Where a text is shown: (edition, content file, whether with absolute addresses)."""


@dataclass(frozen=True, slots=True)
class Known:
    """A published file: what it was made from, and what it looked like."""

    key: str
    digest: str
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Memory:
    """What one build knew at its end."""

    surroundings: str = ""
    """Name of everything that is no content: program, configuration, templates, catalogues."""
    texts: Mapping[str, Any] = field(default_factory=dict)
    """Content file → what it said (`newsfeed.load.Told`)."""
    asked: Mapping[Place, tuple[str, Asked]] = field(default_factory=dict)
    """Where a text is shown → its fingerprint, and what its links became."""
    known: Mapping[str, Known] = field(default_factory=dict)
    """Output path → the file."""


def stamp_of(path: str | Path) -> Stamp | None:
    """A file's stamp; ``None`` when there is no such file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def is_settled(moments: Iterable[int]) -> bool:
    """Whether all moments of a stamp are so long ago that another change would show in the next one."""
    now = time.time_ns()
    return all(moment <= now - _SETTLED for moment in moments)
