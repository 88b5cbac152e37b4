"""The clients themselves: what goes into a sample comes out of every one of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from . import samples
from .faults import assert_says
from .mail import CLIENTS, read_mails
from .readers import (
    READERS_OF,
    Entry,
    feedsmith_entries,
    newsboat_entries,
    opml_feeds,
    rss_parser_entries,
    ruby_validates,
)
from .samples import save

TITLE = "Schulung in Lenger: „Sonne“ & Wasser"
ENTRIES = [
    Entry(
        "tag:news.example,2010:lenger:de",
        TITLE,
        "https://news.example/de/2010/lenger/",
        datetime(2010, 2, 4, 8, tzinfo=UTC),
        "https://news.example/lenger.jpg",
    ),
    Entry(
        "tag:news.example,2010:videos:en",
        "New videos",
        "https://news.example/de/2010/videos/",
        datetime(2010, 1, 26, 8, tzinfo=UTC),
    ),
]
WITHOUT_ENCLOSURES = [Entry(entry.id, entry.title, entry.link, entry.published) for entry in ENTRIES]


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The three sample feeds as files, by format."""
    folder = tmp_path_factory.mktemp("feeds")
    texts = {"rss": samples.RSS, "atom": samples.ATOM, "json": samples.JSON}
    return {name: save(folder / f"feed.{name}", text.encode("utf-8")) for name, text in texts.items()}


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_clients_in_this_process_read_the_same_entries(kind: str, feeds: dict[str, Path]) -> None:
    """Id, title, link, date and enclosure come out of every client as they went in."""
    for entries_of in READERS_OF[kind]:
        assert set(entries_of(feeds[kind].read_bytes())) == set(ENTRIES)


def test_node_clients_read_the_same_entries(feeds: dict[str, Path]) -> None:
    """The npm clients agree too; rss-parser is blind for Atom's enclosures."""
    read = rss_parser_entries([feeds["rss"], feeds["atom"]])
    assert read == {feeds["rss"]: ENTRIES, feeds["atom"]: WITHOUT_ENCLOSURES}
    assert feedsmith_entries(list(feeds.values())) == dict.fromkeys(feeds.values(), ENTRIES)


def test_newsboat_keeps_one_entry_per_id_over_all_feeds(feeds: dict[str, Path]) -> None:
    """Two feeds with the same ids leave each entry once; pictures are not kept."""
    entries = newsboat_entries([feeds["rss"], feeds["atom"]])
    assert sorted(entries, key=lambda entry: entry.id) == WITHOUT_ENCLOSURES


def test_ruby_validates_good_feeds_only(feeds: dict[str, Path], tmp_path: Path) -> None:
    """Ruby's validating parser accepts the samples and names a spoilt file."""
    titleless = samples.RSS.replace("<title>Nachrichten</title>", "", 1)
    spoilt = save(tmp_path / "spoilt.rss", titleless.encode("utf-8"))
    assert ruby_validates([feeds["rss"], feeds["atom"]]) == []
    assert_says(ruby_validates([feeds["rss"], spoilt]), "spoilt.rss.*title")


def test_opml_lists_its_feeds() -> None:
    """Listparser reads title and address of a feed inside a group."""
    assert opml_feeds(samples.OPML.encode()) == [("Nachrichten", "https://news.example/de/feed.rss")]


def test_mail_readers_agree(tmp_path: Path) -> None:
    """Both mail clients decode the same words and leave List-* headers as they are."""
    file = save(tmp_path / "digest.eml", samples.MAIL.encode())
    read = read_mails([file])[file]
    first = read[CLIENTS[0]]
    assert first == read[CLIENTS[1]]
    assert first.subject == "Nachrichten für Februar"
    assert first.sender == ("Netzwerk für Umwelt", "news@news.example")
    assert first.recipients == (("", "reader@reader.example"),)
    assert first.lists["list-unsubscribe"].startswith("<https://news.example/u/4f2a>, ")
    assert TITLE in first.text
    assert TITLE.replace("&", "&amp;") in first.html
