"""Fields of front matter as typed values: dates, yes and no, texts and lists."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.core.content import frontmatter
from newsfeed.core.content.fields import FieldReader, parse_moment
from newsfeed.core.content.frontmatter import FieldGroup, Scalar
from newsfeed.core.content.source_text import SourceText
from newsfeed.model import Month
from tests.core.told import params, told
from tests.examples import examples

BERLIN = ZoneInfo("Europe/Berlin")
APIA = ZoneInfo("Pacific/Apia")


def no_key(name: str) -> str:
    """Nothing is known by a name."""
    return ""


def fields(*lines: str) -> FieldReader:
    """A reader of a head with these lines."""
    source = SourceText("news/a.en.md", "\n".join(["---", *lines, "---", "Text"]))
    head, problems = frontmatter.parse_front_matter(source)
    assert head is not None
    assert problems == []
    return FieldReader(source, head.fields, BERLIN)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        pytest.param("2010-02-04", "2010-02-04T08:00:00+01:00", id="a day is its morning"),
        pytest.param("2010-07-04", "2010-07-04T08:00:00+02:00", id="in summer too"),
        pytest.param("2010-02-04 16:30", "2010-02-04T16:30:00+01:00", id="local time"),
        pytest.param("2010-02-04T16:30", "2010-02-04T16:30:00+01:00", id="with a T"),
        pytest.param("2010-02-04 16:30:59", "2010-02-04T16:30:59+01:00", id="seconds"),
        pytest.param("2010-02-04T16:30:59.999Z", "2010-02-04T17:30:59+01:00", id="a fraction is dropped"),
        pytest.param("2010-02-04 16:30Z", "2010-02-04T17:30:00+01:00", id="UTC"),
        pytest.param("2010-02-04 16:30 Z", "2010-02-04T17:30:00+01:00", id="UTC after a space"),
        pytest.param("2010-02-04 16:30+01:00", "2010-02-04T16:30:00+01:00", id="own offset"),
        pytest.param("2010-02-04 16:30 -0500", "2010-02-04T22:30:00+01:00", id="offset without colon"),
        pytest.param("2010-02-04T23:30-11:00", "2010-02-05T11:30:00+01:00", id="the next day here"),
        pytest.param("2010-02-04 00:30+14:00", "2010-02-03T11:30:00+01:00", id="the day before here"),
        pytest.param("2010-02-04 12:00+05:45", "2010-02-04T07:15:00+01:00", id="Nepal"),
        pytest.param("2010-03-28 01:59", "2010-03-28T01:59:00+01:00", id="before the gap"),
        pytest.param("2010-03-28 03:00", "2010-03-28T03:00:00+02:00", id="after the gap"),
        pytest.param("2010-10-31 02:30", "2010-10-31T02:30:00+02:00", id="twice: the first"),
        pytest.param("2010-10-31 02:30+01:00", "2010-10-31T02:30:00+01:00", id="twice: the second"),
        pytest.param("2012-02-29", "2012-02-29T08:00:00+01:00", id="leap day"),
        pytest.param("1900-01-01", "1900-01-01T08:00:00+01:00", id="first year"),
        pytest.param("2199-12-31 23:59", "2199-12-31T23:59:00+01:00", id="last year"),
        pytest.param("2010-02-04 00:00", "2010-02-04T00:00:00+01:00", id="midnight"),
    ],
)
def test_a_date_is_a_moment_in_the_zone_of_the_site(written, moment):
    """Without an offset the site's zone counts; with one the moment is moved into that zone."""
    found = parse_moment(written, BERLIN)
    assert found is not None
    assert found.isoformat() == moment
    assert found.tzinfo is BERLIN


def test_a_time_the_clock_jumps_over_is_the_first_moment_after_it():
    """02:30 on the night of the gap does not exist; it means 03:00, as in the schedule of a digest."""
    found = parse_moment("2010-03-28 02:30", BERLIN)
    assert found is not None
    assert found.astimezone(UTC).isoformat() == "2010-03-28T01:00:00+00:00"


