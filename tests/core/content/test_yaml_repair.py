"""Slips in YAML, and the lines that were meant."""

import pytest
import yaml

from newsfeed.core.content.frontmatter import parse_front_matter
from newsfeed.core.content.source_text import SourceText
from newsfeed.core.content.yaml_repair import find_lost_words, quote, repair_yaml
from tests.core.told import params, told


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("title: Sun: a story", 'title: "Sun: a story"'),
        ("title: “Sun: it shines”", 'title: "Sun: it shines"'),
        ("title: « Sun : it shines »", 'title: "Sun : it shines"'),
        ("title: 'It's sunny'", 'title: "It\'s sunny"'),
        ('title: "He said "no" to me"', "title: 'He said \"no\" to me'"),
        ('title: "Sun" shines', "title: '\"Sun\" shines'"),
        ('title: "C:\\Users"', "title: 'C:\\Users'"),
        ('title: "Sun', 'title: "Sun"'),
        ("title: @home", 'title: "@home"'),
        ("topics: [water, energy", "topics: [water, energy]"),
        ("authors: [Team #2, Ada]", 'authors: ["Team #2", Ada]'),
        ("\tsummary: x", "summary: x"),
        ("  summary: x", "summary: x"),
        ("title:Sun", "title: Sun"),
        ("title = Sun", "title: Sun"),
        ("title： Sun", "title: Sun"),
    ],
)
def test_a_line_is_mended_as_it_was_meant(written, meant):
    """So that the parser reads on, and the reader of the message can copy it."""
    repaired = repair_yaml(f"id: a\n{written}\nlast: b\n")
    assert repaired.head == f"id: a\n{meant}\nlast: b\n"
    (slip,) = repaired.slips
    assert slip.line == 2
    assert slip.params.get("line", slip.suggestion) == meant
    assert list(yaml.safe_load(repaired.head))[-1] == "last"


def test_all_slips_of_a_head_are_told_at_once():
    """And what else is wrong with it."""
    text = '---\ntitle: Sun: a story\n\tsummary: x\nauthors: "Ada\ndate: soon\ndate: late\n---\nText'
    head, problems = parse_front_matter(SourceText("a.en.md", text))
    assert told(problems) == ["yaml-quotes 2:8", "yaml-tab 3:1", "yaml-quote-open 4:10", "key-duplicate 6:1"]
    assert params(problems[0])["line"] == 'title: "Sun: a story"'
    assert head is not None
    assert list(head.fields) == ["title", "summary", "authors", "date"]


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("title: We are #1 in town", ["yaml-comment #1 in town"]),
        ("summary: Ticket #4711 is closed. Read on.", ["yaml-comment #4711 is closed. Read on."]),
        ("  - Team #2", ["yaml-comment #2"]),
        ("title: #1 in town", ["yaml-quotes "]),
        ("title: C# course", []),
        ("summary: A comment of the author  # to be checked", []),
        ("date: 2026-01-05 #moved", []),
        ("slug: here #there", []),
        ('title: "We are #1"', []),
        ("# We are #1", []),
    ],
)
def test_words_behind_a_number_sign_are_told(line, lost):
    """A blank after the sign shows that a comment is meant."""
    assert [f"{slip.code} {slip.params.get('value', '')}" for _, slip in find_lost_words(line)] == lost


def test_a_value_that_is_only_a_comment_is_read_as_it_was_meant():
    """So that it is not called empty, too."""
    head, problems = parse_front_matter(SourceText("a.en.md", "---\ntitle: #1 in town\n---\nText"))
    assert told(problems) == ["yaml-quotes 2:8"]
    assert params(problems[0])["line"] == 'title: "#1 in town"'
    assert head is not None
    assert head.fields["title"].value.text == "#1 in town"


def test_a_text_is_quoted_so_that_it_is_read_back():
    """Whatever signs it has."""
    for text in ("a: b", 'a "b"', 'it\'s "so"', "C:\\x", "#1", "' \""):
        assert yaml.safe_load(quote(text)) == text


def test_a_head_that_nobody_wrote_costs_no_time():
    """A long one, or one with a mistake in every line, is not tried in all ways."""
    for head in ("a: b: c\n" * 20_000, "a: b: c\n" * 1_000, "'" * 9_999, "[" * 9_999, "a: [b\n" * 1_500):
        assert len(repair_yaml(head).slips) <= 10
