"""Texts in full: kept as they were read, or made again from their files."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.core.content.parse import compute_fingerprint
from newsfeed.errors import SiteChangedError
from newsfeed.render import bodies, markdown
from newsfeed.testing import an_item
from newsfeed.views import TextReference
from tests.core.sketches import looks
from tests.examples import examples

WORDS = looks()[0]["de"]
TEXT = "# Head\n\n[a](b) ![c](d) e[^1]\n\n[^1]: f\n"


def test_a_text_read_again_is_what_was_kept():
    """With the words of its own language."""
    data = an_item(TEXT).encode()
    again = bodies.read_again(data, TextReference("news/a.de.md", compute_fingerprint(data), "de"), WORDS)
    kept = bodies.with_link_slots(markdown.read(TEXT)[1], WORDS)
    assert again == kept == bodies.unpacked(bodies.packed(kept))
    assert "Zurück zum Text, Anmerkung 1" in again[-1]


def test_another_text_is_not_shown():
    """What is published is what was checked."""
    body = TextReference("news/a.de.md", compute_fingerprint(b"other"), "de")
    with pytest.raises(SiteChangedError, match=r"news/a\.de\.md changed"):
        bodies.read_again(an_item(TEXT).encode(), body, WORDS)


@given(st.lists(st.sampled_from(["<div>&#0;</div>\n", "&#0;", "\0", "<b>&#x0;", "[a](&#0;)", "\n\n"])))
@settings(max_examples=examples(100), deadline=None)
def test_no_text_has_the_sign_of_a_gap(parts):
    """Whatever its author tries."""
    text = bodies.with_link_slots(markdown.read("".join(parts))[1], WORDS)
    assert bodies.unpacked(bodies.packed(text)) == text
