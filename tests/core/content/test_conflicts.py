"""Marks of conflicts that git left in a text."""

import pytest

from newsfeed.core.content.conflicts import find_conflicts
from newsfeed.core.content.source_text import SourceText

CONFLICT = "<<<<<<< HEAD\nOne\n=======\nTwo\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (CONFLICT, [1]),
        (f"A\n{CONFLICT}B\n{CONFLICT}", [2, 8]),
        ("<<<<<<< HEAD\nOne\n||||||| base\nNone\n=======\nTwo\n>>>>>>> x\n", [1]),
        ("One\n=======\nTwo\n>>>>>>> other", [4]),
        ("<<<<<<< HEAD\nOne\n", [1]),
        ("A heading\n=======\n", []),
        (">>>>>>> a quotation of quotations\n", []),
        ("    <<<<<<< HEAD\n    =======\n", []),
        ("<<<<<<<< eight\n", []),
        ("a <<<<<<< HEAD\n", []),
    ],
)
def test_a_conflict_is_told_at_its_first_mark(text, lines):
    """Also where an editor deleted some of its marks; headings, quotations and examples are none."""
    assert [one.where.line for one in find_conflicts(SourceText("a", text))] == lines
