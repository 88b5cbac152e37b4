"""How many examples of a property are tried: all of them in CI, fewer elsewhere."""

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "local")
"""Name of the profile of hypothesis."""
_SHARE = 5
"""Elsewhere one of so many is tried; hypothesis chooses others each time."""


def examples(number: int) -> int:
    """Return how many examples to try where CI tries ``number``."""
    return number if PROFILE == "ci" else max(number // _SHARE, 10)
