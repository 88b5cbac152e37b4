"""Which texts wait for a translation, and how that was over time."""

from datetime import UTC, date, datetime

import pytest

from newsfeed.core.content.coverage import (
    COMPLETE,
    MISSING,
    OUTDATED,
    CoverageFilter,
    FileEvent,
    Share,
    add_shares,
    count_states,
    list_coverage,
    list_coverage_of_rows,
    pick_stories,
    trace_coverage,
)
from newsfeed.core.site.index import make_rows
from newsfeed.testing import an_item
from tests.core.content.test_library import load_files


def german(**fields):
    """A translation."""
    return "\n".join(
        ["---", "title: Brunnen", *(f"{key}: {value}" for key, value in fields.items()), "---", "Text.\n"]
    )


FILES = {
    "news/a.en.md": an_item(id="a-b", date="2030-03-01", topics="[water]", authors="[Ada]"),
    "news/a.de.md": german(source="title=000000", translators="[Bo]"),
    "news/a.fr.md": german(),
    "news/b/index.en.md": an_item(id="b-b", date="2030-01-01", authors="[Cy]"),
    "news/gone.en.md": an_item(id="gone", date="2030-02-01", topics="[water]", withdrawn="2030-02-02"),
    "pages/c.en.md": "---\ntitle: About\n---\nText.\n",
    "pages/c.nl.md": german(),
}


@pytest.fixture(scope="module")
def library():
    """Two stories and a page."""
    return load_files(FILES).library


def asked(library, **wanted):
    """(id, language, status) of what is asked for."""
    texts = CoverageFilter(**wanted).apply(list_coverage(library, ("en", "de", "fr", "nl")))
    return [(text.id, state.lang, state.status) for text in texts for state in text.states]


def test_every_language_of_every_text_has_a_state(library):
    """But that of the original."""
    assert asked(library) == [
        ("a-b", "de", OUTDATED),
        ("a-b", "fr", COMPLETE),
        ("a-b", "nl", MISSING),
        ("b-b", "de", MISSING),
        ("b-b", "fr", MISSING),
        ("b-b", "nl", MISSING),
        ("c", "de", MISSING),
        ("c", "fr", MISSING),
        ("c", "nl", COMPLETE),
    ]


def test_a_missing_file_is_named_as_its_text_is(library):
    """Beside the original, also in a folder of its own."""
    texts = list(list_coverage(library, ("en", "nl")))
    assert [text.states[0].path for text in texts] == ["news/a.nl.md", "news/b/index.nl.md", "pages/c.nl.md"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"languages": ["de"]}, ["a-b de", "b-b de", "c de"]),
        ({"people": ["cy"]}, ["b-b de", "b-b fr", "b-b nl"]),
        ({"people": ["Bo"]}, ["a-b de"]),
        ({"topics": ["water"], "languages": ["nl"]}, ["a-b nl"]),
        ({"since": date(2030, 2, 1), "languages": ["fr", "nl"]}, ["a-b fr", "a-b nl"]),
        ({"people": ["Nobody"]}, []),
    ],
)
def test_what_is_asked_for_is_told_and_nothing_else(library, wanted, found):
    """By language, author or translator, topic and day; all of them together."""
    assert [f"{key} {lang}" for key, lang, _ in asked(library, **wanted)] == found


def test_states_are_counted_by_language(library):
    """All of a language's texts."""
    shares = count_states(list_coverage(library, ("en", "de", "fr", "nl")))
    assert shares == {"de": Share(0, 1, 2), "fr": Share(1, 0, 2), "nl": Share(1, 0, 2)}
    assert shares["de"].total == 3


def test_stories_are_counted_without_being_read(library):
    """Their rows say as much as their texts; of each status so many are picked, the newest."""
    rows, languages = list(make_rows(library)), ("en", "de", "fr", "nl")
    for wanted in (CoverageFilter(), CoverageFilter(topics=["water"]), CoverageFilter(languages=["fr"])):
        shares, picked = pick_stories(rows, languages, wanted, {OUTDATED: 1, MISSING: 9})
        texts = list(wanted.apply(list_coverage(library, languages)))
        stories = [text for text in texts if text.kind == "news"]
        assert shares == count_states(stories)
        assert add_shares(
            shares, count_states(text for text in texts if text.kind != "news")
        ) == count_states(texts)
        waiting = [text.id for text in stories if {state.status for state in text.states} != {COMPLETE}]
        assert picked == waiting
    assert pick_stories(rows, languages, CoverageFilter(), {MISSING: 1})[1] == ["a-b"]


def test_rows_say_of_stories_what_their_texts_say(library):
    """But for who translated them, and for fingerprints, which nobody asks rows for."""
    languages = ("en", "de", "fr", "nl")
    texts = [text for text in list_coverage(library, languages) if text.kind == "news"]
    rows = list(list_coverage_of_rows(make_rows(library), library, languages))
    plain = [
        text._replace(
            original=text.original[:2], states=[state._replace(translators=()) for state in text.states]
        )
        for text in (*texts, *rows)
    ]
    assert plain[: len(texts)] == plain[len(texts) :] != []


def event(month, path, *, is_there=True):
    """A file that came or went."""
    return FileEvent(datetime(2030, month, 5, tzinfo=UTC), path, is_there)


def test_coverage_is_told_for_the_end_of_every_month():
    """Of the texts that are there in any language; a text that goes counts no more."""
    events = [
        event(1, "news/a.en.md"),
        event(1, "news/b/index.en.md"),
        event(1, "news/b/index.de.md"),
        event(2, "news/a.de.md"),
        event(2, "news/a.xx.md"),
        event(4, "news/b/index.de.md", is_there=False),
        event(4, "news/a.en.md", is_there=False),
        event(4, "news/a.de.md", is_there=False),
    ]
    points = trace_coverage(events, ("en", "de"), datetime(2030, 6, 1, tzinfo=UTC))
    assert [(point.month, *point.shares.values()) for point in points] == [
        (1, 1.0, 0.5),
        (2, 1.0, 1.0),
        (4, 1.0, 0.0),
        (6, 1.0, 0.0),
    ]


def test_without_events_there_is_no_coverage():
    """No history, no points."""
    assert trace_coverage([], ("en",), datetime(2030, 6, 1, tzinfo=UTC)) == []
