"""What independent clients make of a feed, each as plain `Entry` values.

In-process clients and sfeed read bytes; the others take many files at once. Entries
come in document order, except from `reader` and Newsboat, which sort by their own
taste: compare those as sets.
"""

import json
import os
import re
import sqlite3
from calendar import timegm
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .need import HERE, need_command, need_module, need_npm
from .process import run

RUBY_SCRIPT = """
ARGV.each do |file|
  begin
    feed = RSS::Parser.parse(File.read(file, encoding: "UTF-8"), true)
    puts "#{file}: no feed" unless feed
  rescue RSS::Error => error
    puts "#{file}: #{error.message.lines.first.strip}"
  end
end
"""
SFEED_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}


@dataclass(frozen=True)
class Entry:
    """One entry as a client shows it; `published` is in UTC."""

    id: str
    title: str
    link: str
    published: datetime
    enclosure: str | None = None


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
            or _first_address([link for link in entry["links"] if link["rel"] == "enclosure"], "href"),
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
    return [(feed.title, feed.url) for feed in need_module("listparser").parse(data).feeds]


def rss_parser_entries(files: Sequence[Path]) -> dict[Path, list[Entry]]:
    """What rss-parser reads from RSS or Atom; of Atom it knows no enclosures."""
    return _node_entries("rss-parser", files)


def feedsmith_entries(files: Sequence[Path]) -> dict[Path, list[Entry]]:
    """What feedsmith reads from RSS, Atom or JSON."""
    return _node_entries("feedsmith", files)


def sfeed_entries(data: bytes) -> list[Entry]:
    """What sfeed, a parser in C, reads from RSS or Atom."""
    lines = run([need_command("sfeed")], stdin=data.decode("utf-8")).split("\n")
    return [_sfeed_entry(line) for line in lines if line]


def newsboat_entries(files: Sequence[Path]) -> list[Entry]:
    """What Newsboat keeps after it read all these feeds into one database.

    Its ids are global: two feeds with one id leave one entry. It reads no JSON Feed
    and keeps no enclosure that cannot be played.
    """
    newsboat = need_command("newsboat")
    with TemporaryDirectory() as folder:
        urls, store = Path(folder, "urls"), Path(folder, "store.db")
        urls.write_text("".join(f'"{file.absolute().as_uri()}"\n' for file in files))
        paths: list[str | Path] = ["-u", urls, "-c", store, "-C", os.devnull]
        run([newsboat, *paths, "-x", "reload", "print-unread"], HOME=folder)
        query = "SELECT guid, title, url, pubDate, enclosure_url FROM rss_item"
        with closing(sqlite3.connect(store)) as connection:
            return [_newsboat_entry(*row) for row in connection.execute(query)]


def ruby_validates(files: Sequence[Path]) -> list[str]:
    """What Ruby's validating RSS and Atom parser says against these files."""
    ruby = need_command("ruby")
    return run([ruby, "-rrss", "-e", RUBY_SCRIPT, *files]).splitlines()


READERS_OF = {
    "rss": (feedparser_entries, fastfeedparser_entries, reader_entries, sfeed_entries),
    "atom": (feedparser_entries, fastfeedparser_entries, reader_entries, sfeed_entries),
    "json": (fastfeedparser_entries, reader_entries),
}
"""The clients that read bytes, by the format they understand."""


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


def _node_entries(client: str, files: Sequence[Path]) -> dict[Path, list[Entry]]:
    need_npm(client)
    script = HERE / "readers.mjs"
    report = json.loads(run([need_command("node"), script, client, *files]))
    feeds = zip(files, report, strict=True)
    return {file: [_node_entry(entry) for entry in entries] for file, entries in feeds}


def _node_entry(entry: dict[str, str]) -> Entry:
    return Entry(
        id=entry["id"],
        title=entry["title"],
        link=entry["link"],
        published=datetime.fromisoformat(entry["published"]).astimezone(UTC),
        enclosure=entry.get("enclosure"),
    )


def _sfeed_entry(line: str) -> Entry:
    stamp, title, link, _, _, id_, _, enclosure, _ = (
        re.sub(r"\\(.)", lambda found: SFEED_ESCAPES[found[1]], value) for value in line.split("\t")
    )
    published = datetime.fromtimestamp(int(stamp), UTC)
    return Entry(id_, title, link, published, enclosure or None)


def _newsboat_entry(guid: str, title: str, url: str, stamp: int, enclosure: str | None) -> Entry:
    published = datetime.fromtimestamp(stamp, UTC)
    return Entry(guid, title, url, published, enclosure or None)
