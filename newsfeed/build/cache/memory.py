"""What a build remembers for the next one. It is only ever believed as far as it can be checked, and
a build without it makes the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.build.cache.snapshot import Held
    from newsfeed.build.cache.snapshot_delta import Amendments
    from newsfeed.build.cache.state import Idle
    from newsfeed.core.site.index import SiteIndex


@dataclass(frozen=True, slots=True)
class Memory:
    """What one build knew at its end."""

    surroundings: str = ""
    """Name of everything that is no content: program, configuration, templates, catalogues."""
    idle: Idle | None = None
    held: Held | None = None
    index: SiteIndex | None = None
    """In the same process only."""
    amendments: Amendments | None = None
    """What has changed in ``held`` since it was kept as a whole; ``None`` when it is not."""
