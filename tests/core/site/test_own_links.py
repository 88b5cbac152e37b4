"""Absolute links to the site itself that lead nowhere."""

import pytest

from newsfeed.core.site.own_links import find_dead_own_links, strip_base_url
from newsfeed.model import Link
from newsfeed.testing import settings_from
from tests.core.site.test_unpublished import CONFIG

PUBLISHED = {
    "en/index.html",
    "en/news/2026/sun/index.html",
    "en/feed.rss",
    "en/old.html",
    "files/news/sun/a b.pdf",
    "index.html",
}


@pytest.mark.parametrize(
    ("target", "rest"),
    [
        ("https://here.example/en/", "en/"),
        ("http://HERE.example/en/", "en/"),
        ("//here.example/", ""),
        ("https://here.example", ""),
        ("https://here.example.org/", None),
        ("https://elsewhere.example/", None),
        ("../sun.en.md", None),
        ("mailto:a@here.example", None),
    ],
)
def test_an_address_of_the_site_is_known(target, rest):
    """With any scheme of the web, whatever its capitals."""
    assert strip_base_url(target, "https://here.example/") == rest


@pytest.mark.parametrize(
    ("rest", "is_dead"),
    [
        ("en/news/2026/sun/", False),
        ("en/news/2026/sun", False),
        ("en/news/2026/sun/index.html#top", False),
        ("en/feed.rss?x=1", False),
        ("en/old", False),
        ("files/news/sun/a%20b.pdf", False),
        ("", False),
        ("en/news/2026/moon/", True),
        ("files/news/sun/b.pdf", True),
        ("de/", True),
        ("shop/", False),  # somebody else's, at the root of the same host
    ],
)
def test_a_link_is_dead_when_nothing_is_published_there(rest, is_dead):
    """As web servers find files."""
    links = {"news/a.en.md": [Link(f"https://here.example/{rest}", 3, 4)]}
    found = [*find_dead_own_links(links, PUBLISHED, settings_from(CONFIG).site)]
    assert [(one.where.path, one.where.line, one.where.column) for one in found] == [
        ("news/a.en.md", 3, 4)
    ] * is_dead


def test_below_the_folder_of_a_site_all_is_its_own():
    """Where the site has a part of a host."""
    site = settings_from(CONFIG.replace("here.example/", "here.example/site/")).site
    links = {"news/a.en.md": [Link("https://here.example/site/shop/"), Link("https://here.example/shop/")]}
    assert len([*find_dead_own_links(links, PUBLISHED, site)]) == 2 - 1
