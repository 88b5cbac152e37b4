"""What a build remembers for the next one. It is only ever believed as far as it can be checked, and
a build without it makes the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.core.index import Index
    from newsfeed.publish.held import Held
    from newsfeed.publish.idle import Idle

Asked = tuple[tuple[str, bool, str], ...]
"""What a text's links became when it was rendered: (target, whether an image, address)."""
Place = tuple[str, str, bool]
"""Where a text is shown: (edition, content file, whether with absolute addresses)."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What one build knew at its end."""

    surroundings: str = ""
    """Name of everything that is no content: program, configuration, templates, catalogues."""
    asked: Mapping[Place, tuple[str, Asked]] | None = field(default_factory=dict)
    """Where a text is shown → its fingerprint, and what its links became. ``None``: what an earlier build
    knew of that still holds.
    """
    idle: Idle | None = None
    held: Held | None = None
    index: Index | None = None
    """In the same process only."""
