"""Links to places in other texts: by file, and by the address of a page."""

from datetime import UTC, datetime

import pytest

from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.places import find_dead_places
from newsfeed.testing import an_item, load_files, settings_from
from tests.core.site.test_unpublished import CONFIG

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TARGET = 'A <a id="the-end"></a> b.[^1] <a name="old one">c</a>\n\n[^1]: Note.\n'
FILES = {
    "news/2026/sun.en.md": an_item(TARGET, id="sun"),
    "news/2026/sun.de.md": an_item('<h2 id="ende">Ende</h2>\n', date=None),
    "pages/about.en.md": '---\ntitle: About\nid: about\n---\n<b id="us">Us</b>\n',
    "projects/wells.en.md": '---\nid: wells\ntitle: Wells\n---\n<b id="depth">Deep</b>\n',
}


def find(link, path="news/2026/moon.en.md"):
    """What is told of a link."""
    loaded = load_files({**FILES, path: an_item(f"See [x]({link}).\n", id="moon")}, settings_from(CONFIG))
    assert not loaded.problems
    return [*find_dead_places(SiteIndex(loaded.library, settings_from(CONFIG), NOW))]


@pytest.mark.parametrize(
    ("link", "is_dead"),
    [
        ("sun.en.md", False),
        ("sun.en.md#the-end", False),
        ("sun.en.md#the%2Dend", False),
        ("sun#the-end", False),
        ("sun.en.md#fn-1", False),
        ("sun.en.md#content", False),
        ("sun.en.md#TOP", False),
        ("sun.en.md#:~:text=A", False),
        ("sun.en.md#", False),
        ("sun.en.md#ende", True),
        ("sun.de.md#ende", False),
        ("sun#fn-2", True),
        ("../../pages/about.en.md#us", False),
        ("../../pages/about.en.md#them", True),
        ("/projects/wells.en.md#depth", False),
        ("/projects/wells.en.md#width", True),
        ("https://here.example/en/news/2026/sun/#the-end", False),
        ("https://here.example/en/news/2026/sun#ende", True),
        ("HTTP://here.example/de/news/2026/sun/index.html#ende", False),
        ("https://here.example/de/news/2026/sun/#the-end", True),
        ("https://here.example/en/projects/wells/#width", True),
        ("https://here.example/en/about/#nobody-knows", True),
        ("https://here.example/en/news/2026/gone/#x", False),  # told as a dead link
        ("https://elsewhere.example/en/news/2026/sun/#x", False),
    ],
)
def test_a_place_is_there_when_the_text_has_its_id(link, is_dead):
    """Ids of HTML, of footnotes and of the page around it."""
    assert [one.code for one in find(link)] == ["place-dead"] * is_dead


def test_the_problem_names_the_text_and_what_is_like_it():
    """At the link, with the file to look into."""
    (one,) = find("sun.en.md#the-ent")
    assert (one.where.path, one.where.line) == ("news/2026/moon.en.md", 6)
    assert dict(one.params) == {"value": "#the-ent", "other": "news/2026/sun.en.md", "known": "#the-end"}


def test_an_edition_without_the_text_shows_the_places_of_the_one_that_stands_in():
    """A page in another language has that text's ids."""
    assert find("https://here.example/de/about/#us") == []
