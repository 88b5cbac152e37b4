"""Problems as values: their order, their excerpts, their suggestions, and their table."""

import re

import pytest

from newsfeed.problems import (
    PROBLEM_KINDS,
    Location,
    Problem,
    Severity,
    add_excerpts,
    find_nearest,
    problem,
    select_errors,
    sort_problems,
)


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("enrgy", ["water", "energy"], "energy"),
        ("ENERGY", ["water", "energy"], "energy"),
        ("energy", ["Energy"], "Energy"),
        ("wine", ["water", "energy"], ""),
        ("", ["a"], ""),
        ("a", [], ""),
        ("titel", ["title", "tile"], "title"),
    ],
)
def test_the_nearest_word_is_suggested(word, known, found):
    """When one is near enough, in any case of its letters."""
    assert find_nearest(word, known) == found


def test_a_problem_keeps_its_parameters_as_texts():
    """Numbers too; the suggestion is made from the value."""
    where = Location("news/a.en.md", 3, 7)
    found = problem("topic-unknown", where, ["water"], value="watr", known=12)
    assert found == Problem("topic-unknown", where, (("value", "watr"), ("known", "12")), "water")
    assert problem("topic-unknown", where, value="watr").suggestion == ""
    assert problem("text-missing", where, ["x"]).suggestion == ""
    assert found.severity is Severity.ERROR
    assert found.kind is PROBLEM_KINDS["topic-unknown"]


def test_problems_are_sorted_by_place_and_told_once():
    """By file, line, column and code; an exact repeat is dropped."""
    places = [("b", 1, 1), ("a", 2, 1), ("a", 1, 9), ("a", 1, 2), ("a", 10, 1), ("a", 1, 2)]
    found = [problem("text-missing", Location(*place)) for place in places]
    also = problem("alt-missing", Location("a", 1, 2))
    told = [
        (one.where.path, one.where.line, one.where.column, one.code) for one in sort_problems([*found, also])
    ]
    assert told == [
        ("a", 1, 2, "alt-missing"),
        ("a", 1, 2, "text-missing"),
        ("a", 1, 9, "text-missing"),
        ("a", 2, 1, "text-missing"),
        ("a", 10, 1, "text-missing"),
        ("b", 1, 1, "text-missing"),
    ]


def test_excerpts_are_the_lines_of_the_file():
    """Each file is read once; a line beyond its end, or a file that is gone, has no excerpt."""
    files = {"a": b"\xef\xbb\xbfone\r\ntwo\rthree\n", "b": b"caf\xe9"}
    asked = []

    def read(path: str) -> bytes | None:
        asked.append(path)
        return files.get(path)

    places = [("a", 1), ("a", 2), ("a", 3), ("a", 4), ("a", 5), ("b", 1), ("c", 1), ("c", 2)]
    shown = add_excerpts([problem("text-missing", Location(*place)) for place in places], read)
    assert [one.where.text for one in shown] == ["one", "two", "three", "", "", "caf\ufffd", "", ""]
    assert asked == ["a", "b", "c"]


def test_only_errors_keep_a_site_from_being_published():
    """Warnings and advice do not."""
    found = [problem(code, Location("a")) for code in ("text-missing", "key-missing", "id-missing")]
    assert [one.code for one in select_errors(found)] == ["key-missing"]


@pytest.mark.parametrize("code", PROBLEM_KINDS)
def test_every_kind_says_what_is_wrong_why_and_what_to_do(code):
    """A sentence without a stop at its end, a hint, and a reason with one."""
    kind = PROBLEM_KINDS[code]
    assert re.fullmatch("[a-z]+(-[a-z0-9]+)*", code)
    assert kind.message
    assert kind.hint
    assert kind.message[-1] not in ".!"
    assert kind.hint[-1] not in ".!"
    assert kind.why.endswith(".")


def test_a_line_that_is_no_text_is_not_shown():
    """Of a document, nobody could read it."""
    (shown,) = add_excerpts([problem("document-unread", Location("a.docx"))], lambda _: b"PK\3\4\x14\0\0\xff")
    assert shown.where.text == ""
