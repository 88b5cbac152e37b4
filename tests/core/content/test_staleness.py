"""What has changed in an original since it was translated."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.paragraphs import fingerprint_text
from newsfeed.core.content.staleness import ParagraphChange, find_changes, keep_unchanged, read_source


def state(title="Wells", summary="Two wells", image_alt="", body="A\n\nB\n\nC\n"):
    """What a translation notes of an original."""
    return fingerprint_text({"title": title, "summary": summary, "image_alt": image_alt}, body)


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        (state(), []),
        (state(title="Well"), [ParagraphChange("edited", "title")]),
        (state(summary=""), [ParagraphChange("removed", "summary")]),
        (state(image_alt="A well"), [ParagraphChange("added", "image_alt")]),
        (state(body="A\n\nX\n\nC\n"), [ParagraphChange("edited", "", 2, 2)]),
        (state(body="A\n\nB\n\nX\n\nC\n"), [ParagraphChange("added", "", 3)]),
        (state(body="A\n\nC\n"), [ParagraphChange("removed", "", 2)]),
        (
            state(body="X\n\nA\n\nB\n\nD\n"),
            [ParagraphChange("added", "", 1), ParagraphChange("edited", "", 4, 3)],
        ),
        (state(body="C\n\nA\n\nB\n"), [ParagraphChange("moved", "", 1, 3)]),
        (
            state(body="B\n\nX\n\nA\n\nC\n"),
            [ParagraphChange("moved", "", 1, 2), ParagraphChange("added", "", 2)],
        ),
        (state(body="A\n\nB\n\nB\n\nC\n"), [ParagraphChange("added", "", 3)]),
        (state(body=""), [ParagraphChange("removed", "", number) for number in (1, 2, 3)]),
    ],
)
def test_each_change_is_named_with_its_place(after, changes):
    """Keys of the head first, then paragraphs, numbered as they are now, or were."""
    assert list(find_changes(state(), after)) == changes


@pytest.mark.parametrize("source", ["", "new", "0" * 24, "title", "title=12345", f"{state()} x"])
def test_what_names_no_paragraphs_tells_no_changes(source):
    """Nothing is guessed."""
    assert read_source(source) is None
    assert find_changes(source, state()) == ()


def test_a_value_that_an_editor_folded_is_read_as_one():
    """Whatever white space is between its parts."""
    assert read_source(state().replace(" ", "\n   ")) == read_source(state())


def test_unchanged_paragraphs_are_found_again():
    """Where they are now, and where they were."""
    before, after = (
        read_source(state(body=body)).paragraphs for body in ("A\n\nB\n\nC\n", "A\n\nX\n\nC\n\nY\n")
    )
    assert keep_unchanged(before, after) == {0: 0, 2: 2}


@given(st.lists(st.sampled_from("abcdef"), max_size=9), st.lists(st.sampled_from("abcdefg"), max_size=9))
def test_no_paragraph_is_told_as_added_that_was_there(before, after):
    """What is there as often as before was moved at most; the rest is told once each."""
    one, other = (
        "title=000000 " + " ".join(f"{ord(sign):06x}" for sign in signs) for signs in (before, after)
    )
    changes = find_changes(one, other)
    numbers = {
        kind: [one.number for one in changes if one.kind == kind] for kind in ("edited", "moved", "added")
    }
    added = Counter(after[number - 1] for number in [*numbers["edited"], *numbers["added"]])
    removed = Counter(before[change.number - 1] for change in changes if change.kind == "removed")
    removed += Counter(before[change.before - 1] for change in changes if change.kind == "edited")
    assert added == Counter(after) - Counter(before)
    assert removed == Counter(before) - Counter(after)
