"""Media types."""

import pytest

from newsfeed.core.http.media_types import can_shrink, content_type_of


@pytest.mark.parametrize(
    ("path", "kind", "shrinks"),
    [
        ("en/index.html", "text/html; charset=utf-8", True),
        ("en/feed.rss", "application/rss+xml", True),
        ("en/feed.atom", "application/atom+xml", True),
        ("en/feed-1.json", "application/feed+json", True),
        ("en/search/part-1/pagefind-entry.json", "application/json", True),
        ("en/feeds.opml", "text/x-opml; charset=utf-8", True),
        ("en/news/a/index.md", "text/markdown; charset=utf-8", True),
        ("style.css", "text/css; charset=utf-8", True),
        ("search.js", "text/javascript; charset=utf-8", True),
        ("sitemap.xml", "application/xml", True),
        ("files/a.SVG", "image/svg+xml", True),
        ("files/a.webp", "image/webp", False),
        ("files/a.mp3", "audio/mpeg", False),
        ("files/a.ogg", "audio/ogg", False),
        ("files/a.pdf", "application/pdf", False),
        ("files/a.tar.gz", "application/gzip", False),
        ("files/a.unknown", "application/octet-stream", False),
        ("files/a", "application/octet-stream", False),
    ],
)
def test_files_are_what_their_names_say(path: str, kind: str, shrinks: bool) -> None:
    """Texts say that they are UTF-8, and only what is not compressed yet is compressed."""
    assert content_type_of(path) == kind
    assert can_shrink(path) is shrinks


def test_a_text_in_an_older_encoding_is_not_called_utf_8() -> None:
    """Browsers guess better than we would lie."""
    assert content_type_of("files/list.csv", is_utf8=False) == "text/csv"
