"""Feeds name their hubs, in every format; archives, which never change, do not."""

import json
from pathlib import Path

from tests.publishing.repositories import NOW, make_place, story

HUBS = """
[feeds]
items = 2
[web]
base_url = "https://mail.test.example/"
[websub]
hubs = ["https://hub.example/"]
hub = true
"""
OURS, OTHERS = "https://mail.test.example/websub", "https://hub.example/"


def test_a_feed_names_its_hubs(tmp_path: Path) -> None:
    """Our own first; links to archives stay beside them."""
    place = make_place(tmp_path)
    config = (place.work / "config.toml").read_text("utf-8")
    stories = {}
    for number in range(1, 7):
        stories |= story(f"s{number}", f"Story {number}", f"2030-01-0{number}T08:00Z")
    place.push({"config.toml": config + HUBS, **stories})
    place.publisher.publish(lambda: NOW)
    public = place.root / "public/en"
    for form, start in (("atom", "<link"), ("rss", "<atom:link")):
        live = (public / f"feed.{form}").read_text("utf-8")
        assert [live.count(f'{start} rel="hub" href="{hub}"/>') for hub in (OURS, OTHERS)] == [1, 1]
        assert live.index(OURS) < live.index(OTHERS)
        assert 'rel="prev-archive"' in live
        assert "hub" not in (public / f"feed-1.{form}").read_text("utf-8")
    data = json.loads((public / "feed.json").read_text("utf-8"))
    assert data["hubs"] == [{"type": "WebSub", "url": OURS}, {"type": "WebSub", "url": OTHERS}]
    assert "hubs" not in json.loads((public / "feed-1.json").read_text("utf-8"))


def test_without_hubs_feeds_are_as_they_were(tmp_path: Path) -> None:
    """No key and no link."""
    place = make_place(tmp_path)
    place.publish()
    assert all("hub" not in path.read_text("utf-8") for path in (place.root / "public/en").glob("feed.*"))
