"""New stories: an id that nobody has, and a head that says what was typed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.head_edits import plain_fields, read_head
from newsfeed.core.content.new_texts import NewStory, choose_id, quote_value, story_path, write_story

DAY = date(2026, 3, 1)


def new_story(title="Hot water", lang="en", **facts):
    """A story of 1 March 2026."""
    return NewStory(title=title, lang=lang, day=DAY, **facts)


@pytest.mark.parametrize(
    ("title", "lang", "taken", "identifier"),
    [
        ("Hot water!", "en", (), "hot-water"),
        ("Für alle", "de", (), "fuer-alle"),
        ("Hot water", "en", ("hot-water", "hot-water-2"), "hot-water-3"),
        ("!!!", "en", (), "news-2026-03-01"),
    ],
)
def test_an_id_comes_from_the_title_and_is_not_taken(title, lang, taken, identifier):
    """Letters are written as the language does."""
    assert choose_id(new_story(title, lang), taken) == identifier


def test_a_story_lies_in_the_folder_of_its_year():
    """Under its id and language."""
    assert story_path(new_story(lang="de"), "wasser") == "news/2026/wasser.de.md"


def test_the_head_holds_what_is_known_and_nothing_else():
    """No key stands there without a value."""
    story = new_story(
        "Water: what now?", topics=["water"], authors=["Ada Example", "null"], projects=["wells"]
    )
    head = read_head(write_story(story, "water").encode())
    assert head is not None
    assert plain_fields(head) == {
        "id": "water",
        "date": "2026-03-01",
        "authors": ["Ada Example", "null"],
        "topics": ["water"],
        "projects": ["wells"],
        "title": "Water: what now?",
    }
    assert not head.body.strip()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), min_size=1))
def test_every_value_is_read_as_it_was_meant(text):
    """Alone, and in a list."""
    text = " ".join(text.split()) or "x"
    head = read_head(f"---\ntitle: {quote_value(text)}\nauthors: [{quote_value(text)}]\n---\n".encode())
    assert head is not None
    assert plain_fields(head) == {"title": text, "authors": [text]}
