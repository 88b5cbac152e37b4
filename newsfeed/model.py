"""The values that the whole package speaks of: items, stories, the library, messages; all frozen.

*item*: one text in one language. *story*: its items in all languages and the facts they share.
*library*: everything the site's files say. Projects, programmes and static pages are content of
the same build: items by language plus shared facts.

All moments are aware datetimes. Paths are POSIX, relative to the site's folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class RawFile:
    """One text file as the source delivered it; ``data`` is ``None`` when it could not be read."""

    path: str
    data: bytes | None
    trouble: str = ""
    """Why ``data`` is missing: a problem code such as ``unreadable``."""
    reason: str = ""
    """What the operating system said about it."""
    size: int = 0
    """Bytes of the file, also when they were not read."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file beside the texts that some of them publish: a picture, an enclosure, or what a link leads to."""

    path: str
    size: int
    """Length in bytes."""
    media_type: str = ""
    width: int = 0
    height: int = 0
    """Pixels; 0 when the file is no image, or its size cannot be told."""
    content_type: str = ""
    """The media type that its first bytes show, if it cannot be the one of its name."""
    digest: str = ""
    """Of a picture that is made in other sizes: a name of what is in it."""
    is_marked: bool = False
    """The picture notes where or by whom it was made, or `is_redrawn`."""
    is_redrawn: bool = False
    """It is published with other pixels: it stands on its side, or has the colours of print."""
    plain_ending: str = ""
    """Ending of its form that every program shows: ``jpg``, or ``png`` where that would lose something."""
    damage: str = ""
    """Of a picture that nobody can see: ``unreadable``, or ``cut-off``."""
    active: tuple[str, int] | None = None
    """Of a drawing that does more than show something: what that is, and its line there."""


AssetStat = tuple[str, int, int, int]
"""Path of an asset, its size, and when it and its entry in the folder were changed (ns)."""


class Link(NamedTuple):  # a tuple is made in a third of the time, and a site has many
    """One target that a text points to, as its author wrote it."""

    target: str
    line: int = 1
    column: int = 1
    is_image: bool = False
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """A place where a text was published before, and where its file says so."""

    path: str
    """Output path of the page that leads on from there."""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One text in one language, without its body: that stays on disk until it is rendered."""

    path: str
    lang: str
    title: str
    summary: str
    slug: str
    fingerprint: str
    """Hash of the whole file's bytes: proves at render time that the file is the one checked."""
    text_fingerprint: str
    """Hash of title, summary and body."""
    source: str = ""
    """The fingerprints of the paragraphs that this was translated from; empty when nobody noted them."""
    image_alt: str = ""
    image_caption: str = ""
    """What is said below the image of the page; empty when nothing is."""
    summary_is_own: bool = True
    """Whether the author wrote the summary; else it is the first paragraph, cut."""
    guid: str = ""
    """The id that another program's feeds gave this text, when it is to be kept."""
    guid_line: int = 1
    translators: tuple[str, ...] = ()
    video: str = ""
    """Web address of a film; a translation without one of its own has the original's."""
    aliases: tuple[Alias, ...] = ()
    paragraphs: str = ""
    """The fingerprints of its own paragraphs, for translations; empty for what can be no original."""
    is_outdated: bool = False  # the original has changed since this was translated


class Author(NamedTuple):
    """Somebody who made a story, and as what, when that is said: ``photos``, in the original's language."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that travels with an item in feeds."""

    path: str
    media_type: str
    size: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """A month without a day, as projects give their duration (``2008-01``)."""

    year: int
    month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The part that every kind of content has: an id, its items by language, and which is the original."""

    id: str
    original: str
    """Language of the file that holds the facts."""
    items: Mapping[str, Item]
    withheld: Mapping[str, Item] = field(default_factory=dict)  # outdated ones that are not to be shown
    assets: Mapping[str, str] = field(default_factory=dict)
    """Files this content publishes: path in the site → path in the output."""

    @property
    def origin(self) -> Item:
        """Return the item whose file holds the facts."""
        return self.items[self.original]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Content):
    """A news story: its items in all languages and the facts they share."""

    date: datetime
    updated: datetime
    """Moment of the last significant change; equal to ``date`` when there was none."""
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2, upper case
    projects: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    image: str = ""
    image_credit: str = ""
    """Who made the image, and what its licence is called."""
    image_focus: str = ""  # the side that stays where it is cropped: ``left top``; empty for its middle
    enclosures: tuple[Enclosure, ...] = ()
    draft: bool = False
    expires: datetime | None = None
    order: int = 0
    """Place among stories of the same moment, from 1, the first on top; 0: behind those that have one."""
    roles: tuple[Author, ...] = ()
    """Those authors of whom the editor says what they did."""
    withdrawn: datetime | None = None
    """When it was withdrawn; ``date`` when nobody said. Nobody is to see its texts any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project(Content):
    """A project with the facts its page lists."""

    programme: str = ""
    countries: tuple[str, ...] = ()
    donors: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    start: Month | date | None = None
    end: Month | date | None = None
    city: str = ""
    organisation: str = ""
    image: str = ""
    image_credit: str = ""
    image_focus: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme(Content):
    """A programme, which gathers projects over several countries."""

    image: str = ""
    image_credit: str = ""
    image_focus: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticPage(Content):
    """A page outside the news: about, imprint."""


