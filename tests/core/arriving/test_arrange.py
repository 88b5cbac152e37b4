"""Where the texts of an archive go: stories, ids, files, slugs and old addresses."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from newsfeed.core.arriving.arrange import Ground, KnownStory, arrange
from newsfeed.core.arriving.moved_text import MovedText

GROUND = {
    "base_url": "https://www.example.org/",
    "zone": ZoneInfo("Europe/Berlin"),
    "languages": ("en", "de"),
    "default_language": "en",
    "story_url": "/{lang}/news/{year}/{slug}/",
}


def a_text(**facts) -> MovedText:
    """A text of an archive."""
    usual = {"title": "Wells", "body": "", "is_html": True, "lang": "en", "date": date(2010, 2, 4)}
    return MovedText(**{"origin": facts.get("guid", "x"), **usual, **facts})


def arranged(*texts: MovedText, with_files=(), **ground):
    """Where they go, and what is doubtful."""
    found = arrange(texts, with_files, Ground(**{**GROUND, **ground}))
    return found.destinations, [str(one.sentence) for one in found.doubts]


def test_translations_share_a_story_and_the_older_one_is_the_original():
    """Their files differ in the language only; facts stand once."""
    found, doubts = arranged(
        a_text(lang="de", group="g", slug="brunnen", date=date(2010, 2, 5)),
        a_text(lang="en", group="g", slug="wells"),
    )
    assert [found[0].path, found[1].path] == ["news/2010/wells.de.md", "news/2010/wells.en.md"]
    assert (found[0].slug, found[0].is_original, found[1].is_original) == ("brunnen", False, True)
    assert doubts == ["its own date 2010-02-05 is not kept: a story has one date"]


def test_old_addresses_become_aliases_but_not_the_one_that_stays():
    """On any host, below the site; what stands behind a question mark is no path."""
    found, doubts = arranged(
        a_text(
            slug="wells",
            urls=(
                "https://old.example.com/2010/02/wells.html",
                "https://www.example.org/en/news/2010/wells/",
                "/?p=12",
                "https://old.example.com/",
            ),
        )
    )
    assert found[0].aliases == ("/2010/02/wells.html",)
    assert doubts == ["the old address https://old.example.com/ cannot lead here (/)"]


def test_a_text_that_only_had_an_address_with_a_question_mark_is_told():
    """No file can lie there; the web server has to lead on."""
    assert arranged(a_text(urls=("https://x.example/?p=12",)))[1] == [
        "the old address https://x.example/?p=12 cannot lead here (?)"
    ]


def test_an_address_of_two_texts_leads_to_the_older_one():
    """The other is told."""
    later = a_text(guid="b", slug="b", urls=("/a.html",), date=date(2011, 1, 1))
    found, doubts = arranged(later, a_text(guid="a", slug="a", urls=("/a.html",)))
    assert (found[0].aliases, found[1].aliases) == ((), ("/a.html",))
    assert doubts == ["the old address /a.html belongs to a as well"]


def test_equal_names_get_numbers_and_keep_apart():
    """Ids are taken once in the whole site, addresses once in a year."""
    found, _ = arranged(
        a_text(guid="a"),
        a_text(guid="b"),
        a_text(guid="c", date=date(2011, 1, 1)),
        ids=frozenset({"wells-2011"}),
    )
    assert [found[n].story for n in range(3)] == ["wells", "wells-2010", "wells-2"]
    assert [found[n].page for n in range(3)] == [
        "en/news/2010/wells/index.html",
        "en/news/2010/wells-2/index.html",
        "en/news/2011/wells/index.html",
    ]


def test_what_was_moved_in_before_is_found_again_by_its_id_or_an_address():
    """Under the name it has here, whatever else arrives first."""
    known = KnownStory("brunnen", "news/2010/brunnen", is_bundle=False, slugs={"en": "the-wells"})
    for text in (a_text(guid="g", urls=()), a_text(urls=("https://x.example/a.html",))):
        found, _ = arranged(
            a_text(guid="new", slug="brunnen"),
            text,
            known={"g": known, "/a.html": known},
            ids=frozenset({"brunnen"}),
        )
        assert (found[1].path, found[1].slug) == ("news/2010/brunnen.en.md", "the-wells")
        assert found[0].story == "brunnen-2010"


def test_a_translation_that_comes_later_has_the_slug_of_its_story():
    """The name is taken, by the story itself."""
    known = KnownStory("wells", "news/2010/wells", is_bundle=False, slugs={"en": "wells"})
    found, _ = arranged(
        a_text(guid="g", group="g"),
        a_text(guid="h", group="g", lang="de", slug="wells"),
        known={"g": known},
        ids=frozenset({"wells"}),
        slugs=frozenset({"wells"}),
    )
    assert (found[1].path, found[1].slug) == ("news/2010/wells.de.md", "")


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        (a_text(date=None), "it has no date; left out: --undated gives it one"),
        (a_text(lang="ru"), "the site has no edition in “ru”; left out"),
    ],
)
def test_what_cannot_be_placed_is_left_out_and_told(text, doubt):
    """Nothing is guessed."""
    assert arranged(text) == ({}, [doubt])


def test_no_draft_becomes_public():
    """A story is a draft as a whole: one whose other texts are published is left out; so is a page."""
    found, doubts = arranged(
        a_text(guid="en", group="g", date=date(2010, 2, 5)),
        a_text(guid="de", group="g", lang="de", is_draft=True),
        a_text(guid="about", kind="pages", is_draft=True),
    )
    assert (list(found), found[0].is_original) == ([0], True)
    assert doubts == [
        "it is a page that is not published; left out",
        "it is a draft, and en, the same text in another language, is not; left out",
    ]
    both = [a_text(guid=lang, group="g", lang=lang, is_draft=True) for lang in ("en", "de")]
    assert len(arranged(*both)[0]) == 2


def test_what_waits_or_is_over_does_not_become_public_by_its_translation():
    """A story comes and goes as a whole; where no text is public yet, all wait."""
    english, now = a_text(guid="en", group="g"), datetime(2011, 1, 1, tzinfo=UTC)
    waiting = {"guid": "de", "group": "g", "lang": "de", "date": date(2012, 1, 1)}
    for facts in (waiting, {**waiting, "date": date(2010, 2, 4), "facts": {"expires": "2010-12-01"}}):
        found, doubts = arranged(english, a_text(**facts), now=now)
        assert list(found) == [0]
        assert doubts == [
            "it is not public now, and en, the same text in another language, is; left out",
        ]
    later = [a_text(**{**waiting, "guid": lang, "lang": lang}) for lang in ("en", "de")]
    assert len(arranged(*later, now=now)[0]) == 2


def test_a_second_text_in_one_language_is_left_out_and_told():
    """One story has one text per language."""
    found, doubts = arranged(a_text(guid="a", group="g"), a_text(guid="b", group="g"))
    assert list(found) == [0]
    assert doubts == ["a is the same text in the same language; left out"]


def test_a_text_with_files_gets_a_folder():
    """The files lie beside it, also beside its translations."""
    found, _ = arranged(a_text(group="g"), a_text(group="g", lang="de"), with_files=[1])
    assert {one.path for one in found.values()} == {
        "news/2010/wells/index.en.md",
        "news/2010/wells/index.de.md",
    }


def test_the_day_is_that_of_the_sites_zone_and_titles_without_letters_do():
    """Midnight in UTC is the next year in Berlin."""
    text = a_text(title="？！", slug="", date=datetime(2009, 12, 31, 23, 30, tzinfo=UTC))
    assert arranged(text)[0][0].path == "news/2010/text.en.md"


def test_no_page_has_the_address_of_a_list_of_the_site():
    """Nor an old address there."""
    found, doubts = arranged(
        a_text(
            kind="pages", slug="archive", urls=("https://x.example/archive/", "https://x.example/en/archive/")
        )
    )
    assert (found[0].slug, found[0].aliases) == ("archive-2", ("/archive/",))
    assert len(doubts) == 1


def test_pages_lie_among_the_pages():
    """They need no date."""
    found, _ = arranged(a_text(kind="pages", date=None, slug="about", urls=("/about.html",)))
    assert (found[0].path, found[0].aliases) == ("pages/about.en.md", ("/about.html",))
