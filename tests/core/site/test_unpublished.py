"""Stories that are not published, and where files are."""

from datetime import UTC, date, datetime

import pytest

from newsfeed.app import site as app
from newsfeed.core.site.unpublished import (
    ALL_PUBLISHED,
    NONE_EXPIRES,
    Expiring,
    Unpublished,
    count_expiring,
    count_unpublished,
)
from newsfeed.testing import an_item, write_tree
from tests.pictures import png

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
CONFIG = """\
[site]
title = "Here"
base_url = "https://here.example/"
languages = ["en", "de"]
timezone = "Europe/Berlin"
authority = "here.example,2020"
"""
FILES = {
    "config.toml": CONFIG,
    "news/shown.en.md": an_item("![x](p.png)\n", id="shown", date="2026-01-01"),
    "news/german.de.md": an_item(id="german", date="2026-01-01"),
    "news/draft.en.md": an_item(id="draft", date="2026-01-01", draft="yes"),
    "news/draft-later.en.md": an_item(id="draft-later", date="2027-01-01", draft="yes"),
    "news/later.en.md": an_item(id="later", date="2026-03-01"),
    "news/latest.en.md": an_item(id="latest", date="2026-04-01"),
    "news/old.en.md": an_item(id="old", date="2025-01-01", expires="2026-01-01"),
    "news/half.en.md": an_item(id="half", date="2026-01-01"),
    "news/half.de.md": "---\ntitel: x\n---\n",
    "news/empty.en.md": "",
    "news/p.png": png(),
    "news/q.png": png(),
    "news/sun.markdown": an_item(id="sun"),
    "pages/about.en.md": an_item(id="about", date=None),
    "stray.en.md": an_item(id="stray"),
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A site with files of every fate."""
    return app.check_whole(write_tree(tmp_path_factory.mktemp("fates"), FILES), NOW)


def test_stories_that_are_not_published_are_counted(checked):
    """By the reason, and a draft is a draft whatever its date."""
    assert checked.unpublished == Unpublished(drafts=2, scheduled=2, next_due=date(2026, 3, 1), expired=1)
    assert count_unpublished([], NOW) == ALL_PUBLISHED


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("news/shown.en.md", "published: https://here.example/en/news/2026/shown/"),
        ("news/german.de.md", "published: https://here.example/de/news/2026/german/"),
        ("pages/about.en.md", "published: https://here.example/en/about/"),
        ("news/draft.en.md", "not published: it is a draft, see “draft” in news/draft.en.md"),
        ("news/later.en.md", "not published yet: it is due on 2026-03-01"),
        ("news/old.en.md", "not published any more: it expired on 2026-01-01"),
        ("news/half.de.md", "not published: the file has errors, see above"),
        ("news/half.en.md", "not published: another file of this text has errors, see above"),
        ("news/empty.en.md", "not published: nothing can be read from this file, see above"),
        ("news/p.png", "published: https://here.example/files/news/shown/p.png"),
        ("news/q.png", "not published: no text that is published names this file"),
        ("stray.en.md", "nobody sees this file: it lies in none of the folders news/, "),
    ],
)
def test_a_file_says_where_it_is_or_why_it_is_not(checked, path, said):
    """The page of its own edition first."""
    assert str(checked.whereabouts(path, NOW)[0]).startswith(said)


def test_an_edition_without_a_text_of_its_own_is_named(checked):
    """It shows another language."""
    assert len(checked.whereabouts("news/shown.en.md", NOW)) == 2


def test_the_problems_of_a_file_are_those_of_its_text(checked):
    """What is wrong with a translation keeps the original away, too."""
    assert {one.where.path for one in checked.problems_of(["news/half.en.md"])} == {"news/half.de.md"}


def test_texts_that_nobody_would_see_are_told(checked):
    """By their names in the content folders, by their front matter elsewhere."""
    told = {
        one.where.path: one.code for one in checked.problems if one.code in ("text-misnamed", "text-outside")
    }
    assert told == {"news/sun.markdown": "text-misnamed", "stray.en.md": "text-outside"}


def test_public_stories_that_will_go_are_counted(tmp_path):
    """Not those that are gone, or that nobody sees yet; the first day is that of the site's zone."""
    assert count_expiring([], NOW) == NONE_EXPIRES
    more = {
        "news/going.en.md": an_item(id="going", date="2026-01-01", expires="2026-03-01"),
        "news/soon.en.md": an_item(id="soon", date="2026-01-01", expires="2026-02-11"),
        "news/hidden.en.md": an_item(id="hidden", date="2026-01-01", expires="2026-02-02", draft="yes"),
    }
    site = app.read(
        write_tree(tmp_path, {**FILES, **more, "news/2025/p.png": png(2, 2)}), NOW, keep_going=True
    )
    assert count_expiring(site.snapshot.rows, NOW) == Expiring(2, date(2026, 2, 11))
