"""Write a reader's wishes for a digest into a consent's ``source``, and read them again.

Topics stand there by their keys; a frequency other than every issue as ``frequency:monthly``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.records import Subscription

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

USUAL_FREQUENCY = "every"
_FREQUENCY = "frequency:"
"""No key of a topic has a colon."""


def write_wishes(topics: Sequence[str], frequency: str = USUAL_FREQUENCY) -> str:
    """Return topics and frequency as one line."""
    also = (f"{_FREQUENCY}{frequency}",) if frequency != USUAL_FREQUENCY else ()
    return " ".join((*topics, *also))


def read_wishes(line: str, digest: str, topics: Collection[str]) -> Subscription:
    """Return the subscription that a line describes; ``topics``: those there still are."""
    words = line.split()
    named = [word.removeprefix(_FREQUENCY) for word in words if word.startswith(_FREQUENCY)]
    return Subscription(
        digest=digest,
        topics=tuple(word for word in words if word in topics),
        frequency=named[0] if named else USUAL_FREQUENCY,
    )
