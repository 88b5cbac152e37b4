"""What a publication did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """What a publication did to the output folder, in numbers of files."""

    written: int
    unchanged: int
    removed: int
