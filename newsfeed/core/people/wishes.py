"""Write a reader's wishes for a digest into a consent's ``source``, and read them again.

Topics stand there by their keys; a frequency other than every issue as ``frequency:monthly``, languages where
there are several as ``language:de``, best first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.records import Subscription

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

USUAL_FREQUENCY = "every"
_FREQUENCY, _LANGUAGE = "frequency:", "language:"
"""No key of a topic has a colon."""


def write_wishes(
    topics: Sequence[str], frequency: str = USUAL_FREQUENCY, languages: Sequence[str] = ()
) -> str:
    """Return topics, frequency and languages as one line."""
    also = (f"{_FREQUENCY}{frequency}",) if frequency != USUAL_FREQUENCY else ()
    ranked = [f"{_LANGUAGE}{code}" for code in languages] if len(languages) > 1 else ()
    return " ".join((*topics, *also, *ranked))


def read_wishes(line: str, digest: str, topics: Collection[str]) -> Subscription:
    """Return the subscription that a line describes; ``topics``: those there still are."""
    words = line.split()
    named = [word.removeprefix(_FREQUENCY) for word in words if word.startswith(_FREQUENCY)]
    return Subscription(
        digest=digest,
        topics=tuple(word for word in words if word in topics),
        frequency=named[0] if named else USUAL_FREQUENCY,
    )


def read_languages(line: str, editions: Collection[str]) -> tuple[str, ...]:
    """Return the languages that a line names, best first; ``editions``: those there still are."""
    named = (word.removeprefix(_LANGUAGE) for word in line.split() if word.startswith(_LANGUAGE))
    return tuple(code for code in named if code in editions)
