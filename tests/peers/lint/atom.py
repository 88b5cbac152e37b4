"""Lint for Atom."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from .entries import (
    history_faults,
    link_faults,
    name_faults,
    repeated,
    web_date,
    wrong_dates,
)
from .markup import fragment_faults, is_plain

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"


def lint_atom(data: bytes) -> list[str]:
    """What a grammar cannot see in an Atom feed, one sentence a fault."""
    try:
        feed = ET.fromstring(data)
    except ET.ParseError as error:
        return [f"the feed is not well-formed: {error}"]
    faults = [*_feed_faults(feed), *_date_faults(feed)]
    for number, entry in enumerate(feed.iterfind(f"{ATOM}entry"), start=1):
        faults += [f"entry {number}: {fault}" for fault in _entry_faults(entry)]
    return faults


def _feed_faults(feed: ET.Element) -> Iterator[str]:
    links = _links(feed)
    yield from link_faults(links)
    yield from history_faults(
        links,
        archive=feed.find(f"{HISTORY}archive") is not None,
        complete=feed.find(f"{HISTORY}complete") is not None,
    )
    yield from _shared_faults(feed)
    entries = feed.findall(f"{ATOM}entry")
    ids = [each.findtext(f"{ATOM}id", "") for each in (feed, *entries)]
    yield from repeated(ids, "id")
    pages = [address for each in entries for rel, address in _links(each) if rel == "alternate"]
    yield from repeated(pages, "alternate link")


def _entry_faults(entry: ET.Element) -> Iterator[str]:
    yield from _shared_faults(entry)
    yield from repeated((" ".join(link) for link in _links(entry)), "link")
    categories = (
        f"{category.get('scheme', '')} {category.get('term')}".strip()
        for category in entry.iterfind(f"{ATOM}category")
    )
    yield from repeated(categories, "category")
    if not is_plain(entry.findtext(f"{ATOM}summary", "")):
        yield "its summary has markup"
    yield from fragment_faults(entry.findtext(f"{ATOM}content", ""))


def _shared_faults(parent: ET.Element) -> Iterator[str]:
    alternates = [address for rel, address in _links(parent) if rel == "alternate"]
    if len(alternates) != 1:
        yield f"it has {len(alternates)} alternate links instead of one"
    if not is_plain(parent.findtext(f"{ATOM}title", "")):
        yield "its title has markup"
    names = parent.iterfind(f"{ATOM}author/{ATOM}name")
    yield from name_faults([name.text or "" for name in names])


def _date_faults(feed: ET.Element) -> Iterator[str]:
    entries = feed.findall(f"{ATOM}entry")
    built, *updated = (each.findtext(f"{ATOM}updated", "") for each in (feed, *entries))
    published = [entry.findtext(f"{ATOM}published", "") for entry in entries]
    wrong = list(wrong_dates(web_date, [built, *updated, *published]))
    yield from wrong
    if wrong:
        return
    for first, last in zip(published, updated, strict=True):
        if web_date(last) < web_date(first):
            yield f"an entry of {first} was updated before it was published"
        if web_date(last) > web_date(built):
            yield f"the feed's updated is older than an entry's, {last}"


def _links(parent: ET.Element) -> list[tuple[str, str]]:
    return [(link.get("rel", "alternate"), link.get("href", "")) for link in parent.iterfind(f"{ATOM}link")]
