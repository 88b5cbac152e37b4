"""The folder in which the user's programs keep what they can make again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def user_cache_folder(environment: Mapping[str, str]) -> Path:
    """Return newsfeed's folder in the user's cache; one that cannot be, when nobody says where the user is at
    home.
    """
    base = Path(environment.get("XDG_CACHE_HOME", ""))
    if base.is_absolute():  # others are to be ignored, says the XDG specification
        return base / "newsfeed"
    try:
        return Path.home() / ".cache" / "newsfeed"
    except RuntimeError:
        return Path(os.devnull) / "newsfeed"
