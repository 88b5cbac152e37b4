"""`newsfeed.mail.personalise`: personal addresses in a frozen body."""

import quopri
from email.quoprimime import body_encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.mail.personalise import CHOICES_MARKER, MARKER, split_at_markers

TOKEN = "Ab-_" + "x" * 18
chunks = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=120)
letters = st.text("ABCabc019-_", min_size=22, max_size=22)


def _encoded(text):
    return body_encode(text.encode().decode("latin-1"), maxlinelen=76, eol="\r\n").encode("ascii")


def _lengths(data):
    return [len(line) for line in data.split(b"\r\n")]


@pytest.mark.parametrize("column", range(160))
def test_a_marker_broken_at_any_column_is_found_and_filled(column):
    """Lines keep their lengths: what was fit for a relay stays so."""
    text = "x" * column + MARKER + " and more\n"
    body = _encoded(text)
    filled = split_at_markers(body).fill(TOKEN)
    assert quopri.decodestring(filled).decode().replace("\r\n", "\n") == text.replace(MARKER, TOKEN)
    assert _lengths(filled) == _lengths(body)


@given(st.lists(chunks, min_size=1, max_size=5), letters)
def test_whatever_stands_around_it_the_text_is_the_one_with_the_token(pieces, token):
    """Any text of any language, any number of places."""
    text = MARKER.join(pieces)
    body = _encoded(text)
    filled = split_at_markers(body).fill(token)
    assert quopri.decodestring(filled).decode() == token.join(pieces)
    assert _lengths(filled) == _lengths(body)


def test_a_body_without_markers_stays_as_it_is():
    """Sites without one-click pages have none."""
    assert split_at_markers(b"Text =C3=A4\r\n").fill(TOKEN) == b"Text =C3=A4\r\n"


@pytest.mark.parametrize("token", ["", "x" * 21, "x" * 23])
def test_a_token_of_another_length_is_refused(token):
    """It would move the columns."""
    with pytest.raises(ValueError, match="22"):
        split_at_markers(b"").fill(token)


def test_two_links_get_two_tokens() -> None:
    """The one to leave and the one to choose, each its own; and no body goes out with a marker."""
    body = f"{MARKER} a {CHOICES_MARKER[:9]}=\r\n{CHOICES_MARKER[9:]} b {MARKER}".encode()
    choices = TOKEN[::-1]
    filled = split_at_markers(body).fill(TOKEN, choices)
    assert filled == f"{TOKEN} a {choices[:9]}=\r\n{choices[9:]} b {TOKEN}".encode()
    with pytest.raises(ValueError, match="22"):
        split_at_markers(body).fill(TOKEN)
