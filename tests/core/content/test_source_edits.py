"""``source`` written into translations: one value, and every other byte as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.source_edits import set_source

VALUE = "title=123456 789abc"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\ntitle: A\n---\nText.\n", "---\ntitle: A\nsource: VALUE\n---\nText.\n"),
        ("---\r\ntitle: A\r\n---\r\n", "---\r\ntitle: A\r\nsource: VALUE\r\n---\r\n"),
        ("---\n  title: A\n---\n", "---\n  title: A\n  source: VALUE\n---\n"),
        ('+++\ntitle = "A"\n+++\n', '+++\ntitle = "A"\nsource = "VALUE"\n+++\n'),
        ("---\nsource: new\ntitle: A\n---\n", "---\nsource: VALUE\ntitle: A\n---\n"),
        ("---\nsource: new # ask\n---\n", "---\nsource: VALUE # ask\n---\n"),
        ("---\nsource: 'new'\n---\n", "---\nsource: VALUE\n---\n"),
        ('\ufeff---\nsource:   "new"  \n---\n', "\ufeff---\nsource: VALUE  \n---\n"),
        ('+++\nsource = "new" # ask\n+++\n', '+++\nsource = "VALUE" # ask\n+++\n'),
        ("---\nsource: title=1\n  23\n\n# x\ntitle: A\n---\n", "---\nsource: VALUE\n\n# x\ntitle: A\n---\n"),
        ("---\nsource: >-\n  title=1\n  23\ntitle: A\n---\n", "---\nsource: VALUE\ntitle: A\n---\n"),
        ("---\nsource: VALUE\n---\n", "---\nsource: VALUE\n---\n"),
    ],
)
def test_the_value_is_written_where_it_stands_or_as_the_last_line(before: str, after: str) -> None:
    """In the form, the line ends and the indentation that the file has; remarks stay."""
    before, after = before.replace("VALUE", VALUE), after.replace("VALUE", VALUE)
    assert set_source(before.encode(), VALUE) == after.encode()


@pytest.mark.parametrize(
    "data",
    [b"", b"Text.\n", b"---\ntitle: [\n---\n", b"---\n\xff\n---\n", b"---\n{title: A, source: new}\n---\n"],
)
def test_a_head_that_cannot_be_written_is_left_alone(data: bytes) -> None:
    """No head, one that cannot be read, or all of it on one line."""
    assert set_source(data, VALUE) is None


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.sampled_from(["\n", "\r\n"]))
def test_nothing_else_is_touched(body: str, eol: str) -> None:
    """Whatever stands below the head."""
    data = f"---{eol}title: A{eol}---{eol}{body}".encode()
    after = set_source(data, VALUE)
    assert after is None or after.replace(f"source: {VALUE}{eol}".encode(), b"", 1) == data
