"""Lint for RSS 2.0."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from .entries import (
    history_faults,
    link_faults,
    mail_date,
    name_faults,
    repeated,
    wrong_dates,
)
from .markup import fragment_faults, is_plain

ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
HISTORY = "{http://purl.org/syndication/history/1.0}"


def lint_rss(data: bytes) -> list[str]:
    """What a grammar cannot see in an RSS feed, one sentence a fault."""
    try:
        channel = ET.fromstring(data).find("channel")
    except ET.ParseError as error:
        return [f"the feed is not well-formed: {error}"]
    if channel is None:
        return ["the feed has no channel"]
    faults = [*_channel_faults(channel), *_date_faults(channel)]
    for number, item in enumerate(channel.iter("item"), start=1):
        faults += [f"item {number}: {fault}" for fault in _item_faults(item)]
    return faults


def _channel_faults(channel: ET.Element) -> Iterator[str]:
    links = [(link.get("rel", ""), link.get("href", "")) for link in channel.iterfind(ATOM_LINK)]
    yield from link_faults(links)
    yield from history_faults(
        links,
        archive=channel.find(f"{HISTORY}archive") is not None,
        complete=channel.find(f"{HISTORY}complete") is not None,
    )
    image = channel.find("image")
    if image is not None and image.findtext("link") != channel.findtext("link"):
        yield "the image's link is not the channel's link"
    if not is_plain(channel.findtext("title", "")):
        yield "the channel's title has markup"
    for name in ("guid", "link"):
        values = (item.findtext(name, "") for item in channel.iter("item"))
        yield from repeated(values, name)


def _date_faults(channel: ET.Element) -> Iterator[str]:
    built = channel.findtext("lastBuildDate", "")
    published = [item.findtext("pubDate", "") for item in channel.iter("item")]
    wrong = list(wrong_dates(mail_date, [built, *published]))
    yield from wrong
    if not wrong and any(mail_date(built) < mail_date(text) for text in published):
        yield "lastBuildDate is older than the newest item"


def _item_faults(item: ET.Element) -> Iterator[str]:
    if not is_plain(item.findtext("title", "")):
        yield "its title has markup"
    names = [creator.text or "" for creator in item.iterfind(CREATOR)]
    yield from name_faults(names)
    order = [child.tag for child in item]
    if CONTENT in order and "description" in order[order.index(CONTENT) :]:
        yield "content:encoded stands before description"
    if len(item.findall("enclosure")) > 1:
        yield "it has more than one enclosure"
    categories = (
        f"{category.get('domain', '')} {category.text}".strip() for category in item.iterfind("category")
    )
    yield from repeated(categories, "category")
    for name in ("description", CONTENT):
        yield from fragment_faults(item.findtext(name, ""))