@pytest.mark.parametrize(
    "written",
    [
        "2010-02-30",
        "2010-13-01",
        "2010-00-01",
        "2010-01-00",
        "2010-2-4",
        "10-02-04",
        "02/04/2010",
        "4.2.2010",
        "20100204",
        "2010-02",
        "2010",
        "2010-W05-4",
        "2010-035",
        "1899-12-31",
        "2200-01-01",
        "0000-01-01",
        "9999-12-31",
        "2011-02-29",
        "1900-02-29",
        "2010-02-04 24:00",
        "2010-02-04 16:60",
        "2010-02-04 16:30:60",
        "2010-02-04 16",
        "2010-02-04 4:30",
        "2010-02-04 16.30",
        "2010-02-04 16:30.5",
        "2010-02-04 16:30 CET",
        "2010-02-04 16:30+25:00",
        "2010-02-04 16:30+1",
        "2010-02-04 16:30+01:00:00",
        "2010-02-04  16:30",
        "2010-02-04t16:30",
        "2010-02-04Z",
        "2010-02-04 ",
        " 2010-02-04",
        "-2010-02-04",
        "٢٠١٠-٠٢-٠٤",
        "2010-02-04 ١٦:٣٠",
        "today",
        "",
    ],
)
def test_what_is_no_date_is_not_guessed(written):
    """Other forms, days that do not exist and years nobody means are refused."""
    assert parse_moment(written, BERLIN) is None


@given(
    st.datetimes(
        min_value=datetime(1900, 1, 2),  # noqa: DTZ001 - local times, made aware below
        max_value=datetime(2199, 12, 30),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, BERLIN, APIA, ZoneInfo("Asia/Kathmandu")]),
    )
)
@settings(max_examples=examples(150), deadline=None)
def test_every_moment_with_an_offset_is_read_as_that_moment(moment):
    """Whatever the offset, the instant is kept to the second."""
    whole = moment.replace(microsecond=0)
    offset = whole.utcoffset()
    assert offset is not None
    if offset.total_seconds() % 60:  # local mean time of long ago: ISO 8601 has no such offsets
        whole = whole.astimezone(UTC)
    found = parse_moment(f"{whole:%Y-%m-%d %H:%M:%S}{whole:%z}", BERLIN)
    assert found is not None
    assert found.timestamp() == whole.timestamp()


@given(st.text(max_size=30))
@settings(max_examples=examples(150), deadline=None)
def test_no_text_makes_the_reader_of_dates_raise(text):
    """A date or nothing."""
    moment = parse_moment(text, BERLIN)
    assert moment is None or 1900 <= moment.year <= 2200


def test_a_bad_date_is_told_at_its_value():
    """With the value as it is written."""
    reader = fields("title: A", "date: 2010-02-30")
    assert reader.moment("date") is None
    assert told(reader.problems) == ["date-invalid 3:7"]
    assert params(reader.problems[0]) == {"value": "2010-02-30"}


def test_a_missing_key_is_not_a_problem_of_the_reader():
    """Whether a key must be there is decided elsewhere."""
    reader = fields("title: A")
    assert reader.moment("date") is None
    assert reader.period("start") is None
    assert reader.text("summary") == ""
    assert reader.texts("authors", "") == ()
    assert reader.groups("enclosures", "", "file") == ()
    assert reader.yes("draft") is False
    assert "title" in reader
    assert "date" not in reader
    assert reader.problems == []


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2008-01", Month(2008, 1)),
        ("2008-12", Month(2008, 12)),
        ("1900-01", Month(1900, 1)),
        ("2199-12", Month(2199, 12)),
        ("2008-01-15", date(2008, 1, 15)),
        ("2012-02-29", date(2012, 2, 29)),
        ("2008-00", None),
        ("2008-13", None),
        ("1899-12", None),
        ("2200-01", None),
        ("2008", None),
        ("2008-1", None),
        ("2008-02-30", None),
        ("2008-01-15 16:30", None),
        ("01.2008", None),
        ("January 2008", None),
        ("now", None),
    ],
)
def test_a_period_begins_or_ends_with_a_month_or_a_day(written, period):
    """Months and days, but no times: projects do not start at half past four."""
    reader = fields(f"start: {written}")
    assert reader.period("start") == period
    assert told(reader.problems) == ([] if period else ["period-invalid 2:8"])


