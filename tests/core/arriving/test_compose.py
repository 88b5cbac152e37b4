"""The files of texts that arrive, and the configuration of a site that is begun for them."""

import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.arriving.compose import ArrivingText, compose_file, one_line, write_date
from newsfeed.core.arriving.fresh_config import feed_redirects, fresh_config, gather_facts
from newsfeed.core.arriving.moved_text import Destination, MovedText, OldFeed, OldList
from newsfeed.core.content.head_format import format_head
from newsfeed.testing import load_files, settings_from

BERLIN = ZoneInfo("Europe/Berlin")


def composed(*, is_original: bool = True, **facts) -> str:
    """The file of a text."""
    usual = {
        "origin": "x",
        "title": "Wells",
        "body": "",
        "is_html": False,
        "lang": "en",
        "date": date(2010, 2, 4),
    }
    given_facts = {
        name: facts.pop(name)
        for name in ("topics", "authors", "image", "image_alt", "enclosures")
        if name in facts
    }
    destination = Destination(
        "news/2010/wells.en.md", "wells", is_original, facts.pop("own_slug", ""), ("/old.html",)
    )
    body = facts.pop("body", "Text.\n")
    text = MovedText(**{**usual, **facts})
    return compose_file(ArrivingText(text=text, destination=destination, body=body, **given_facts), BERLIN)


def test_an_original_has_the_facts_and_a_translation_its_texts_only():
    """In the order in which editors read them."""
    text = composed(
        updated=date(2010, 2, 5), is_draft=True, guid="urn:a", summary="Short: yes", authors=["Ada"], topics=["water"],
        own_slug="the-wells", image="a.png", image_alt="A well", enclosures=[{"file": "b.pdf", "title": "B, c"}],
        facts={"countries": ["KZ"], "expires": "2011-01-01", "video": "https://v.example/1", "unknown": "x", "order": 3},
    )  # fmt: skip
    assert text == (
        '---\nid: wells\ndate: 2010-02-04\nupdated: 2010-02-05\nexpires: "2011-01-01"\ndraft: yes\nauthors: [Ada]\n'
        'topics: [water]\ncountries: [KZ]\nimage: a.png\nenclosures: [{file: b.pdf, title: "B, c"}]\ntitle: Wells\nsummary: "Short: yes"\n'
        'slug: the-wells\naliases: ["/old.html"]\nimage_alt: A well\nguid: "urn:a"\nvideo: "https://v.example/1"\n---\n\nText.\n'
    )
    assert composed(is_original=False) == '---\ntitle: Wells\naliases: ["/old.html"]\n---\n\nText.\n'


def test_a_change_before_the_date_and_authors_with_roles():
    """The one is no change, the other is kept."""
    text = composed(updated=date(2009, 1, 1), facts={"authors": [{"name": "Ada", "role": "photos"}]})
    assert "updated" not in text
    assert "authors: [{name: Ada, role: photos}]" in text


@pytest.mark.parametrize(
    ("when", "written"),
    [
        (date(2010, 2, 4), "2010-02-04"),
        (datetime(2010, 2, 4, 10), "2010-02-04 10:00"),  # noqa: DTZ001
        (datetime(2010, 2, 4, 10, 0, 5), "2010-02-04 10:00:05"),  # noqa: DTZ001
        (datetime(2010, 2, 4, 10, tzinfo=UTC), "2010-02-04 10:00:00+00:00"),
        (datetime(1910, 2, 4, 10, tzinfo=timezone(timedelta(seconds=1172))), "1910-02-04 09:40:28+00:00"),
    ],
)
def test_dates_are_written_as_the_front_matter_has_them(when, written):
    """A moment as that moment, a day as a day."""
    assert write_date(when) == written


def test_a_line_is_cut_between_words():
    """Blanks that were meant to hold stay."""
    assert one_line("a\n  b\u00a0c") == "a b\u00a0c"
    assert one_line("one two three", 9) == "one two…"
    assert one_line("onetwothree", 5) == "onet…"


@given(
    st.text(min_size=1).filter(str.strip),
    st.text(),
    st.lists(st.text(min_size=1).filter(str.strip), max_size=3),
)
def test_whatever_a_text_says_its_file_can_be_read(title, body, authors):
    """And says it again."""
    line, names = one_line(title), [name for one in authors if (name := one_line(one))]
    if not line or len(line) > 200:
        return
    written = composed(title=line, body=body, authors=names)
    assert format_head(written.encode()).decode() == written
    text = written.replace('aliases: ["/old.html"]\n', "")
    loaded = load_files({"news/2010/wells.en.md": text}, settings_from())
    story = loaded.library.stories.get("wells")
    assert story is None or story.items["en"].title == line


