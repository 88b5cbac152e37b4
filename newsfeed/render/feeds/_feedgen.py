"""feedgen, tamed: the only module that knows it.

feedgen builds the elements it is good at; two extensions repair what it leaves out or gets wrong:
all attributes of entry links, ``dc:creator`` for bare names, languages, dates formatted without
touching the process locale, labels of categories, one enclosure in RSS. Every date is set, since
feedgen's defaults are "now"; entries are appended, since its default is to prepend.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from newsfeed import __version__
from newsfeed.render.feeds._spliced import Maker
from newsfeed.render.feeds._times import rfc822, with_z

if TYPE_CHECKING:
    from newsfeed.views import FeedEntry, FeedView

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_HISTORY = "http://purl.org/syndication/history/1.0"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_GENERATOR = "newsfeed"
_DOCS = "https://www.rssboard.org/rss-specification"


class _FeedExtension(BaseExtension):  # type: ignore[misc]
    """Declares the prefixes that entries use: feedgen asks only the feed's extension for them."""

    view: FeedView

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DC, "fh": _HISTORY}

    def extend_rss(self, feed: Any) -> Any:
        """The build date, without the process locale, and the place in the feed's history: feedgen
        writes no link but the feed's own.
        """
        for element in feed.iter("lastBuildDate"):
            element.text = rfc822(self.view.updated)
        _place_in_history(feed[0], self.view, f"{{{_ATOM}}}link")
        return feed


class _AtomFeedExtension(_FeedExtension):
    """Atom needs no prefix for names: they stand in ``author``."""

    def extend_ns(self) -> dict[str, str]:
        return {"fh": _HISTORY}

    def extend_atom(self, feed: Any) -> Any:
        """Times in the form with Z, as all other formats have them; the place in the history."""
        _place_in_history(feed, self.view, "link")
        return _with_utc_times(feed)


class _EntryExtension(BaseEntryExtension):  # type: ignore[misc]
    """Finishes an entry after feedgen has built it."""

    entry: FeedEntry
    feed_lang: str

    def extend_atom(self, element: Any) -> Any:
        """Replace feedgen's bare links by whole ones, and mark the language."""
        if self.entry.lang != self.feed_lang:
            element.set(_XML_LANG, self.entry.lang)
        for link in element.findall("link"):
            element.remove(link)
        etree.SubElement(
            element, "link", rel="alternate", type="text/html", hreflang=self.entry.lang, href=self.entry.link
        )
        for one in self.entry.attachments:
            link = etree.SubElement(
                element, "link", rel="enclosure", href=one.href, type=one.media_type, length=str(one.size)
            )
            if one.title:
                link.set("title", one.title)
        return _with_utc_times(element)

    def extend_rss(self, element: Any) -> Any:
        """Authors by name, the language of the text, and the date without the process locale."""
        for date in element.findall("pubDate"):
            date.text = rfc822(self.entry.published)
        for name in self.entry.authors:
            etree.SubElement(element, f"{{{_DC}}}creator").text = name
        etree.SubElement(element, f"{{{_DC}}}language").text = self.entry.lang
        return element


def _rss_feed(view: FeedView) -> Any:
    feed = _feed(view, _FeedExtension)
    feed.language(view.lang)
    feed.docs(_DOCS)
    return feed


def _rss_entry(feed: Any, entry: FeedEntry, content: str, lang: str) -> None:
    made = _entry(feed, entry, content, lang)
    made.description(entry.summary or entry.title, isSummary=True)
    for category in entry.categories:
        made.category(term=category.term, label=category.label, scheme=category.scheme)
    for one in entry.attachments[:1]:
        made.enclosure(one.href, str(one.size), one.media_type)


def _atom_feed(view: FeedView) -> Any:
    feed = _feed(view, _AtomFeedExtension)
    feed.subtitle(view.description or view.title)
    feed.author(name=view.author)
    feed.generator(_GENERATOR, version=__version__)
    return feed


def _atom_entry(feed: Any, entry: FeedEntry, content: str, lang: str) -> None:
    made = _entry(feed, entry, content, lang)
    made.summary(entry.summary or entry.title)
    for category in entry.categories:
        made.category(term=category.term, label=category.label, scheme=category.scheme)


def _feed(view: FeedView, extension: type[_FeedExtension]) -> Any:
    feed = FeedGenerator()
    feed.register_extension("newsfeed", extension, atom=True, rss=True)
    feed.newsfeed.view = view
    feed.id(view.id)
    feed.title(view.title)
    feed.description(view.description or view.title)
    feed.language(view.lang)
    feed.generator(_GENERATOR)
    feed.updated(view.updated.astimezone(UTC))
    feed.link(rel="self", href=view.address, type=_TYPES[view.format])
    # feedgen takes the last link of a feed for RSS's own, so the page comes last.
    feed.link(rel="alternate", href=view.home, type="text/html", hreflang=view.lang)
    return feed


_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


def _place_in_history(parent: Any, view: FeedView, link: str) -> None:
    """Links to the feed's other documents, and what this one is (RFC 5005, sections 2 and 4)."""
    neighbours = (("current", view.live), ("prev-archive", view.older), ("next-archive", view.newer))
    for rel, href in neighbours:
        if href:
            etree.SubElement(parent, link, rel=rel, href=href, type=_TYPES[view.format])
    if view.live:
        etree.SubElement(parent, f"{{{_HISTORY}}}archive")
    elif view.complete:
        etree.SubElement(parent, f"{{{_HISTORY}}}complete")


def _entry(feed: Any, entry: FeedEntry, content: str, lang: str) -> Any:
    made = feed.add_entry(order="append")
    made.register_extension("newsfeed", _EntryExtension, atom=True, rss=True)
    made.newsfeed.entry = entry
    made.newsfeed.feed_lang = lang
    made.id(entry.id)
    made.title(entry.title)
    made.link(href=entry.link, rel="alternate")
    made.content(content, type="html")
    made.published(entry.published.astimezone(UTC))
    made.updated(entry.updated.astimezone(UTC))
    for name in entry.authors:
        made.author(name=name)
    return made


def _with_utc_times(element: Any) -> Any:
    for name in ("updated", "published"):
        for time in element.findall(name):
            time.text = with_z(time.text)
    return element


RSS = Maker(_rss_feed, _rss_entry, "rss_str")
ATOM = Maker(_atom_feed, _atom_entry, "atom_str")