class UnseenTarget(NamedTuple):
    """A link that its author meant to write, and that Markdown does not see."""

    line: int
    column: int
    written: str
    corrected: str
    target: str = ""
    """The file that it would lead to; only for addresses with blanks."""
    is_sure: bool = True
    """It is one even where there is no such file."""


class PlaceLink(NamedTuple):
    """A link to a place in another text."""

    link: Link
    text: str
    """Path of the content file that it leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Everything the site's files say, keyed by id; the input of every view."""

    stories: Mapping[str, Story]
    """Newest first."""
    projects: Mapping[str, Project]
    programmes: Mapping[str, Programme]
    pages: Mapping[str, StaticPage]
    assets: Mapping[str, Asset]
    paths: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Content file → (kind, id): how links between texts find their target."""
    link_sources: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Name by which texts link to something on the site → the content files that do."""
    own_links: Mapping[str, Sequence[Link]] = field(default_factory=dict)
    """Content file → its absolute links to the site itself; of those that have some."""
    place_links: Mapping[str, Sequence[PlaceLink]] = field(default_factory=dict)
    """Content file → its links to places in other texts; of those that have some."""
    anchors: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Content file → the ids in its text; of those that have some."""
    with_extra_paths: Mapping[tuple[str, str], None] | None = None
    """(kind, id) of all that has assets or aliases, kind by kind; ``None``: nobody has looked."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody a digest is written for, as an audience knows them."""

    address: str
    name: str
    chain: tuple[str, ...]
    """The languages they read, best first."""
    key: str
    """Stable and private: what ledgers and Message-IDs are keyed by instead of the address."""
    topics: tuple[str, ...] = ()  # only these; empty means all of the digest's


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, ready for a channel: envelope and bytes (CRLF line ends)."""

    sender: str
    recipient: str
    message_id: str
    data: bytes
    dotless: bool = False
    """No line begins with a full stop. Found out once per rendering, it saves a channel looking
    through every message for lines to stuff (RFC 5321 4.5.2).
    """


@dataclass(frozen=True, slots=True)
class BrandPicture:
    """A picture of ``[brand]``, and where it is published."""

    path: str
    """In the site."""
    output: str = ""
    """Its path in the output, named after what is in it: the same picture is there once."""
    media_type: str = ""
    width: int = 0
    height: int = 0
    """Pixels; 0 when they are not said."""
    suits_dark: bool = False
    """It looks after dark pages itself, as a drawing can."""


@dataclass(frozen=True, slots=True)
class BrandColour:
    """The colour of links and marks, ``#rrggbb``: for light pages, and for dark ones."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class CardFont:
    """The font of social cards."""

    path: str = ""
    """In the site; empty for the one that comes with ``newsfeed[cards]``."""
    digest: str = ""
    """Of its bytes; empty when there is no font."""
    letters: frozenset[int] = frozenset()
    """Code points that it can write."""
    line: int = 1
    """Of the configuration, where cards are asked for."""


@dataclass(frozen=True, slots=True)
class BrandSettings:
    """``[brand]``: logo, favicon, colour and picture for networks."""

    logo: BrandPicture | None = None
    dark_logo: BrandPicture | None = None
    """For dark pages, when it is another one."""
    favicon: BrandPicture | None = None
    colour: BrandColour | None = None
    social_image: BrandPicture | None = None
    """What social networks show of pages that have no picture of their own."""
    card_font: CardFont | None = None
    """Stories without a picture get a card with their title; ``None``: they do not."""

    @property
    def pictures(self) -> tuple[BrandPicture, ...]:
        """Return all pictures there are."""
        all_four = (self.logo, self.dark_logo, self.favicon, self.social_image)
        return tuple(one for one in all_four if one is not None)


NO_BRAND = BrandSettings()
