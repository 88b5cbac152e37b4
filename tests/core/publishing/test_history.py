"""How commits relate, and which feeds a build changed."""

import pytest

from newsfeed.core.publishing.changed_feeds import find_changed_feeds
from newsfeed.core.publishing.history import FIRST, FORCED, FORWARD, SAME, UNRELATED, relate


@pytest.mark.parametrize(
    ("published", "commit", "base", "relation"),
    [("", "b", "", FIRST), ("a", "a", "", SAME), ("a", "b", "a", FORWARD), ("a", "b", "c", FORCED),
     ("a", "b", "", UNRELATED), ("a", "b", "b", FORCED)],
)  # fmt: skip
def test_a_commit_follows_or_does_not(published: str, commit: str, base: str, relation: str) -> None:
    """By the commit that it shares with the published one."""
    assert relate(published, commit, base) == relation


def test_feeds_are_told_apart_by_their_bytes() -> None:
    """Neither archives nor pages count, nor feeds that went."""
    before = {"en/feed.rss": "1", "en/feed.atom": "1", "en/index.html": "1", "de/feed.rss": "1"}
    after = {
        "en/feed.rss": "2",
        "en/feed.atom": "1",
        "en/index.html": "2",
        "en/feed-1.rss": "1",
        "x/feed.json": "1",
    }
    assert find_changed_feeds(before, after) == ("en/feed.rss", "x/feed.json")
