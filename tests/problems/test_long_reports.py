"""A report of thousands of problems of one kind in one text tells the first, and counts the others."""

from datetime import UTC, datetime

from newsfeed.app import site
from newsfeed.problems import MOST_OF_KIND, Location, problem, shorten_report
from newsfeed.testing import write_tree

CONFIG = """\
[site]
title = "T"
base_url = "https://www.example.org/"
languages = ["en"]
default_language = "en"
authority = "example.org,2026"
"""


def _alike(count, path="news/a.en.md"):
    return [problem("alt-missing", Location(path, line)) for line in range(1, count + 1)]


def test_what_is_left_out_is_counted_where_it_begins():
    """One more than there is room for is told itself."""
    assert shorten_report(_alike(MOST_OF_KIND + 1)) == _alike(MOST_OF_KIND + 1)
    more = problem("more-of-kind", Location("news/a.en.md", 11), count=29_990, value="alt-missing")
    assert shorten_report(_alike(30_000)) == [*_alike(MOST_OF_KIND), more]


def test_each_text_and_each_kind_is_told_for_itself():
    """And a catalogue is told whole: its translator needs each sentence."""
    one, two = _alike(30), _alike(30, "news/b.en.md")
    assert len(shorten_report([*one, *two])) == 2 * (MOST_OF_KIND + 1)
    words = [problem("catalogue-fuzzy", Location("locales/de.po", line), value="x") for line in range(1, 30)]
    assert shorten_report(words) == words


def test_thousands_of_broken_pictures_are_told_quickly(tmp_path):
    """Names that are alike are looked for ten times, and not for each."""
    body = "".join(f"![a picture](gone-{number}.png)\n" for number in range(9_000))
    many = {f"news/2026/other-{number}.en.md": "" for number in range(300)}
    write_tree(
        tmp_path,
        {
            "config.toml": CONFIG,
            "news/2026/a.en.md": f"---\nid: a\ntitle: A\ndate: 2026-01-05\n---\n{body}",
            **many,
        },
    )
    problems, _ = site.check(tmp_path, datetime(2026, 1, 6, tzinfo=UTC))
    told = [one for one in problems if one.where.path == "news/2026/a.en.md"]
    assert [one.code for one in told] == ["link-broken"] * MOST_OF_KIND + ["more-of-kind"]
    assert dict(told[-1].params)["count"] == "8990"
