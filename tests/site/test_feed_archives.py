"""Feeds in documents (RFC 5005): the whole list is there, old documents stay as they are."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from newsfeed.app import site as app
from newsfeed.core.site import urls
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.feed_documents import has_archives
from newsfeed.core.site.sections import Section
from newsfeed.model import Story
from newsfeed.testing import an_item, write_tree
from tests.build.builds import build, open_in
from tests.site.builds import NETWORK_NOW, BuiltSite, copy_of_network, tree

pytestmark = pytest.mark.xdist_group("feeds")

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
FORMATS = ("rss", "atom", "jsonfeed")


@dataclass(frozen=True)
class Document:
    """What a program that walks through a feed sees of one document."""

    ids: tuple[str, ...]
    links: dict[str, str]
    marks: tuple[str, ...]
    feed_id: str | None
    updated: str | None


def read(form: str, data: bytes) -> Document:
    """A feed document, by plain parsing."""
    if form == "jsonfeed":
        feed = json.loads(data)
        links = {
            "self": feed["feed_url"],
            **({"prev-archive": feed["next_url"]} if "next_url" in feed else {}),
        }
        return Document(tuple(one["id"] for one in feed["items"]), links, (), None, None)
    root = ET.fromstring(data)
    head = root[0] if form == "rss" else root
    entry, guid, updated = ("item", "guid", "lastBuildDate")
    if form == "atom":
        entry, guid, updated = (f"{ATOM}entry", f"{ATOM}id", f"{ATOM}updated")
    return Document(
        ids=tuple(one.findtext(guid, "") for one in head.findall(entry)),
        links={one.get("rel", ""): one.get("href", "") for one in head.findall(f"{ATOM}link")},
        marks=tuple(one.tag.removeprefix(HISTORY) for one in head if one.tag.startswith(HISTORY)),
        feed_id=head.findtext(f"{ATOM}id"),
        updated=head.findtext(updated),
    )


def walk(site: BuiltSite, live: PlannedArtifact) -> Iterator[Document]:
    """The documents of a feed from the live one to the oldest, found by their links only."""
    address = site.url(live.path)
    while address:
        found = read(live.form, site.files[address.removeprefix(site.base_url)])
        assert found.links["self"] == address
        yield found
        address = found.links.get("prev-archive", "")


def live_feeds(site: BuiltSite) -> list[PlannedArtifact]:
    """The feeds one subscribes to."""
    return [one for one in site.plan.values() if one.kind == "feed" and not one.number]


def wanted(site: BuiltSite, feed: PlannedArtifact) -> list[str]:
    """The ids of all public stories of a section that an edition shows, newest first."""
    settings = site.site.settings
    stories = site.index.stories(settings.languages[feed.lang], Section(feed.section, feed.key))
    return [
        urls.entry_id(settings.site.authority, one.content, one.item.lang)
        for one in stories
        if isinstance(one.content, Story)
    ]


def test_a_walk_brings_every_story_once(site: BuiltSite) -> None:
    """In each format, each language, for the site and every section, in order, without gap or repeat; where
    there are no archives, the newest.
    """
    lengths = []
    for feed in live_feeds(site):
        documents, every = list(walk(site, feed)), wanted(site, feed)
        if not has_archives(site.site.settings.feeds, Section(feed.section, feed.key)):
            every = every[: site.site.settings.feeds.items]
        assert [one for document in documents for one in document.ids] == every, feed.path
        lengths.append(len(documents))
    assert max(lengths) > (5 if site.site.settings.feeds.items == 6 else 0)


def test_no_archive_is_outside_the_walk(site: BuiltSite) -> None:
    """Every feed document is reached from a live feed."""
    reached = {document.links["self"] for feed in live_feeds(site) for document in walk(site, feed)}
    assert reached == {site.url(one.path) for one in site.plan.values() if one.kind == "feed"}


def test_documents_have_their_lengths(site: BuiltSite) -> None:
    """Archives hold exactly as many as configured, the live feed at least that, and less than twice."""
    items = site.site.settings.feeds.items
    for feed in live_feeds(site):
        live, *archives = walk(site, feed)
        assert {len(one.ids) for one in archives} <= {items}
        assert min(items, len(wanted(site, feed))) <= len(live.ids) < 2 * items


def test_documents_say_what_they_are(site: BuiltSite) -> None:
    """Archives name the live feed and both neighbours, the newest only one; all are the same feed."""
    for feed in live_feeds(site):
        if feed.form == "jsonfeed":
            continue
        live, *archives = walk(site, feed)
        address = site.url(feed.path)
        assert live.marks == (("complete",) if set(live.ids) == set(wanted(site, feed)) else ())
        assert not {"current", "next-archive"} & live.links.keys()
        following = ""
        for archive in archives:
            assert archive.marks == ("archive",)
            assert archive.links["current"] == address
            assert archive.links.get("next-archive", "") == following
            following = archive.links["self"]
        assert {one.feed_id for one in archives} <= {live.feed_id}


def test_an_archive_is_as_new_as_its_newest_entry(network: BuiltSite) -> None:
    """And not as the feed is now: that would change with everything new."""
    first = read("atom", network.files["en/feed-1.atom"])
    moments = [
        one.findtext(f"{ATOM}updated")
        for one in ET.fromstring(network.files["en/feed-1.atom"]).findall(f"{ATOM}entry")
    ]
    assert first.updated == max(moment for moment in moments if moment)


def test_what_is_new_leaves_closed_archives_alone(network: BuiltSite, tmp_path: Path) -> None:
    """Thirteen stories, one by one, close two or three more archives of each feed. The one before a new one
    gets its link to a newer archive, that once, and stays as it is; JSON archives never change at all. In the
    end all is as one clean build makes it.
    """
    root, before = copy_of_network(tmp_path / "site"), dict(network.files)
    build(open_in(tmp_path), NETWORK_NOW)
    changed: dict[str, bytes] = {}
    for number in range(1, 14):
        text = an_item("New.\n", date=f"2024-06-14 01:{number:02}", id=f"newest-{number}", topics="[water]")
        write_tree(root, {f"news/2024/newest-{number}.en.md": text})
        assert build(open_in(tmp_path), NETWORK_NOW)[1] == "incremental"
        after = tree(tmp_path / "out")
        assert before.keys() <= after.keys()
        for path, old in before.items():
            if "/feed-" in path and after[path] != old:
                assert path not in changed, "changed twice"
                (added,) = set(after[path].splitlines()) - set(old.splitlines())
                assert after[path].replace(added + b"\n", b"") == old
                assert b'rel="next-archive"' in added
                changed[path] = added
        before = after
    app.build(app.read(root, NETWORK_NOW), tmp_path / "clean", NETWORK_NOW)
    assert tree(tmp_path / "clean") == before
    for lang in network.languages:
        fresh = {path for path in before if path.startswith(f"{lang}/feed-")} - network.files.keys()
        assert len(fresh) in (2 * len(FORMATS), 3 * len(FORMATS))
    assert {path.rpartition(".")[2] for path in changed} == {"rss", "atom"}