@pytest.mark.parametrize(
    ("written", "yes"),
    [
        ("yes", True),
        ("true", True),
        ("on", True),
        ("Yes", True),
        ("TRUE", True),
        ("no", False),
        ("false", False),
        ("Off", False),
        ('"yes"', True),
    ],
)
def test_yes_and_no_have_three_words_each(written, yes):
    """In any case."""
    reader = fields(f"draft: {written}")
    assert reader.yes("draft") is yes
    assert reader.problems == []


@pytest.mark.parametrize("written", ["ja", "1", "0", "y", "maybe", "ÿes"])
def test_other_words_are_neither_yes_nor_no(written):
    """And count as no until they are corrected."""
    reader = fields(f"draft: {written}")
    assert reader.yes("draft") is False
    assert told(reader.problems) == ["value-type 2:8"]
    assert params(reader.problems[0]) == {
        "key": "draft",
        "expected": "yes or no",
        "example": "draft: yes",
    }


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("A title", "A title"),
        ("|\n  one\n  two\n", "one two"),
        ('"  a \\t b  "', "a b"),
        ('"a\\_b"', "a\u00a0b"),
        ('"a\\Lb"', "a b"),
        ("10 %", "10 %"),
    ],
)
def test_a_text_is_one_line(written, text):
    """Line breaks and runs of spaces become one space; no-break spaces stay."""
    reader = fields(f"title: {written}")
    assert reader.text("title") == text
    assert reader.problems == []


@pytest.mark.parametrize("written", ["", '""', "'  '", '"\\n"', '"\\_"'])
def test_an_empty_text_is_told(written):
    """An empty value is more often forgotten than meant."""
    reader = fields(f"title: {written}")
    assert reader.text("title") == ""
    assert [one.code for one in reader.problems] == ["value-empty"]
    assert params(reader.problems[0]) == {"key": "title"}


@pytest.mark.parametrize(
    ("written", "place"), [("[a, b]", "3:9"), ("{a: b}", "3:8"), ("\n  - a", "4:5"), ("[]", "3:1")]
)
def test_a_list_is_no_text(written, place):
    """The place is that of the first value."""
    reader = fields("date: 2010-02-04", f"title: {written}")
    assert reader.text("title", "title: …") == ""
    assert told(reader.problems) == [f"value-type {place}"]
    assert params(reader.problems[0]) == {"key": "title", "expected": "a text", "example": "title: …"}


@pytest.mark.parametrize("escape", ["\\a", "\\0", "\\x1f", "\\x7f", "\\e", "\\ufffe", "\\b", "\\v", "\\f"])
def test_escapes_cannot_smuggle_in_what_feeds_forbid(escape):
    """The character is told and taken out, so that nothing downstream meets it."""
    reader = fields(f'title: "a{escape}b"')
    assert reader.text("title") == "ab"
    assert told(reader.problems) == ["control-character 2:8"]


def test_a_list_of_texts_may_be_one_text():
    """Each text knows its place."""
    assert fields("authors: Ada").texts("authors", "") == (Scalar("Ada", 2, 10),)
    assert fields("authors: [Ada, Bo]").texts("authors", "") == (Scalar("Ada", 2, 11), Scalar("Bo", 2, 16))
    assert fields("authors: []").texts("authors", "") == ()


def test_an_empty_text_in_a_list_is_told_and_left_out():
    """At its own place."""
    reader = fields('authors: [Ada, "", Bo]')
    assert [one.text for one in reader.texts("authors", "")] == ["Ada", "Bo"]
    assert told(reader.problems) == ["value-empty 2:16"]


def test_a_group_is_no_text_in_a_list():
    """The whole list is refused once."""
    reader = fields("authors:", "  - Ada", "  - name: Bo")
    assert reader.texts("authors", "authors: [Ada]") == ()
    assert told(reader.problems) == ["value-type 4:5"]
    assert params(reader.problems[0])["expected"] == "a list of texts"


