"""Small words of what a build remembers: stamps, and what is known of a published file."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Stamp = tuple[int, ...]
"""Size, modification and change time (ns) of a file."""
SETTLED = 2_000_000_000
"""Nanoseconds after which a file system's clock has certainly moved on."""


@dataclass(frozen=True, slots=True)
class Known:
    """A published file: what it was made from, and what it looked like."""

    key: str
    digest: str
    stamp: Stamp


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
    return all(moment <= now - SETTLED for moment in moments)
