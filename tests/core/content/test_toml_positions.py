"""Where the keys of a TOML text stand, and what a parser's complaint means."""

import pytest

from newsfeed.core.content.toml_positions import find_toml_positions, find_toml_value, read_toml

TEXT = """\
# comment
[site]
title = "A"
  base_url = "b"
"quoted key" = 1
'single' = 2
a.b = 3
a . "c d" = 4
"/\\u00e4lter/\\"x\\"" = 5
'C:\\x' = 6

[ languages.de ]   # with a comment
locale = "de"
[languages."pt-BR"]
x=1
[[enclosures]]
file = "a"
[[enclosures]]
file = "b"
"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("site",), (2, 1)),
        (("site", "title"), (3, 1)),
        (("site", "base_url"), (4, 3)),
        (("site", "quoted key"), (5, 1)),
        (("site", "single"), (6, 1)),
        (("site", "a", "b"), (7, 1)),
        (("site", "a", "c d"), (8, 1)),
        (("site", '/älter/"x"'), (9, 1)),
        (("site", "C:\\x"), (10, 1)),
        (("languages", "de"), (12, 1)),
        (("languages", "de", "locale"), (13, 1)),
        (("languages", "pt-BR"), (14, 1)),
        (("languages", "pt-BR", "x"), (15, 1)),
        (("enclosures",), (16, 1)),
        (("enclosures", "1"), (16, 1)),
        (("enclosures", "1", "file"), (17, 1)),
        (("enclosures", "2"), (18, 1)),
    ],
)
def test_every_key_and_table_has_a_place(path, place):
    """Line and column from 1; of tables that repeat, the first."""
    assert find_toml_positions(TEXT)[path] == place


def test_places_survive_carriage_returns():
    """As they come from an editor of another system."""
    assert find_toml_positions("[a]\r\nb = 1\r\n") == {("a",): (1, 1), ("a", "b"): (2, 1)}


def test_the_longest_numbers_of_toml_are_read():
    """64 bits with a sign, as TOML promises."""
    assert read_toml("a = 9223372036854775807\nb = -9223372036854775808\nc = [1.5, true]\n[d]\n") == {
        "a": 2**63 - 1,
        "b": -(2**63),
        "c": [1.5, True],
        "d": {},
    }


@pytest.mark.parametrize(
    ("text", "value", "place"),
    [
        ('a = ["x", "y"]\nb = "z"\n', "y", (1, 11)),
        ("a = [\n  'x',\n  'y',\n]\nb = 'z'\n", "y", (3, 3)),
        ('a = ["x"]\nb = "z"\n', "z", (1, 1)),
        ('"z" = "z"\n', "z", (1, 7)),
    ],
)
def test_a_value_is_found_within_that_of_its_key(text: str, value: str, place: tuple[int, int]) -> None:
    """In lists of several lines, too; never in another key."""
    positions = find_toml_positions(text)
    key = min(positions.values())
    assert find_toml_value(text, positions, key, value) == place
