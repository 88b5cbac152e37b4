"""Views of digests: all that a mail says. All addresses are absolute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from newsfeed.views.parts import Anchor, Credit, Fallback, Picture


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One story in a digest; addresses are absolute."""

    id: str
    story: str
    """The story's own id, which the ledger keeps."""
    href: str
    title: str
    summary: str
    published: datetime
    authors: tuple[str, ...]
    picture: Picture | None
    fallback: Fallback | None
    credits: tuple[Credit, ...] = ()
    video: Anchor | None = None
    outdated: str = ""
    """The notice that it is behind its original; empty for none."""


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """Stories of one topic."""

    heading: str
    """Empty: of the story that leads the issue, above all topics."""
    heading_lang: str
    entries: tuple[DigestEntry, ...]


@dataclass(frozen=True, slots=True)
class DigestNote:
    """The editor's note at the top of an issue, as safe HTML with whole addresses."""

    html: str
    lang: str
    fallback: Fallback | None = None


@dataclass(frozen=True, slots=True)
class MailBrand:
    """The brand of a publication as mails show it."""

    logo: Picture | None = None
    """In the size that it is shown in. Never a drawing (SVG): hardly a mail program shows those."""
    needs_plate: bool = True
    """On dark grounds it stands on a light plate."""
    colour: str = "#0b5d57"
    """Of links and marks, ``#rrggbb``."""
    dark_colour: str = "#83d2c4"
    """Of links and marks on dark grounds, ``#rrggbb``."""


@dataclass(frozen=True, slots=True)
class DigestView:
    """One issue in one language: everything the mail says to everybody who reads it."""

    lang: str
    direction: str
    digest: str
    """The digest's name in the configuration."""
    title: str
    subject: str
    preheader: str
    day: date
    """The slot's local day, as the subject says it."""
    site_title: str
    home: str
    imprint: str
    groups: tuple[DigestGroup, ...]
    more: int
    """How many stories were left out for size; they are on the site."""
    stories: int
    intro: str = ""
    note: DigestNote | None = None
    web: str = ""
    """Address of the page that shows this issue; empty when it has none."""
    brand: MailBrand = MailBrand()

    @property
    def entries(self) -> tuple[DigestEntry, ...]:
        """Return all stories in the order of the mail."""
        return tuple(entry for group in self.groups for entry in group.entries)
