"""Tell how a commit relates to the one that is published."""

from __future__ import annotations

FIRST, SAME, FORWARD, FORCED, UNRELATED = "first", "same", "forward", "forced", "unrelated"
"""Nothing was published before; it is that commit; it follows it; the branch was rewritten (force-pushed)
from some commit that both share; or they share none.
"""


def relate(published: str, commit: str, merge_base: str) -> str:
    """Return how a commit relates to the published one. ``merge_base``: the commit they share, or empty."""
    if not published:
        return FIRST
    if commit == published:
        return SAME
    if merge_base == published:
        return FORWARD
    return FORCED if merge_base else UNRELATED