def test_the_feeds_that_readers_have_lead_to_those_of_the_site():
    """Each in its format and language; a page of our own stays, and so does what can be no path."""
    feeds = [
        OldFeed("/feed/", "rss"), OldFeed("/de/feed/", "rss", "de"), OldFeed("/de/index.xml", "atom", "de"),
        OldFeed("/nl/index.xml", "rss", "nl"), OldFeed("/../x", "rss"),
    ]  # fmt: skip
    assert feed_redirects(feeds, lambda code: code or "en", ["en", "de"]) == {
        "/feed/": "/en/feed.rss",
        "/de/index.xml": "/de/feed.atom",
    }


def test_lists_of_the_archive_lead_to_topics_or_to_the_front_page():
    """But for those that have an address which a text has, too."""
    texts = [
        MovedText(
            origin="x", title="x", body="", is_html=False, lang="en", categories=("Clean water",), urls=("/b/team/",)
        )
    ]  # fmt: skip
    old = [OldList("/tags/clean-water/", "Clean water", "en"), OldList("/posts/", "", "en"), OldList("/team/", "", "en"),
           OldList("/nl/posts/", "", "nl"), OldList("/en/", "", "en"), OldList("/en/archive/", "", "en"),
           OldList("/en/topics/x/", "", "en"), OldList("/en/team/", "", "en"),
           OldFeed("/index.xml", "rss", "en"), OldFeed("/en/feed.rss", "rss", "en"), OldFeed("/en/topics/index.xml", "rss", "en")]  # fmt: skip
    config = tomllib.loads(
        fresh_config(
            gather_facts(texts, {}), title="", description="", base_url="https://x.example/b/", lang="", year=2026, old=old
        )
    )  # fmt: skip
    assert config["redirects"] == {
        "/index.xml": "/en/feed.rss",
        "/en/topics/index.xml": "/en/feed.rss",
        "/tags/clean-water/": "/en/topics/clean-water/",
        "/posts/": "/en/",
    }


def test_texts_that_name_no_language_are_in_that_of_their_words():
    """Not in that of the few that name one."""
    words = "The water of the river is for all, and it has to be clean: that was what they have on record, by law. "
    texts = [
        MovedText(origin="x", title="x", body=words * 3 if not lang else "", is_html=False, lang=lang)
        for lang in ("", "de", "de", "de")
    ]
    assert gather_facts(texts, {}).languages == ("en", "de")


def test_a_new_site_has_the_languages_and_the_categories_of_its_archive():
    """The most frequent language is its own; what nobody meant as a topic is none, and the mapping is heeded."""
    texts = [
        MovedText(
            origin="x",
            title="x",
            body="",
            is_html=True,
            lang=lang,
            categories=("Water & Sun", "Uncategorized", "Pumps", "Gossip", *([] if lang else ["Bäder"])),
        )
        for lang in ("de-AT", "de", "en_GB", "", "??")
    ]
    config = tomllib.loads(
        fresh_config(
            gather_facts(texts, {"pumps": "Water & Sun", "gossip": ""}),
            title="Wells & more",
            description="",
            base_url="https://x.example/blog",
            lang="",
            year=2026,
        )
    )
    assert config["site"]["languages"] == ["de", "en"]
    assert (config["site"]["base_url"], config["site"]["authority"]) == (
        "https://x.example/blog/",
        "x.example,2026",
    )
    assert (config["site"]["title"], config["site"]["description"]) == ("Wells & more", "Wells & more")
    assert config["topics"] == {"water-sun": "Water & Sun", "baeder": "Bäder"}
    with_own = fresh_config(
        gather_facts(texts, {}), title="", description="", base_url="", lang="", year=2026, own="en-GB"
    )
    assert tomllib.loads(with_own)["site"]["languages"] == ["en", "de"]
    empty = fresh_config(gather_facts([], {}), title="", description="", base_url="", lang="fr", year=2026)
    bare = tomllib.loads(empty)
    assert (bare["site"]["languages"], bare["site"]["base_url"]) == (["fr"], "https://www.example.org/")
    assert "topics" not in bare
