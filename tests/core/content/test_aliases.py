"""Aliases: what can be one, where it leads, and what stands in its way."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.aliases import format_alias, resolve_alias
from newsfeed.core.site.index import SiteIndex
from newsfeed.core.site.plan import find_path_clashes as site_clashes
from newsfeed.core.site.plan import plan_site
from newsfeed.core.site.redirects import REDIRECT_FILES, find_alias_clashes
from newsfeed.testing import an_item, load_files, settings_from
from tests.core.told import codes, params, told, told_by_file

NOW = datetime(2026, 2, 1, tzinfo=UTC)


def translation(**fields: str) -> str:
    """A text without facts."""
    return an_item(date=None, **fields)


def planned(files) -> tuple[dict[str, str], list[str]]:
    """The redirects of a site, each with the file that names it; and what is wrong with its addresses."""
    settings = settings_from()
    loaded = load_files(files, settings)
    index = SiteIndex(loaded.library, settings, NOW)
    artifacts = plan_site(index)
    assert len({one.path for one in artifacts}) == len(artifacts)
    found = told_by_file(find_alias_clashes(index, loaded.library, artifacts))
    return {one.path: one.key for one in artifacts if one.kind == "redirect"}, found


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/en/news/2019/old-slug/", "en/news/2019/old-slug/index.html"),
        ("en/news/2019/old-slug", "en/news/2019/old-slug/index.html"),
        ("/en/old/index.html", "en/old/index.html"),
        ("/en/old.html", "en/old.html"),
        ("/en/old.php", "en/old.php/index.html"),
        ("/en/my-index.html", "en/my-index.html"),
        ("/en/", "en/index.html"),
        ("/de/Grün%20und%20gelb/", "de/Grün und gelb/index.html"),
        ("/en/100%/", "en/100%/index.html"),
        ("/News/2001/20010725.en.html", "News/2001/20010725.en.html"),
        ("/OLD/Page.HTM", "OLD/Page.HTM"),
        ("/old/", "old/index.html"),
        ("/index.htm", "index.htm"),
        ("/cgi-bin/show.pl", "cgi-bin/show.pl/index.html"),
        ("/feed.xml", "feed.xml/index.html"),
        ("/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/", "новости/index.html"),
        ("/en/a:b;c*{$d}'\"/", "en/a:b;c*{$d}'\"/index.html"),
    ],
)
def test_an_alias_is_an_output_path(written, path):
    """As people copy them: with and without slashes, encoded or not; and back again."""
    assert resolve_alias(written) == (path, "")
    assert resolve_alias(format_alias(path)) == (path, "")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("https://test.example/en/old/", "it is a whole web address"),
        ("//test.example/en/old/", "it is a whole web address"),
        ("javascript:alert(1)", "it is a whole web address"),
        ("mailto:a@example.org", "it is a whole web address"),
        ("/en/old/?page=2", "it has a “?” or “#”"),
        ("/en/old/#top", "it has a “?” or “#”"),
        ("/en/../de/", "a part of it begins with a full stop"),
        ("../en/", "a part of it begins with a full stop"),
        ("/en/%2e%2e/%2e%2e/etc/", "a part of it begins with a full stop"),
        ("/en/%2E%2E%2Fetc/", "a part of it begins with a full stop"),
        ("/en/./old/", "a part of it begins with a full stop"),
        ("/.newsfeed-manifest.json", "a part of it begins with a full stop"),
        ("/", "it is the front page"),
        ("/index.html", "it is the front page"),
        ("/_headers", "web servers take a file of that name for instructions"),
        ("/CNAME", "web servers take a file of that name for instructions"),
        ("/en//old/", "a part of it is empty"),
        ("/en/old//", "a part of it is empty"),
        ("/en/%20/old", "a part of it is empty"),
        ("/en/a\\b/", "it has a character that addresses cannot have"),
        ("/en/a%0Ab/", "it has a character that addresses cannot have"),
        ("/en/a%00/", "it has a character that addresses cannot have"),
        ("/en/%FF/", "it has a character that addresses cannot have"),
        ("/en/a\u202eb/", "it has a character that addresses cannot have"),
        ("/en/a%E2%80%A8b/", "it has a character that addresses cannot have"),
        ("/en/" + "x" * 201, "it is too long"),
        ("/en/" + "ü" * 101, "it is too long"),
        ("/en" + "/abcdefghi" * 120, "it is too long"),
    ],
)
def test_what_cannot_be_an_alias_says_why(written, reason):
    """No way out of the site, no address of anybody else, nothing that a file system cannot hold."""
    assert resolve_alias(written) == ("", reason)


@given(st.text(max_size=40))
def test_whatever_is_written_stays_inside_an_edition(text):
    """Or it is refused."""
    path, reason = resolve_alias(f"/en/{text}")
    assert bool(path) != bool(reason)
    if path:
        assert path.startswith("en/")
        assert path.endswith(".html")
        assert not {"", ".", ".."} & set(path.split("/"))
        assert resolve_alias(format_alias(path)) == (path, "")


def test_a_file_says_where_its_wrong_aliases_stand():
    """Each at its place, with the editions that there are; the right ones are kept, each once."""
    aliases = "[/en/a/, /en/a, https://a.example/, '', /.xx/]"
    loaded = load_files({"news/a.en.md": an_item(id="a-b", aliases=aliases)})
    assert told(loaded.problems) == ["value-empty 5:46", "alias-invalid 5:26", "alias-invalid 5:50"]
    assert params(loaded.problems[2]) == {
        "value": "/.xx/",
        "reason": "a part of it begins with a full stop",
    }
    assert [one.path for one in loaded.library.stories["a-b"].origin.aliases] == ["en/a/index.html"]


def test_aliases_belong_to_a_text():
    """A translation has its own; they are no facts, of which a second would be a mistake."""
    files = {
        "news/a.en.md": an_item(id="a-b", aliases="/en/old/"),
        "news/a.de.md": translation(aliases="[/de/alt/]"),
        "projects/p.en.md": translation(id="p", aliases="/en/p/"),
        "programmes/q.en.md": translation(id="q", aliases="/en/q/"),
        "pages/r.en.md": translation(id="r", aliases="/fr/r-old/"),
    }
    assert codes(load_files(files).problems) == []
    assert planned(files) == (
        {
            "de/alt/index.html": "news/a.de.md",
            "en/old/index.html": "news/a.en.md",
            "en/p/index.html": "projects/p.en.md",
            "en/q/index.html": "programmes/q.en.md",
            "fr/r-old/index.html": "pages/r.en.md",
        },
        [],
    )


def test_an_alias_may_lie_anywhere_below_the_site():
    """Outside of the editions the page is in the language of the file that names it."""
    files = {
        "news/a.en.md": an_item(id="a-b", aliases="/News/2001/a.en.html"),
        "news/a.de.md": translation(aliases="[/News/2001/a.de.html, /fr/alt/]"),
    }
    settings = settings_from()
    index = SiteIndex(load_files(files, settings).library, settings, NOW)
    found = {one.path: one.lang for one in plan_site(index) if one.kind == "redirect"}
    assert found == {
        "News/2001/a.en.html": "en",
        "News/2001/a.de.html": "de",
        "fr/alt/index.html": "fr",
    }


def test_servers_are_told_only_when_there_is_something_to_tell():
    """Three files in the root, of all editions; none without an alias, nor for a draft's."""
    for fields, expected in (({"aliases": "/en/old/"}, set(REDIRECT_FILES.values())), ({"aliases": "/en/old/", "draft": "yes"}, set()), ({}, set())):  # fmt: skip
        settings = settings_from()
        library = load_files({"news/a.en.md": an_item(id="a-b", **fields)}, settings).library
        there = {one.path for one in plan_site(SiteIndex(library, settings, NOW)) if one.kind == "redirects"}
        assert there == expected


