"""What the TOML parser complains about, as people are told."""

import tomllib

import pytest

from newsfeed.core.content.toml_errors import explain_toml_error
from newsfeed.core.content.toml_positions import read_toml


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("a = ", (1, 4), "this is no value; texts stand between quotation marks"),
        ("a = 1\nb = nope\n", (2, 5), "this is no value; texts stand between quotation marks"),
        ("a = 1\na = 2\nb = 3", (2, 1), "the same key or table stands here twice"),
        ("a = 1\na = 2", (2, 1), "the same key or table stands here twice"),
        ("a = 2010-02-30\n", (1, 5), "there is no such date or time"),
        ('a = "x\n', (1, 5), "a text, a list or a table that begins here is never closed"),
        ('a = 1\nb = """x\n\n', (2, 5), "a text, a list or a table that begins here is never closed"),
        ("a = [1", (1, 5), "a text, a list or a table that begins here is never closed"),
        ("a: 1", (1, 2), "this line is neither a [table] nor of the form key = value"),
        ("a = " + "[" * 9_999, (1, 1), "the value is nested too deeply"),
        ("a = " + "9" * 9_999, (1, 1), "a number has too many digits"),
        ("a = -9223372036854775809", (1, 1), "a number has too many digits"),
        ("a = [{b = 9223372036854775808}]", (1, 1), "a number has too many digits"),
    ],
)
def test_a_complaint_has_a_place_and_a_reason(text, place, reason):
    """In our words, which have translations, and not in the parser's."""
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        read_toml(text)
    found = explain_toml_error(caught.value, text)
    assert (found.line, found.column) == place
    assert found.reason == reason


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("title = Sun", 'title = "Sun"'),
        ("title = “Sun”", 'title = "Sun"'),
        ("title: Sun", 'title = "Sun"'),
        ("draft: true", "draft = true"),
        ('title = "Sun', 'title = "Sun"'),
        ("topics = [water, energy]", 'topics = ["water", "energy"]'),
        ('title = He said "no"', "title = 'He said \"no\"'"),
        ('path = "C:\\Users"', "path = 'C:\\Users'"),
        ("[site", ""),
    ],
)
def test_the_line_is_proposed_as_it_was_meant(written, meant):
    """Only a line with which the parser gets further."""
    text = f'id = "sun"\n{written}\n'
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        read_toml(text)
    assert explain_toml_error(caught.value, text).suggestion == meant
