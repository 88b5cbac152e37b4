"""The canonical form of a front matter: what moves, what stays, and that twice is once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.head_edits import plain_fields, read_head
from newsfeed.core.content.head_format import format_head

UNTIDY = """\
---
title:   Wells

# when it was
date: 2026-03-01
  
summary: >
  # two wells
  in a year
id: wells
---
Text.

"""  # noqa: W293
TIDY = """\
---
id: wells
# when it was
date: 2026-03-01
title: Wells
summary: >
  # two wells
  in a year
---

Text.

"""


def test_keys_come_in_order_with_the_remarks_above_them():
    """A line of a value that looks like a remark stays in it."""
    assert format_head(UNTIDY.encode()).decode() == TIDY


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\r\ntitle: A\r\nid: a\r\n---\r\nText.\r\n", "---\r\nid: a\r\ntitle: A\r\n---\r\n\r\nText.\r\n"),
        ("\ufeff---\ntitle: A\n---\n\n\n\nText", "\ufeff---\ntitle: A\n---\n\nText"),
        ("---  \n  title: A\n  id: a\n---\n    code\n", "---\nid: a\ntitle: A\n---\n\n    code\n"),
        ('+++\ntitle = "A"\nid = "a"\n+++\nText', '+++\ntitle = "A"\nid = "a"\n+++\n\nText'),
        ("---\n{title: A, id: a}\n---\nText", "---\n{title: A, id: a}\n---\n\nText"),
        ("---\ntitle: A\n---", "---\ntitle: A\n---\n\n"),
        ("---\ntitle: A\nother: 1\nid: a\n---\n\nT", "---\nid: a\ntitle: A\nother: 1\n---\n\nT"),
    ],
)
def test_line_ends_marks_and_other_forms_stay(before, after):
    """TOML keeps the order of its keys: tables may follow."""
    assert format_head(before.encode()).decode() == after


@pytest.mark.parametrize("data", [b"", b"Text.", b"---\ntitle: [\n---\n", b"---\n\xff\n---\n"])
def test_what_cannot_be_read_stays(data):
    """`newsfeed check` reports it."""
    assert format_head(data) == data


VALUES = st.sampled_from(
    ["a", '"b: c"', "[x, y]", ">\n  long\n\n  text", "|\n  # no remark\n", "{file: a.pdf}"]
)
LINES = st.one_of(
    st.tuples(st.sampled_from(["id", "title", "date", "topics", "x-y"]), VALUES).map(": ".join),
    st.sampled_from(["", "# remark", "  ", "  # indented"]),
)


@given(st.lists(LINES, max_size=8), st.text(st.sampled_from("ab \n\t#"), max_size=12), st.booleans())
def test_nothing_is_said_anew_and_twice_is_once(lines, body, is_windows):
    """Whatever lines a head has, in whatever order."""
    text = "\n".join(["---", *lines, "---", body])
    data = text.replace("\n", "\r\n" if is_windows else "\n").encode()
    before, formatted = read_head(data), format_head(data)
    assert format_head(formatted) == formatted
    if before is None:
        assert formatted == data
        return
    after = read_head(formatted)
    assert after is not None
    assert plain_fields(after) == plain_fields(before)
    assert after.body.lstrip() == before.body.lstrip()
