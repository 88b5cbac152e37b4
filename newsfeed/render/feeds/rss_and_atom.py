"""RSS 2.0 (rssboard.org, specification 2.0.11 and best practices profile) and Atom 1.0 (RFC 4287).

feedgen writes both, and this is the only module that knows it. It makes the elements that it is good at; here
is put right what it leaves out or gets wrong: all attributes of Atom's entry links, ``dc:creator`` for
authors without an address, languages, links between archives, and times, for which it would switch the locale
of the whole process. Every time is set, because feedgen's default is now.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC
from typing import TYPE_CHECKING, Any, ClassVar

from feedgen.entry import FeedEntry as FeedgenEntry
from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from newsfeed import __version__
from newsfeed.render.feeds.times import rfc822, rfc3339

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.views import FeedEntry, FeedView

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_HISTORY = "http://purl.org/syndication/history/1.0"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_GENERATOR = "newsfeed"
_DOCS = "https://www.rssboard.org/rss-specification"


class FeedgenFormat(ABC):
    """Writes entries and documents of a format apart, and puts their bytes together."""

    entry_start: ClassVar[bytes]
    """How an entry begins, with its indent. Nothing else does: in texts and attributes there is no ``<``."""
    entry_end: ClassVar[bytes]
    text_start: ClassVar[bytes]
    """How the element with an entry's text begins, with its indent."""
    text_end: ClassVar[bytes]
    document_end: ClassVar[bytes]
    """What stands behind the last entry."""

    def write_entries(self, entries: Sequence[tuple[FeedEntry, str]], feed_lang: str) -> list[bytes]:
        """Write entries below the elements that will enclose them, for their indent and prefixes."""
        root, parent = self.enclosing_elements()
        parent.extend([self.entry_element(entry, html, feed_lang) for entry, html in entries])
        written = self.read_entries(etree.tostring(root, encoding="UTF-8", pretty_print=True))
        if len(written) != len(entries):
            raise ValueError("feedgen or lxml writes entries in another way")
        return written

    def write_document(self, view: FeedView, entries: Sequence[bytes]) -> list[bytes]:
        """Write a feed's head, and put its entries behind it."""
        empty = self.feed_without_entries(view)
        if not empty.endswith(self.document_end):
            raise ValueError("feedgen or lxml writes feeds in another way")
        return [empty.removesuffix(self.document_end), *entries, self.document_end]

    def read_entries(self, document: bytes) -> list[bytes]:
        """Cut a document into its entries."""
        start = document.find(self.entry_start)
        body = document[start : -len(self.document_end)] if start >= 0 else b""
        return [entry + self.entry_end for entry in body.split(self.entry_end)[:-1]]

    def replace_text(self, entry: bytes, html: str) -> bytes | None:
        """Put other HTML into an entry, or take the element out: all else is the same."""
        start = entry.find(self.text_start)
        end = entry.find(self.text_end, start)
        if min(start, end) < 0:
            return None
        if not html:
            return entry[:start] + entry[end + len(self.text_end) :]
        return entry[: start + len(self.text_start)] + _written_text(html) + entry[end:]

    @abstractmethod
    def enclosing_elements(self) -> tuple[Any, Any]:
        """Return a document's root, and the element below it that holds entries."""

    @abstractmethod
    def entry_element(self, entry: FeedEntry, html: str, feed_lang: str) -> Any:
        """Return an entry as an lxml element."""

    @abstractmethod
    def feed_without_entries(self, view: FeedView) -> bytes:
        """Return the document of a feed that brings nothing."""


class _Rss(FeedgenFormat):
    """Summary in ``description``, full text in ``content:encoded``; an item always says its language."""

    entry_start = b"    <item>"
    entry_end = b"    </item>\n"
    text_start = b"      <content:encoded>"
    text_end = b"</content:encoded>\n"
    document_end = b"  </channel>\n</rss>\n"

    def enclosing_elements(self) -> tuple[Any, Any]:
        root = etree.Element("rss", nsmap={"content": _CONTENT, "dc": _DC})
        return root, etree.SubElement(root, "channel")

    def entry_element(self, entry: FeedEntry, html: str, feed_lang: str) -> Any:
        item = _entry(entry, html)
        item.link(href=entry.link, rel="alternate")
        item.description(entry.summary or entry.title, isSummary=True)
        for file in entry.enclosures[:1]:  # of several, feedgen would take the last
            item.enclosure(file.href, str(file.size), file.media_type)
        element = item.rss_entry()
        guid = next(element.iterchildren("guid"))
        guid.set("isPermaLink", "true" if entry.id == entry.link else "false")
        # feedgen's pubDate would switch the locale of the process, its author needs an address.
        etree.SubElement(element, "pubDate").text = rfc822(entry.published)
        for name in entry.authors:
            etree.SubElement(element, f"{{{_DC}}}creator").text = name
        for name in entry.translators:
            etree.SubElement(element, f"{{{_DC}}}contributor").text = name
        etree.SubElement(element, f"{{{_DC}}}language").text = entry.lang
        return element

    def feed_without_entries(self, view: FeedView) -> bytes:
        feed = _feed(view, _RssExtension)
        feed.docs(_DOCS)
        document: bytes = feed.rss_str(pretty=True)
        return document


