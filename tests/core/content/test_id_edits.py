"""Ids written into content files: one line more, and every other byte as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.id_edits import add_id


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\ntitle: A\n---\nText.\n", "---\nid: 2030-a\ntitle: A\n---\nText.\n"),
        ("---\r\ntitle: A\r\n---\r\n", "---\r\nid: 2030-a\r\ntitle: A\r\n---\r\n"),
        ("\ufeff---\ntitle: A\n---\n", "\ufeff---\nid: 2030-a\ntitle: A\n---\n"),
        (
            "---  \n  title: A\n  date: 2030-01-01\n---\n",
            "---  \n  id: 2030-a\n  title: A\n  date: 2030-01-01\n---\n",
        ),
        ('+++\ntitle = "A" # +++\n+++\nText', '+++\nid = "2030-a"\ntitle = "A" # +++\n+++\nText'),
        ("---\n# a comment\ntitle: A\n---\n", "---\nid: 2030-a\n# a comment\ntitle: A\n---\n"),
        ("---\ntitle: We are #1\n---\n", "---\nid: 2030-a\ntitle: We are #1\n---\n"),  # only a warning
    ],
)
def test_an_id_becomes_the_first_line_of_the_head(before: str, after: str) -> None:
    """In the form, the line ends and the indentation that the file has."""
    assert add_id(before.encode(), "2030-a") == after.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Text without a head.\n",
        b"---\nid: other\ntitle: A\n---\n",
        b"---\ntitle: [\n---\n",
        b"---\n\xff\n---\n",
    ],
)
def test_a_file_without_a_place_for_an_id_is_left_alone(data: bytes) -> None:
    """No head, one that cannot be read, or an id already."""
    assert add_id(data, "2030-a") is None


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.sampled_from(["\n", "\r\n"]))
def test_nothing_else_is_touched(body: str, eol: str) -> None:
    """Whatever stands below the head."""
    data = f"---{eol}title: A{eol}---{eol}{body}".encode()
    after = add_id(data, "2030-a")
    assert after is None or after.replace(f"id: 2030-a{eol}".encode(), b"", 1) == data
