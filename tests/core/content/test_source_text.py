"""Bytes as an editor's text: encodings, line ends, and what XML forbids."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsfeed.core.content.source_text import (
    FORBIDDEN_CHARACTERS,
    SourceText,
    decode_checked,
    decode_source,
    is_clean,
    join_lines,
    name_code_point,
)
from newsfeed.problems import Location
from tests.core.told import params, told
from tests.examples import examples


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"a\nb", "a\nb"),
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"a\rb\r", "a\nb\n"),
        (b"a\r\n\rb", "a\n\nb"),
        ("ünï 日本 🦀".encode(), "ünï 日本 🦀"),
        (b"\tx\xc2\x85y\xe2\x80\xa8z", "\tx\x85y\u2028z"),
    ],
)
def test_text_is_utf8_with_line_feeds(data, text):
    """Any line ends are read; tabs and typographic spaces are text."""
    source, problems = decode_source("a.en.md", data)
    assert source is not None
    assert source.text == text
    assert problems == []


def test_a_byte_order_mark_is_forgiven_once():
    """A warning, and the text without it; a second one is a character like others."""
    source, problems = decode_source("a.en.md", b"\xef\xbb\xbf\xef\xbb\xbfa")
    assert source is not None
    assert source.text == "\ufeffa"
    assert told(problems) == ["bom 1:1"]


@pytest.mark.parametrize(
    ("data", "place", "byte"),
    [
        (b"\xff\xfet\x00", "1:1", "0xFF"),
        (b"\xfe\xff\x00t", "1:1", "0xFE"),
        (b"abc\nd\xe9f", "2:2", "0xE9"),
        ("日本".encode() + b"\xff", "1:3", "0xFF"),
        (b"a\n\nb\n\x80", "4:1", "0x80"),
        (b"caf\xc3", "1:4", "0xC3"),
        (b"\xed\xa0\x80", "1:1", "0xED"),
        (b"\xc0\xaf", "1:1", "0xC0"),
        (b"\xf4\x90\x80\x80", "1:1", "0xF4"),
        (b"\xef\xbb\xbfa\x93b\x94", "1:2", "0x93"),
    ],
)
def test_other_encodings_are_told_at_their_first_byte(data, place, byte):
    """Line and column of the byte, which has no character; surrogates and overlong forms are no UTF-8."""
    source, problems = decode_source("a.en.md", data)
    assert source is None
    assert told(problems)[-1] == f"not-utf8 {place}"
    assert params(problems[-1]) == {"byte": byte}


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x0e", "\x1b", "\x1f", "\x7f", "\x80", "\x84", "\x86", "\x9f", "\ufffe", "\uffff"],
)  # fmt: skip
def test_characters_that_feeds_cannot_hold_are_told(character):
    """Control characters and the two non-characters that XML excludes."""
    source, problems = decode_source("a.en.md", f"ab\ncd{character}e".encode())
    assert source is not None
    assert told(problems) == ["control-character 2:3"]
    assert params(problems[0]) == {"character": f"U+{ord(character):04X}"}


def test_a_file_that_is_no_text_is_told_at_once_and_not_character_by_character():
    """UTF-16 without a mark is half zeros: twenty are enough to see it, and a megabyte takes no time."""
    started = time.process_time()
    _, problems = decode_source("a.en.md", "text".encode("utf-16-le") * 125_000)
    assert time.process_time() - started < 1
    assert told(problems) == [f"control-character 1:{2 * number}" for number in range(1, 21)]


@pytest.mark.parametrize(
    ("offset", "place"), [(0, (1, 1)), (1, (1, 2)), (2, (1, 3)), (3, (2, 1)), (4, (3, 1)), (6, (3, 3))]
)
def test_an_offset_is_a_line_and_a_column(offset, place):
    """The line feed itself ends its line."""
    where = SourceText("a.en.md", "ab\n\ncd").at_offset(offset)
    assert where == Location("a.en.md", *place)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a b", "a b"),
        ("  a\n\n b\t c ", "a b c"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("10\u00a0%", "10\u00a0%"),
        ("10\u202f%", "10\u202f%"),
        ("\n", ""),
    ],
)
def test_one_line_keeps_no_break_spaces(text, line):
    """Breaks and runs of spaces become one space; what typographers put there stays."""
    assert join_lines(text) == line


def test_invisible_characters_have_a_name():
    """As people look them up."""
    assert [name_code_point(one) for one in "\x0b\ufffe\U0001f980"] == ["U+000B", "U+FFFE", "U+1F980"]


@given(st.binary(max_size=200))
@settings(max_examples=examples(200), deadline=None)
def test_any_bytes_are_text_or_a_problem(data):
    """A text never holds a carriage return, and every place is inside it."""
    source, problems = decode_source("a.en.md", data)
    if source is None:
        assert told(problems)[-1].startswith("not-utf8 ")
    else:
        lines = source.text.split("\n")
        assert "\r" not in source.text
        for one in problems:
            assert one.code == "bom" or lines[one.where.line - 1][one.where.column - 1]


@given(st.binary(max_size=60), st.booleans())
@settings(max_examples=examples(200), deadline=None)
def test_a_text_is_read_again_as_it_was_read(data, has_mark):
    """Only faster, because nothing is looked for in it."""
    whole = b"\xef\xbb\xbf" * has_mark + data
    source, _ = decode_source("a.en.md", whole)
    if source is not None:
        assert decode_checked("a.en.md", whole).text == source.text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
@example("".join(map(chr, range(32))))
@example("\x7f")
@example("\x80")
@example("\x84\x85\x86")
@example("\x85")
@example("\x9f")
@example("\xa0\u0800\ufffd")
@example("\ufffe")
@example("\U0001f980\uffff")
@example("\U0001fffe")
@settings(max_examples=examples(200), deadline=None)
def test_bytes_tell_whether_a_text_is_clean(text):
    """Exactly as its characters do."""
    for one in (text, *text):
        assert is_clean(one, one.encode()) == (FORBIDDEN_CHARACTERS.search(one) is None)


@given(
    st.text(alphabet=st.one_of(st.sampled_from("a \t\r\n\x85\u2028\xa0\u200d"), st.characters()), max_size=20)
)
@settings(max_examples=examples(200), deadline=None)
def test_one_line_has_single_spaces(text):
    """Every run of white space that is no typography becomes one."""
    assert join_lines(text) == re.sub("[ \t\r\n\x85\u2028\u2029]+", " ", text).strip()
