"""feedgen, tamed: the only module that knows it.

feedgen builds the elements it is good at; two extensions repair what it leaves out or gets wrong:
all attributes of entry links, ``dc:creator`` for bare names, languages, dates formatted without
touching the process locale, labels of categories, one enclosure in RSS. Every date is set, since
feedgen's defaults are "now"; entries are appended, since its default is to prepend.
"""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from newsfeed import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.views import FeedEntry, FeedView

_DC = "http://purl.org/dc/elements/1.1/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_GENERATOR = "newsfeed"
_DOCS = "https://www.rssboard.org/rss-specification"


class _FeedExtension(BaseExtension):  # type: ignore[misc]
    """Declares the prefixes that entries use: feedgen asks only the feed's extension for them."""

    view: FeedView

    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DC}

    def extend_rss(self, feed: Any) -> Any:
        """The build date, without the process locale."""
        for element in feed.iter("lastBuildDate"):
            element.text = _rfc822(self.view.updated)
        return feed


class _AtomFeedExtension(_FeedExtension):
    """Atom needs no prefix: names stand in ``author``."""

    def extend_ns(self) -> dict[str, str]:
        return {}

    def extend_atom(self, feed: Any) -> Any:
        """Times in the form with Z, as all other formats have them."""
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
            date.text = _rfc822(self.entry.published)
        for name in self.entry.authors:
            etree.SubElement(element, f"{{{_DC}}}creator").text = name
        etree.SubElement(element, f"{{{_DC}}}language").text = self.entry.lang
        return element


def rss(view: FeedView, contents: Sequence[str]) -> bytes:
    """An RSS 2.0 document."""
    feed = _feed(view, _FeedExtension)
    feed.language(view.lang)
    feed.docs(_DOCS)
    for entry, content in zip(view.entries, contents, strict=True):
        made = _entry(feed, view, entry, content)
        made.description(entry.summary or entry.title, isSummary=True)
        for category in entry.categories:
            made.category(term=category.term, label=category.label, scheme=category.scheme)
        for one in entry.attachments[:1]:
            made.enclosure(one.href, str(one.size), one.media_type)
    return _document(feed.rss_str)


def atom(view: FeedView, contents: Sequence[str]) -> bytes:
    """An Atom 1.0 document."""
    feed = _feed(view, _AtomFeedExtension)
    feed.subtitle(view.description or view.title)
    feed.author(name=view.author)
    feed.generator(_GENERATOR, version=__version__)
    for entry, content in zip(view.entries, contents, strict=True):
        made = _entry(feed, view, entry, content)
        made.summary(entry.summary or entry.title)
        for category in entry.categories:
            made.category(term=category.term, label=category.label, scheme=category.scheme)
    return _document(feed.atom_str)


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


def _entry(feed: Any, view: FeedView, entry: FeedEntry, content: str) -> Any:
    made = feed.add_entry(order="append")
    made.register_extension("newsfeed", _EntryExtension, atom=True, rss=True)
    made.newsfeed.entry = entry
    made.newsfeed.feed_lang = view.lang
    made.id(entry.id)
    made.title(entry.title)
    made.link(href=entry.link, rel="alternate")
    made.content(content, type="html")
    made.published(entry.published.astimezone(UTC))
    made.updated(entry.updated.astimezone(UTC))
    for name in entry.authors:
        made.author(name=name)
    return made


def _document(make: Any) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # dateutil inside feedgen
        document: bytes = make(pretty=True)
    return document


def _with_utc_times(element: Any) -> Any:
    for name in ("updated", "published"):
        for time in element.findall(name):
            time.text = time.text.replace("+00:00", "Z")
    return element


def _rfc822(moment: datetime) -> str:
    """RFC 5322 date with English names, whatever the process locale."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