def test_groups_may_be_written_as_a_name_only():
    """A bare file name stands for a group with ``file``."""
    reader = fields("enclosures:", "  - a.pdf", "  - file: b.pdf")
    assert reader.groups("enclosures", "", "file") == (
        FieldGroup({"file": Scalar("a.pdf", 3, 5)}, 3, 5),
        FieldGroup({"file": Scalar("b.pdf", 4, 11)}, 4, 5),
    )
    assert fields("enclosures: a.pdf").groups("enclosures", "", "file") == (
        FieldGroup({"file": Scalar("a.pdf", 2, 13)}, 2, 13),
    )
    assert fields("enclosures: {file: a}").groups("enclosures", "", "file") == (
        FieldGroup({"file": Scalar("a", 2, 20)}, 2, 13),
    )


def test_groups_that_are_empty_are_told():
    """Like every other empty value."""
    reader = fields("enclosures:")
    assert reader.groups("enclosures", "", "file") == ()
    assert [one.code for one in reader.problems] == ["value-empty"]


def test_words_come_from_a_vocabulary_each_once():
    """Unknown ones are told at their place, with a suggestion and the known ones, and left out."""
    reader = fields("topics: [water, enrgy, water]")
    assert reader.words("topics", {"water", "energy"}, "topic-unknown", "", no_key) == ("water",)
    assert told(reader.problems) == ["topic-unknown 2:17"]
    assert reader.problems[0].suggestion == "energy"
    assert params(reader.problems[0]) == {"value": "enrgy", "known": "energy, water"}


def test_a_vocabulary_may_be_empty():
    """Then there is nothing to suggest."""
    reader = fields("topics: water")
    reader.words("topics", (), "topic-unknown", "", no_key)
    assert params(reader.problems[0]) == {"value": "water", "known": "–"}


def test_unknown_keys_are_told_with_the_known_ones():
    """At the key, with a suggestion when one is near."""
    reader = fields("titel: A", "x: 1", "title: B")
    reader.refuse_unknown(("title", "date"))
    assert told(reader.problems) == ["key-unknown 2:1", "key-unknown 3:1"]
    assert [one.suggestion for one in reader.problems] == ["title", ""]
    assert params(reader.problems[0]) == {"value": "titel", "known": "date, title"}


def test_a_key_that_is_not_there_is_at_the_head_of_the_file():
    """There is nowhere else to point at."""
    reader = fields("title: A")
    assert reader.where("date").line == 1
    assert (reader.at(7, 3).path, reader.at(7, 3).line, reader.at(7, 3).column) == ("news/a.en.md", 7, 3)


@pytest.mark.parametrize(
    ("title", "character"),
    [
        pytest.param("Report \u202egpj.exe", "U+202E", id="an override"),
        pytest.param("Report \u202egpj\u202c", "U+202E", id="an override that is closed"),
        pytest.param("Report \u202d1", "U+202D", id="an override to the right"),
        pytest.param("Report \u202aa", "U+202A", id="an embedding left open"),
        pytest.param("Report \u2067a", "U+2067", id="an isolate left open"),
        pytest.param("Report\u202c", "U+202C", id="an end without a beginning"),
        pytest.param("Report\u2069", "U+2069", id="an isolate's end without a beginning"),
        pytest.param("\u2067a\u202c", "U+202C", id="the end of the other kind"),
    ],
)
def test_what_turns_words_around_a_title_is_told_by_its_code_point(title: str, character: str) -> None:
    """At its line: nobody sees the character."""
    reader = fields(f"title: {title}")
    reader.text("title")
    assert told(reader.problems) == ["direction-open 2:8"]
    assert params(reader.problems[0])["character"] == character


def test_closed_isolates_and_single_marks_of_direction_are_how_names_are_written() -> None:
    """Right-to-left names beside others need them."""
    reader = fields("title: A \u2068\u202bשלום\u202c\u2069 b\u200f")
    assert reader.text("title") == "A \u2068\u202bשלום\u202c\u2069 b\u200f"
    assert reader.problems == []
