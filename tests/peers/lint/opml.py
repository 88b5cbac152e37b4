"""Lint for OPML 2.0 lists of feeds."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from .entries import LANGUAGE_TAG, repeated
from .markup import is_absolute

FEED_NEEDS = ("text", "type", "xmlUrl", "htmlUrl", "language")


def lint_opml(data: bytes) -> list[str]:
    """What is wrong with an OPML list of feeds, one sentence a fault."""
    try:
        opml = ET.fromstring(data)
    except ET.ParseError as error:
        return [f"the list is not well-formed: {error}"]
    outlines = list(opml.iterfind("body//outline"))
    feeds = [outline for outline in outlines if outline.get("type")]
    faults = [f"an outline lacks {key}" for key in _lacking(outlines, ("text",))]
    faults += [f"a feed lacks {key}" for key in _lacking(feeds, FEED_NEEDS)]
    faults += repeated((feed.get("xmlUrl", "") for feed in feeds), "feed")
    if opml.tag != "opml" or opml.get("version") != "2.0":
        faults.append("it is not OPML 2.0")
    if not opml.findtext("head/title", "").strip():
        faults.append("it has no title")
    if not feeds:
        faults.append("it lists no feed")
    return [*faults, *_value_faults(feeds)]


def _lacking(outlines: list[ET.Element], keys: tuple[str, ...]) -> Iterator[str]:
    return (key for outline in outlines for key in keys if not outline.get(key))


def _value_faults(feeds: list[ET.Element]) -> Iterator[str]:
    for feed in feeds:
        if feed.get("type") != "rss":
            yield f"a feed has the type {feed.get('type')}"
        if not LANGUAGE_TAG.fullmatch(feed.get("language", "")):
            yield f"{feed.get('language')!r} is no canonical language tag"
        for key in ("xmlUrl", "htmlUrl"):
            if not is_absolute(feed.get(key, "")):
                yield f"the {key} {feed.get(key)!r} is no absolute address"
