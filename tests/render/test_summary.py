"""Automatic summaries: the first words, of any script, cut where a reader would not mind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.render.markdown import outline
from newsfeed.render.summary import SUMMARY_LENGTH, shortened

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1e9\U0001f1ea"
ACCENT = "e\u0301"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("- pumps\n- wells", "pumps · wells"),
        ("- pumps[^1]\n\n[^1]: A note.", "pumps"),
        ("[^1]: Only a note.\n\nText[^1]", "Text"),
        ("|Place|People|\n|-|-|\n|Lenger|30|", "Place · People · Lenger · 30"),
        ("# Head\n\n- one", "one"),
        ("```\ncode\n```\n\n- one", "one"),
        ("<P>First words\n<P>Second", "First words"),
        ("<P ALIGN=left>First words", "First words"),
        ("<div>First</div><div>Second</div>", "First · Second"),
        ("Take <archive> out.", "Take <archive> out."),
        ("# Only a heading", ""),
        ("![A well](well.jpg)", ""),
    ],
)
def test_a_summary_has_the_first_words_there_are(body: str, words: str) -> None:
    """Of a paragraph, else of a list or table; never of a footnote, a heading or code."""
    assert outline(body).first_paragraph == words


@pytest.mark.parametrize("cluster", [FAMILY, FLAG, ACCENT, "\u0e01\u0e33", "\u0915\u094d\u0937\u093f"])
def test_a_summary_ends_between_characters_as_readers_see_them(cluster: str) -> None:
    """Not in an emoji of several code points, a flag, or a letter with its accent (UAX 29)."""
    for lead in range(4):
        text = "x" * lead + cluster * 200
        short = shortened(text, SUMMARY_LENGTH)
        assert len(short) <= SUMMARY_LENGTH
        assert short.endswith("…")
        assert (len(short) - 1 - lead) % len(cluster) == 0


@pytest.mark.parametrize(
    "text",
    [
        "GIZ " + "水" * 400,
        "WECF " + "ก" * 400,
        "See " + "https://example.org/" + "x" * 400,
        "Ein " + "Donaudampfschifffahrt" * 30,
    ],
)
def test_a_script_without_blanks_is_not_cut_at_the_only_one(text: str) -> None:
    """Nearly the whole length is used."""
    assert SUMMARY_LENGTH * 0.9 < len(shortened(text, SUMMARY_LENGTH)) <= SUMMARY_LENGTH


def test_an_opening_bracket_is_not_left_alone_at_the_end() -> None:
    """Nothing follows it."""
    assert shortened("水" * 8 + "（" + "水" * 9, 10) == "水" * 8 + "…"


def test_a_letter_with_endless_marks_is_cut_all_the_same() -> None:
    """A summary has a length, whatever is piled up."""
    assert len(shortened("e" + "\u0301" * 5000, SUMMARY_LENGTH)) <= SUMMARY_LENGTH


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=400),
    st.integers(2, 320),
)
@settings(max_examples=200, deadline=None)
def test_no_text_comes_out_longer_than_asked(text: str, length: int) -> None:
    """What was short enough stays as it was."""
    short = shortened(text, length)
    assert len(short) <= length
    assert (short == text) == (len(text) <= length) or text.startswith(short.removesuffix("…"))