@pytest.mark.parametrize(
    ("files", "problems"),
    [
        ({"news/a.en.md": an_item(id="a-b", aliases="/en/")}, ["news/a.en.md: alias-taken 5:10"]),
        ({"news/a.en.md": an_item(id="a-b", aliases="/en/news/2026/a/")}, ["news/a.en.md: alias-taken 5:10"]),
        (
            {"news/a.en.md": an_item(id="a-b", aliases="/en/r/"), "pages/r.en.md": translation(id="r")},
            ["news/a.en.md: alias-taken 5:10"],
        ),
        (
            {
                "news/a.en.md": an_item(id="a-b", aliases="/en/news/2026/b/"),
                "news/b.en.md": an_item(id="b-b", draft="yes"),
            },
            ["news/a.en.md: alias-taken 5:10"],
        ),
        (
            {
                "news/a.en.md": an_item(id="a-b", aliases="/en/x/"),
                "news/a.de.md": translation(aliases="[/de/x/, /en/x]"),
            },
            ["news/a.en.md: alias-taken 5:10"],
        ),
        (
            {"news/a.en.md": an_item(id="a-b", aliases="[/en/feed.rss/, /en/x.html, /en/x.html/y, /en/x.html.gz/]")},
            ["news/a.en.md: alias-taken 5:11", "news/a.en.md: alias-taken 5:38", "news/a.en.md: alias-taken 5:52"],
        ),
        ({"news/a.en.md": an_item(id="a-b", aliases="/en/feed.rss.gz/")}, ["news/a.en.md: alias-taken 5:10"]),
    ],
    ids=["a list", "its own page", "a page", "a draft", "another alias", "a file", "a compressed copy"],
)  # fmt: skip
def test_an_address_that_is_taken_is_told_once_at_the_alias(files, problems):
    """One of the two is published, so that nothing is written twice."""
    _, found = planned(files)
    assert found == problems


def test_an_old_address_that_differs_in_capitals_only_is_told_at_its_text():
    """Not every file system has room for both."""
    settings = settings_from()
    loaded = load_files({"news/a.en.md": an_item(id="a-b", aliases="/en/news/2026/A/")}, settings)
    index = SiteIndex(loaded.library, settings, NOW)
    assert told_by_file(site_clashes(index, plan_site(index))) == ["news/a.en.md: path-alike 5:10"]
