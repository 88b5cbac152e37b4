"""Which documents a section's feed has, and what goes when the configuration asks for fewer."""

import pytest

from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.feed_documents import (
    brings_summaries,
    count_archives,
    cut_document,
    feed_formats,
    has_archives,
    is_complete,
)
from newsfeed.core.site.removed_feeds import RemovedFeeds, find_removed_feeds
from newsfeed.core.site.sections import SITE, Section
from newsfeed.settings import FeedSettings

EDITION, TOPIC = Section(SITE), Section("topics", "water")


def test_by_default_the_site_has_everything_and_sections_have_what_is_new():
    """Archives, JSON Feed and whole texts are the edition's; RSS and Atom with summaries are everybody's."""
    usual = FeedSettings()
    assert feed_formats(usual, EDITION) == ("rss", "atom", "jsonfeed")
    assert feed_formats(usual, TOPIC) == ("rss", "atom")
    assert (has_archives(usual, EDITION), has_archives(usual, TOPIC)) == (True, False)
    assert (brings_summaries(usual, EDITION), brings_summaries(usual, TOPIC)) == (False, True)


@pytest.mark.parametrize(("archives", "site", "topic"), [("site", 4, 0), ("all", 4, 4), ("none", 0, 0)])
def test_archives_are_the_sites_or_all_or_none(archives, site, topic):
    """Of seventeen stories, three in a document: four archives, and five in the feed itself."""
    feeds = FeedSettings(items=3, archives=archives)
    assert (count_archives(feeds, EDITION, 17), count_archives(feeds, TOPIC, 17)) == (site, topic)


def test_a_feed_without_archives_brings_exactly_so_many():
    """And not up to twice as many, as one does that is cut from the oldest end."""
    stories = list(range(17))
    feeds = FeedSettings(items=3)
    assert cut_document(feeds, TOPIC, stories, 0) == [0, 1, 2]
    assert cut_document(feeds, EDITION, stories, 0) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("length", "topic", "site"), [(2, True, True), (3, True, True), (4, False, True), (6, False, False)]
)
def test_only_what_brings_everything_is_complete(length, topic, site):
    """A feed that leaves older stories out does not say that it is complete."""
    feeds = FeedSettings(items=3)
    assert (is_complete(feeds, TOPIC, length), is_complete(feeds, EDITION, length)) == (topic, site)


PAGES = [PlannedArtifact(path, "list") for path in ("de/index.html", "de/topics/water/index.html")]
BEFORE = [
    "de/feed-1.atom",
    "de/feed-1.json",
    "de/feed.json",
    "de/topics/gone/feed-1.rss",
    "de/topics/water/feed-1.rss",
    "de/topics/water/feed-2.json",
    "de/topics/water/feed.json",
    "de/topics/water/feed.json.gz",
    "de/topics/water/feed.rss",
]


def test_what_the_configuration_asks_for_no_more_is_named_with_the_line_that_keeps_it():
    """Archives and formats apart. What goes with its section, or with its stories, is no news here."""
    assert find_removed_feeds(BEFORE, FeedSettings(), PAGES) == [
        RemovedFeeds(("de/topics/water/feed-1.rss", "de/topics/water/feed-2.json"), 'archives = "all"'),
        RemovedFeeds(("de/topics/water/feed.json",), 'formats = ["rss", "atom", "jsonfeed"]'),
    ]


def test_a_site_without_archives_is_told_of_its_own():
    """One word gives them back, and no more than there were."""
    feeds = FeedSettings(archives="none", section_formats=("rss", "atom", "jsonfeed"))
    assert find_removed_feeds(BEFORE[:3], feeds, PAGES) == [
        RemovedFeeds(("de/feed-1.atom", "de/feed-1.json"), 'archives = "site"')
    ]
