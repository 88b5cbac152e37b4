"""How long caches may keep what."""

import pytest

from newsfeed.core.http.freshness import FEED, FILE, HASHED, PAGE, compute_feed_age, kind_of


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", PAGE),
        ("en/news/2010/a/index.html", PAGE),
        ("en/feed.rss", FEED),
        ("en/topics/water/feed-12.atom", FEED),
        ("de/feed.json", FEED),
        ("de/news/myfeed.json", FILE),
        ("files/news/feeds/feed.html", FILE),
        ("style.css", FILE),
        ("sitemap.xml", FILE),
        ("files/news/a/photo.jpg", FILE),
        ("files/news/a/photo.jpg.0123456789abcdef.640.webp", HASHED),
        ("files/brand/logo.0123456789.svg", HASHED),
        ("en/search/part-1/pagefind.en_417c92191e.pf_meta", HASHED),
        ("en/search/part-1/fragment/en_417c92191e.pf_fragment", HASHED),
        ("en/search/part-1/pagefind-entry.json", FILE),
        ("en/search/part-1/pagefind.js", FILE),
    ],
)
def test_kinds_are_told_by_their_paths(path: str, kind: str) -> None:
    """What is named after its content may be kept for ever."""
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    ("until", "age"),
    [(None, 300), (0, 300), (1000, 300), (1299, 300), (1301, 301), (8200, 7200), (1e9, 21600)],
)
def test_feeds_are_fresh_until_a_story_comes_due(until: float | None, age: int) -> None:
    """But for five minutes at least, and six hours at most."""
    assert compute_feed_age(1000.0, until) == age
