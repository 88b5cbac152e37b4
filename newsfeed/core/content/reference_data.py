"""Everything on the site that a text may refer to: what links and facts are checked against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.core.content.parse import guess_stems
from newsfeed.core.content.slugs import derive_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsfeed.core.content.links import LinkMap
    from newsfeed.core.content.parse import UnreadFile
    from newsfeed.model import Asset
    from newsfeed.settings import Settings


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """Everything on the site that a text may refer to."""

    texts: Sequence[str]
    """All content files."""
    links: LinkMap
    assets: Mapping[str, Asset]
    settings: Settings
    unread: Sequence[UnreadFile] = ()
    """Files that cannot be read, which is told of them alone."""
    added: Mapping[str, float] = field(default_factory=dict)
    """Path → when it came into version control, of files that claim the same (`is_newer`)."""

    def find_unread(self, stem: str) -> list[UnreadFile]:
        """Return files that are probably languages of a text, but cannot be read."""
        return [one for one in self.unread if stem in one.stems]

    def is_unread(self, name: str) -> bool:
        """Return whether a file name, as a link writes it, is of a file that is there but cannot be read."""
        names = guess_stems(name) if self.unread else ()
        return any(
            stem.rpartition("/")[2] in names for one in self.unread if not one.is_empty for stem in one.stems
        )

    def is_unread_id(self, key: str, identifier: str) -> bool:
        """Return whether an id, given by the key ``projects`` or ``programmes``, is of such a file."""
        kind = key.removesuffix("s") + "s"
        return any(
            identifier == one.id or identifier in map(derive_id, one.stems)
            for one in self.unread
            if one.path.startswith(f"{kind}/") and not one.is_empty
        )
