"""All that a page has around its content."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from newsfeed.views.parts import Anchor, FeedLink, Picture


class EditionLink(NamedTuple):
    """One entry of the language switcher: the same thing in another language."""

    code: str
    name: str
    """The language's own name."""
    href: str
    current: bool
    fallback: bool
    """The other edition shows this text in yet another language."""


class AlternateLink(NamedTuple):
    """One ``hreflang`` link; the address is absolute."""

    hreflang: str
    href: str


class Brand(NamedTuple):
    """The brand of a publication, as every page of an edition shows it."""

    logo: Picture | None = None
    dark_logo: Picture | None = None
    """For dark pages, when it is another one."""
    needs_plate: bool = False
    """On dark pages the logo stands on a light ground: nobody knows whether it can be seen without."""
    icon: str = ""
    """Address of the picture in tabs and bookmarks; empty without one."""
    icon_type: str = ""


class Sharing(NamedTuple):
    """A page as others show it who link to it: social networks, messengers."""

    type: str = "website"
    """``article`` or ``website`` (ogp.me)."""
    picture: Picture | None = None
    """Its address is absolute."""
    locale: str = ""
    """Language and territory, as ``en_GB``; empty when no territory is said."""


class Frame(NamedTuple):
    """Everything that a page has around its content."""

    lang: str
    direction: str
    title: str
    """Of the page, without the site's."""
    title_lang: str
    description: str
    site_title: str
    site_description: str
    notice: str
    imprint: str
    canonical: str
    """Absolute; empty for pages that are nobody's address."""
    indexed: bool
    """Whether search engines should list this page."""
    home: str
    stylesheet: str
    editions: tuple[EditionLink, ...]
    alternates: tuple[AlternateLink, ...]
    feeds: tuple[FeedLink, ...]
    navigation: tuple[Anchor, ...]
    feed_list: Anchor
    """The page that lists all feeds of the edition."""
    footer: tuple[Anchor, ...]
    here: str
    """The link of the navigation that leads to this page; empty when none does."""
    brand: Brand
    sharing: Sharing
    trail: tuple[Anchor, ...] = ()
    """The way to this page from the front page, which begins it; empty where there is none."""
