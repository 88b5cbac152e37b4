"""Values put where marks were, as lxml writes them there."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from newsfeed.render.feeds._mould import Mould, marks

valid = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1
) | st.sampled_from(("\r\n\t", "]]>", "&amp;", "100 % %b", "\"'<>"))


def element(text: str, attribute: str) -> bytes:
    """Both kinds of value, and a text that looks like a pattern."""
    root = etree.Element("r")
    etree.SubElement(root, "a", href=attribute).text = text
    etree.SubElement(root, "b").text = "50 % %b"
    return etree.tostring(root, encoding="UTF-8", pretty_print=True)


@given(text=valid, attribute=valid)
def test_a_cast_is_what_lxml_writes(text: str, attribute: str) -> None:
    """Escaped as text or as attribute."""
    names = list(islice(marks(), 2))
    mould = Mould.of(element(*names), names)
    assert mould.cast([text, attribute]) == element(text, attribute)


@pytest.mark.parametrize("value", ["\x00", "\x0b", "\ud800"])
def test_what_no_xml_may_hold_is_refused(value: str) -> None:
    """As lxml refuses it, wherever it stands."""
    mould = Mould.of(element("mark-1", "mark-2"), ["mark-1", "mark-2"])
    for values in ([value, "x"], ["x", value]):
        with pytest.raises(ValueError, match=r"XML compatible|surrogates"):
            mould.cast(values)


def test_every_character_is_written_and_refused_as_lxml_does() -> None:
    """All of the first plane, and the edges of the others."""
    names = list(islice(marks(), 2))
    mould = Mould.of(element(*names), names)
    for number in (*range(0x10000), 0x10000, 0x1FFFE, 0x1FFFF, 0x10FFFF):
        text = f"a{chr(number)}b"
        try:
            wanted = element(text, text)
        except ValueError:
            with pytest.raises(ValueError, match=r"XML compatible|surrogates"):
                mould.cast([text, text])
        else:
            assert mould.cast([text, text]) == wanted


@pytest.mark.parametrize("made", [b"<a>mark, and more</a>", b"<a>see mark</a>", b"<a b='mark'/>"])
def test_a_value_must_stand_alone(made: bytes) -> None:
    """Else it could not be known how to escape it."""
    with pytest.raises(ValueError, match="another way"):
        Mould.of(made, ["mark"])
