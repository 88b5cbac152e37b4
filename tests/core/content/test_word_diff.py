"""Two texts, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.content.word_diff import ADDED, REMOVED, SAME, diff_words

TEXTS = st.text(st.sampled_from("ab .\n–ü"), max_size=40)


def test_words_and_signs_are_told_apart():
    """Not letters: a word is another one, or is not."""
    assert diff_words("Two wells, here.", "Two  pumps here!") == [
        (SAME, "Two "),
        (REMOVED, "wells,"),
        (ADDED, "pumps"),
        (SAME, " here"),
        (REMOVED, "."),
        (ADDED, "!"),
    ]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it(before, after):
    """But for their white space."""
    parts = diff_words(before, after)
    for text, other in ((before, ADDED), (after, REMOVED)):
        assert "".join(part.text for part in parts if part.kind != other) == " ".join(text.split())


def test_what_is_no_paragraph_is_not_compared():
    """It would take minutes."""
    long = "a " * 5_000
    assert [part.kind for part in diff_words(long, f"b {long}")] == [REMOVED, ADDED]
