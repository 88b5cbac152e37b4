"""The load verb: files become a library, and faults stay with their files."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.build.load import load, read_text_file, without
from newsfeed.core.content.facts import Vocabulary
from newsfeed.i18n.texts import list_countries
from newsfeed.model import Link
from newsfeed.problems import select_errors
from newsfeed.testing import MemorySource, an_item, load_files, settings_from
from tests.core.told import told, told_by_file
from tests.examples import examples


def translation(body: str = "Some text.\n", **fields: str) -> str:
    """A text without facts."""
    return an_item(body, date=None, **fields)


def test_a_library_keeps_no_bodies():
    """They stay on disk until they are rendered; the summary is known."""
    body = "# Head\n\nFirst *words*[^1].\n\n[x](https://example.org) ![p](p.png)\n\n[^1]: Note\n"
    loaded = load_files({"news/a.en.md": an_item(body, id="a-b"), "news/p.png": b"x"})
    assert loaded.library.stories["a-b"].origin.summary == "First words."
    assert loaded.library.link_sources == {"p.png": ("news/a.en.md",)}


def test_links_are_told_with_their_places():
    """In lines of the file, not of the text below the head."""
    body = "# Head\n\nFirst *words*[^1].\n\n[x](https://example.org) ![p](p.png)\n\n[^1]: Note\n"
    settings = settings_from()
    words = Vocabulary(settings.topics, settings.donors, settings.partners, list_countries())
    source = MemorySource({"news/a.en.md": an_item(body, id="a-b")})
    parsed = read_text_file(source, "news/a.en.md", settings, words).parsed
    assert parsed.body == ""
    assert parsed.links == (
        Link("https://example.org", 10, 1),
        Link("p.png", 10, 26, is_image=True, alt="p"),
    )


def test_a_written_summary_wins_over_the_first_paragraph():
    """The editor knows better."""
    loaded = load_files({"news/a.en.md": an_item(id="a-b", summary="Mine")})
    assert loaded.library.stories["a-b"].origin.summary == "Mine"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<script>alert(1)</script>", ["html-removed 6:1"]),
        ("one\n\n<p onclick='x'>two</p>", ["html-removed 8:1"]),
        ("`<script>` and\n\n    <style>\n\nmore <iframe src=x></iframe>", ["html-removed 10:6"]),
        ("<b>bold</b> <!-- remark -->", []),
    ],
)
def test_html_that_is_dropped_is_told_at_its_place(body, found):
    """In lines of the file, not of the text below the head."""
    assert told(load_files({"news/a.en.md": an_item(body + "\n", id="a-b")}).problems) == found


def test_every_file_read_is_counted():
    """Also those that are no items; whoever wants to show progress hears each."""
    heard: list[int] = []
    settings = settings_from()
    words = Vocabulary(settings.topics, settings.donors, settings.partners, list_countries())
    source = MemorySource(
        {"news/a.en.md": an_item(), "news/b.md": "", "pages/c.en.md": "", "news/d.png": b""}
    )
    assert load(source, settings, words, progress=heard.append).texts == 3
    assert heard == [1, 2, 3, 1]  # once more without those that say nothing


def test_a_site_without_texts_has_no_problems():
    """It is just empty."""
    loaded = load_files({})
    assert (loaded.texts, loaded.problems, dict(loaded.library.stories)) == (0, (), {})


def test_without_errors_everything_is_kept():
    """Warnings and advice keep nothing from being published."""
    files = {"news/a.en.md": an_item(""), "news/b.en.md": an_item("<form>\n")}
    assert list(load_files(files, keep_going=True).library.stories) == ["a", "b"]


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        pytest.param({"news/b.en.md": an_item(id="B")}, ["a-b"], id="a file with an error"),
        pytest.param({"news/b.en.md": "nothing"}, ["a-b"], id="a file that is no item"),
        pytest.param(
            {"news/b.en.md": an_item(id="b-b"), "news/b.de.md": translation(foo="1")},
            ["a-b", "b-b"],
            id="a translation only",
        ),
        pytest.param(
            {"news/b.en.md": an_item(id="b-b", foo="1"), "news/b.de.md": translation()},
            ["a-b"],
            id="an original takes its translations along",
        ),
        pytest.param(
            {"news/b.en.md": an_item("[c](c.md)\n", id="b-b"), "news/c.en.md": an_item(id="C")},
            ["a-b"],
            id="what links to it goes too",
        ),
        pytest.param(
            {
                "news/b.en.md": an_item("[c](c.md)\n", id="b-b"),
                "news/c.en.md": an_item("[d](d.md)\n", id="c-b"),
                "news/d.en.md": an_item("[e](e.md)\n", id="d-b"),
                "news/e.en.md": an_item(id="E"),
            },
            ["a-b"],
            id="and what links to that",
        ),
        pytest.param(
            {
                "news/b.en.md": an_item(id="b-b", projects="wells"),
                "projects/wells.en.md": translation(id="wells", programme="clean"),
                "programmes/clean.en.md": translation(id="clean", foo="1"),
            },
            ["a-b"],
            id="a programme takes projects and news along",
        ),
        pytest.param(
            {"news/b.en.md": an_item(id="b-b"), "news/c.en.md": an_item(id="b-b")},
            ["a-b", "b-b"],
            id="of two with one id the first is kept",
        ),
        pytest.param(
            {"news/b.de.md": an_item(id="b-b"), "news/b.en.md": an_item()},
            ["a-b", "b-b"],
            id="of two originals the first is kept",
        ),
        pytest.param(
            {"news/b.en.md": an_item(id="b-b"), "news/x/b.en.md": an_item(id="c-b")},
            ["a-b", "b-b"],
            id="of two pages at one address the first is kept",
        ),
        pytest.param(
            {
                "news/b.en.md": an_item("[x](../pages/x.en.md) [y](../pages/y.en.md)\n", id="b-b"),
                "pages/x.en.md": translation("[y](y.en.md)\n", id="x-x"),
                "pages/y.en.md": translation("[x](x.en.md) [gone](gone)\n", id="y-y"),
            },
            ["a-b"],
            id="a circle of links",
        ),
    ],
)
def test_keep_going_leaves_out_what_leans_on_an_error(files, kept):
    """What is published is whole: no link leads to a text that was left out."""
    loaded = load_files({"news/a.en.md": an_item(id="a-b"), **files}, keep_going=True)
    assert sorted(loaded.library.stories) == kept
    paths = set(loaded.library.paths)
    assert paths.isdisjoint(one.where.path for one in select_errors(loaded.problems))


def test_keep_going_tells_every_problem_once():
    """Those of the first look, and those that leaving out made."""
    files = {
        "news/a.en.md": an_item("[b](b.md)\n", id="a-b", authors="Ada"),
        "news/b.en.md": an_item(id="B"),
    }
    assert told_by_file(load_files(files).problems) == ["news/b.en.md: id-invalid 4:5"]
    assert told_by_file(load_files(files, keep_going=True).problems) == [
        "news/a.en.md: link-broken 7:1",
        "news/b.en.md: id-invalid 4:5",
    ]


def test_stories_and_pages_can_be_taken_out_of_a_library():
    """By the files that tell them, in all their languages; other kinds and unknown files stay."""
    files = {
        "news/a.en.md": an_item(id="a-b"),
        "news/a.de.md": translation(),
        "news/b.en.md": an_item(id="b-b"),
        "pages/a.en.md": translation(id="a-b"),
        "pages/b.en.md": translation(id="b-b"),
        "projects/a.en.md": translation(id="a-b"),
    }
    loaded = without(load_files(files), ["news/a.de.md", "pages/b.en.md", "config.toml"])
    library = loaded.library
    assert (list(library.stories), list(library.pages), list(library.projects)) == (["b-b"], ["a-b"], ["a-b"])
    assert [row.id for row in loaded.rows] == ["b-b"]


PIECES = st.lists(
    st.sampled_from(
        [
            "---\n", "+++\n", "title: A\n", "date: 2026-01-05\n", "id: a-b\n", "id: x\n", "topics: [water]\n",
            "projects: [a]\n", "programme: a\n", "image: a.png\n", "enclosures: [a.png, b]\n", "source: new\n",
            "authors: Ada\n", "authors: ADA\n", "\n", "[a](a.md)\n", "![](b)\n", "<a href=x>\n", "[x](../pages/a)\n",
            "<script>\n", "a: &b\n", "text\n", "updated: 2020-01-01\n", "slug: a\n", "start: 2008-01\n",
        ]
    ),
    max_size=9,
).map("".join)  # fmt: skip
NAMES = st.builds(
    "{}/{}.{}.md".format,
    st.sampled_from(["news", "projects", "programmes", "pages"]),
    st.sampled_from(["a", "b", "a/index", "x/a"]),
    st.sampled_from(["en", "de", "fr", "xx"]),
)
SOUND = st.sampled_from([an_item(id="a-b"), an_item(), translation(), translation("[a](a.md)\n", id="x")])


@given(st.dictionaries(NAMES, st.one_of(PIECES, SOUND), max_size=6))
@settings(max_examples=examples(150), deadline=None)
def test_any_site_loads_and_keeps_only_what_is_sound(files):
    """Whatever the files hold; and looking again at what was kept finds no error."""
    sources = {**files, "news/a.png": b"x"}
    first = load_files(sources)
    told(first.problems)
    kept = load_files(sources, keep_going=True)
    faulty = {one.where.path for one in select_errors(kept.problems)}
    assert faulty.isdisjoint(kept.library.paths)
    again = load_files({path: data for path, data in sources.items() if path not in faulty})
    assert select_errors(again.problems) == []
    assert again.library.stories == kept.library.stories
