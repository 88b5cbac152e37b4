"""A text as it comes from another program, whichever that is; and what is doubtful about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from typing import TypeAlias

    from newsfeed.marking import Sentence

    When: TypeAlias = dt.datetime | dt.date


class MovedFile(NamedTuple):
    """A file that travels with a text: a picture, or something to download."""

    target: str
    """As the text names it: a web address, or a path."""
    alt: str = ""
    """Of a picture: what it shows; of another file: its title."""
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedText:
    """One text in one language, as another program kept it."""

    origin: str
    """Where it stands there: a file, or an address. For reports."""
    title: str
    body: str
    is_html: bool
    """Else it is Markdown."""
    kind: str = "news"
    """``news`` or ``pages``."""
    guid: str = ""
    """The id it had in feeds."""
    id: str = ""
    """The id to take if nobody has it; without one it is made from the slug."""
    date: When | None = None
    """A moment without a zone is in the site's."""
    updated: When | None = None
    summary: str = ""
    authors: tuple[str, ...] = ()
    lang: str = ""
    """Empty: that of the whole archive."""
    group: str = ""
    """Texts with an equal one are translations of each other."""
    urls: tuple[str, ...] = ()
    """Every address at which it was."""
    slug: str = ""
    categories: tuple[str, ...] = ()
    image: MovedFile | None = None
    enclosures: tuple[MovedFile, ...] = ()
    is_draft: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)
    """Facts in our own words, from a site that was moved out before: key of the front matter → value."""


class OldFeed(NamedTuple):
    """The address of a feed that people read there."""

    path: str
    """Below the site's own folder."""
    form: str
    """``rss``, ``atom`` or ``json``."""
    lang: str = ""
    """Empty: that of the whole archive."""


class OldList(NamedTuple):
    """The address of a list of texts: of a category, or of a section."""

    path: str
    """Below the site's own folder."""
    category: str = ""
    """Empty: of no category."""
    lang: str = ""


class Doubt(NamedTuple):
    """Something that a person should look at: about which text of the archive, and what."""

    origin: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Destination:
    """The place of one text in the site."""

    path: str
    """Of its file."""
    story: str
    """Id of the story, or page."""
    is_original: bool
    """Its file holds the facts."""
    slug: str = ""
    """Empty: that of the file's name."""
    aliases: tuple[str, ...] = ()
    page: str = ""
    """Output path of its page."""