class _Atom(FeedgenFormat):
    """An entry in another language than its feed is marked with it."""

    entry_start = b"  <entry"
    entry_end = b"  </entry>\n"
    text_start = b'    <content type="html">'
    text_end = b"</content>\n"
    document_end = b"</feed>\n"

    def enclosing_elements(self) -> tuple[Any, Any]:
        root = etree.Element("feed")
        return root, root

    def entry_element(self, entry: FeedEntry, html: str, feed_lang: str) -> Any:
        made = _entry(entry, html)
        made.id(entry.iri or entry.id)
        made.author([{"name": name} for name in entry.authors])
        if entry.translators:
            made.contributor([{"name": name} for name in entry.translators])
        made.summary(entry.summary or entry.title)
        if not html:  # else feedgen refuses an entry without content; of this link it keeps the address only
            made.link(href=entry.link, rel="alternate")
        element = made.atom_entry()
        for link in element.findall("link"):
            element.remove(link)
        if entry.lang != feed_lang:
            element.set(_XML_LANG, entry.lang)
        _set_time(element, "updated", rfc3339(entry.updated))
        # feedgen's times end in +00:00, and of a link it keeps nothing but the address.
        etree.SubElement(element, "published").text = rfc3339(entry.published)
        etree.SubElement(
            element, "link", rel="alternate", type="text/html", hreflang=entry.lang, href=entry.link
        )
        for file in entry.enclosures:
            link = etree.SubElement(
                element, "link", rel="enclosure", href=file.href, type=file.media_type, length=str(file.size)
            )
            if file.title:
                link.set("title", file.title)
        if entry.video:
            etree.SubElement(element, "link", rel="related", href=entry.video.href, title=entry.video.text)
        return element

    def feed_without_entries(self, view: FeedView) -> bytes:
        feed = _feed(view, _AtomExtension)
        feed.subtitle(view.description or view.title)
        feed.author(name=view.author)
        feed.generator(_GENERATOR, version=__version__)
        document: bytes = feed.atom_str(pretty=True)
        return document


RSS, ATOM = _Rss(), _Atom()


class _FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Finishes what feedgen made of a feed, and declares prefixes: feedgen asks no entry for them."""

    view: FeedView


class _RssExtension(_FeedExtension):
    def extend_ns(self) -> dict[str, str]:
        return {"dc": _DC, "fh": _HISTORY}

    def extend_rss(self, root: Any) -> Any:
        channel = root[0]
        _set_time(channel, "lastBuildDate", rfc822(self.view.updated))
        _add_hubs(channel, self.view, f"{{{_ATOM}}}link")
        _add_history(channel, self.view, f"{{{_ATOM}}}link")
        return root


class _AtomExtension(_FeedExtension):
    def extend_ns(self) -> dict[str, str]:
        return {"fh": _HISTORY, "at": _TOMBSTONES} if self.view.deleted else {"fh": _HISTORY}

    def extend_atom(self, root: Any) -> Any:
        _set_time(root, "updated", rfc3339(self.view.updated))
        _add_hubs(root, self.view, "link")
        _add_history(root, self.view, "link")
        for identifier, when in self.view.deleted:
            etree.SubElement(root, f"{{{_TOMBSTONES}}}deleted-entry", ref=identifier, when=rfc3339(when))
        return root


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


def _add_history(parent: Any, view: FeedView, link: str) -> None:
    """Add links to the feed's other documents, and what this one is (RFC 5005, sections 2 and 4).

    link: the qualified name of a link element.
    """
    neighbours = (("current", view.live), ("prev-archive", view.older), ("next-archive", view.newer))
    for rel, href in neighbours:
        if href:
            etree.SubElement(parent, link, rel=rel, href=href, type=_TYPES[view.format])
    if view.live:
        etree.SubElement(parent, f"{{{_HISTORY}}}archive")
    elif view.complete:
        etree.SubElement(parent, f"{{{_HISTORY}}}complete")


def _add_hubs(parent: Any, view: FeedView, link: str) -> None:
    """Add links to the hubs of a feed (W3C WebSub, section 4)."""
    for hub in view.hubs:
        etree.SubElement(parent, link, rel="hub", href=hub)


def _entry(entry: FeedEntry, html: str) -> Any:
    """Give feedgen what both formats show of an entry."""
    made = FeedgenEntry()
    made.id(entry.id)
    made.title(entry.title)
    if html:
        made.content(html, type="html")
    made.category([category._asdict() for category in entry.categories])
    return made


def _written_text(text: str) -> bytes:
    """Return a text as it stands in an element."""
    element = etree.Element("text")
    element.text = text
    written: bytes = etree.tostring(element, encoding="UTF-8")
    return written.removeprefix(b"<text>").removesuffix(b"</text>")


def _set_time(parent: Any, name: str, time: str) -> None:
    """Replace a time that feedgen always writes: the one it was given or now, and in another form."""
    next(parent.iterchildren(name)).text = time
