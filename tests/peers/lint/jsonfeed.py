"""Lint for JSON Feed 1.1."""

import json
from collections.abc import Iterator
from typing import Any

from .entries import LANGUAGE_TAG, name_faults, repeated, web_date, wrong_dates
from .markup import fragment_faults, is_absolute, is_plain

FEED_NEEDS = ("title", "home_page_url", "feed_url", "language")
ITEM_NEEDS = ("id", "url", "title", "date_published")
ADDRESSES = ("home_page_url", "feed_url", "next_url", "url", "image", "icon", "favicon")


def lint_json(data: bytes) -> list[str]:
    """What a schema cannot see in a JSON feed, one sentence a fault."""
    try:
        feed = json.loads(data)
    except ValueError as error:
        return [f"the feed is not JSON: {error}"]
    items: list[dict[str, Any]] = feed.get("items", [])
    faults = [*_feed_faults(feed), *_shared_faults(feed)]
    faults += repeated((str(item.get("id", "")) for item in items), "id")
    faults += repeated((str(item.get("url", "")) for item in items), "url")
    for number, item in enumerate(items, start=1):
        item_faults = [*_item_faults(item), *_shared_faults(item)]
        faults += [f"item {number}: {fault}" for fault in item_faults]
    return faults


def _feed_faults(feed: dict[str, Any]) -> Iterator[str]:
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield "its version is not 1.1"
    yield from (f"it has no {key}" for key in FEED_NEEDS if not feed.get(key))
    if feed.get("next_url") and feed["next_url"] == feed.get("feed_url"):
        yield "its next_url is the feed itself"


def _item_faults(item: dict[str, Any]) -> Iterator[str]:
    yield from (f"it has no {key}" for key in ITEM_NEEDS if not item.get(key))
    if not item.get("content_html") and not item.get("content_text"):
        yield "it has neither content_html nor content_text"
    yield from name_faults([each.get("name", "") for each in item.get("authors", [])])
    yield from repeated(item.get("tags", []), "tag")
    if not is_plain(str(item.get("summary", ""))):
        yield "its summary has markup"
    yield from fragment_faults(str(item.get("content_html", "")))
    yield from _date_faults(item)
    for attachment in item.get("attachments", []):
        if not is_absolute(str(attachment.get("url", ""))):
            yield "an attachment's address is relative"
        if attachment.get("size_in_bytes", 0) <= 0:
            yield "an attachment has no size"


def _date_faults(item: dict[str, Any]) -> Iterator[str]:
    published = str(item.get("date_published", ""))
    modified = str(item.get("date_modified", published))
    wrong = list(wrong_dates(web_date, {published, modified}))
    yield from wrong
    if not wrong and web_date(modified) < web_date(published):
        yield "it was modified before it was published"


def _shared_faults(value: dict[str, Any]) -> Iterator[str]:
    if "author" in value:
        yield "it has the outdated author beside authors"
    if not is_plain(str(value.get("title", ""))):
        yield "its title has markup"
    if "language" in value and not LANGUAGE_TAG.fullmatch(value["language"]):
        yield f"{value['language']!r} is no canonical language tag"
    for key in ADDRESSES:
        if key in value and not is_absolute(value[key]):
            yield f"its {key} is the relative address {value[key]!r}"
    for key in value:
        if key.startswith("_") and "." in key:
            yield f"the extension {key!r} has a dot in its name"
