"""Invisible characters that turn the words of a body."""

import pytest

from newsfeed.core.content.directions import find_open_directions


@pytest.mark.parametrize(
    "body",
    [
        "Text.\n",
        "of \u2067\u05d0\u05d1\u2069 and \u202b\u05d0\u202c.\n",
        "a \u2066b\nc\u2069 d\n",  # over two lines of one paragraph
        "| \u2067a\u2069 | \u2067b\u2069 |\n",
        "a &#x2067;b&#8297; c, &#39;d&#39;\n",
        "a\u200fb\u200e\n",
    ],
)
def test_what_is_closed_in_its_paragraph_is_left_alone(body):
    """So are marks, which turn nothing but themselves."""
    assert [*find_open_directions(body)] == []


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("a \u2067b\n\nc\u2069 d\n", [(1, 3), (3, 2)]),
        ("- \u2067b\n- c\u2069\n", [(1, 3), (2, 4)]),
        ("1. \u2067b\n2. c\u2069\n", [(1, 4), (2, 5)]),
        ("# \u2067b\nc\n# d\u2069\n", [(1, 3), (3, 4)]),
        ("| \u2067a |\n| b\u2069 |\n", [(1, 3), (2, 4)]),
        ("a \u202ebmw\u202c c\n", [(1, 3)]),
        ("a\nb \u202bc\n", [(2, 3)]),
        ("a &#x202E;b\n", [(1, 3)]),
        ("a &#8294;b\n", [(1, 3)]),
    ],
)
def test_what_reaches_beyond_its_paragraph_is_found(body, places):
    """Also an override, closed or not, and what is written as a reference."""
    assert [(line, column) for line, column, _ in find_open_directions(body)] == places
