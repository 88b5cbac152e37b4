"""Feed clients from PyPI."""

from calendar import timegm
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..need import need_module
from .entry import Entry


def feedparser_entries(data: bytes) -> list[Entry]:
    """What feedparser reads from RSS or Atom; it knows no JSON Feed."""
    feed = need_module("feedparser").parse(data)
    assert not feed.bozo, f"feedparser calls the feed ill-formed: {feed.bozo_exception}"
    return [
        Entry(
            id=entry.id,
            title=entry.title,
            link=entry.link,
            published=datetime.fromtimestamp(timegm(entry.published_parsed), UTC),
            enclosure=_first_address(entry.enclosures, "href"),
        )
        for entry in feed.entries
    ]


def fastfeedparser_entries(data: bytes) -> list[Entry]:
    """What fastfeedparser reads from RSS, Atom (enclosures are links there) or JSON."""
    return [
        Entry(
            id=entry["id"],
            title=entry["title"],
            link=entry["link"],
            published=datetime.fromisoformat(entry["published"]).astimezone(UTC),
            enclosure=_first_address(entry.get("enclosures", []), "url")
            or _first_address(
                [link for link in entry["links"] if link["rel"] == "enclosure"], "href"
            ),
        )
        for entry in need_module("fastfeedparser").parse(data).entries
    ]


def reader_entries(data: bytes) -> list[Entry]:
    """What lemon24's reader stores after it updated from RSS, Atom or JSON."""
    need_module("sgmllib")
    with TemporaryDirectory() as folder:
        name = "feed.json" if data.lstrip().startswith(b"{") else "feed.xml"
        Path(folder, name).write_bytes(data)
        with need_module("reader").make_reader(":memory:", feed_root=folder) as reader:
            reader.add_feed(name)
            reader.update_feed(name)
            return [_reader_entry(entry) for entry in reader.get_entries()]


def opml_feeds(data: bytes) -> list[tuple[str, str]]:
    """Title and URL of every feed that listparser finds in an OPML file.

    It mends broken XML silently: `lint_opml` is what judges the form.
    """
    return [
        (feed.title, feed.url) for feed in need_module("listparser").parse(data).feeds
    ]


def _reader_entry(entry: Any) -> Entry:
    return Entry(
        id=entry.id,
        title=entry.title,
        link=entry.link,
        published=entry.published.astimezone(UTC),
        enclosure=entry.enclosures[0].href if entry.enclosures else None,
    )


def _first_address(enclosures: list[dict[str, str]], key: str) -> str | None:
    return enclosures[0][key] if enclosures else None
