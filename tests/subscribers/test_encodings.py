"""In which encoding a table is, and what is asked when nobody can tell."""

import io

import pytest

from newsfeed.subscribers.encodings import find_encoding

HEAD = "email,name,language\n"


def _find(text, encoding):
    return find_encoding(io.BytesIO((HEAD + text).encode(encoding)))


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("latin-1", "cp1252"),
    ],
)
def test_encodings_that_can_be_told_are_told(encoding, found):
    """Umlauts are the same letters in every Western code page, and letters in no other."""
    assert _find("a@test.example,Jörg Müller aus Köln,de\n", encoding).name == found


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1250", "Łukasz Żółć"),
        ("cp1252", "Hélène"),
        ("mac_roman", "Zoë Müller"),
        ("cp1251", "Анна Иванова"),
        ("cp1253", "Μαρία"),
        ("cp850", "Jörg"),
    ],
)
def test_a_code_page_that_changes_letters_is_asked_for(encoding, name):
    """The right reading is among those to choose from."""
    found = _find(f"a@test.example,{name},de\n", encoding)
    assert found.name == ""
    assert any(reading.words in name for reading in found.readings if reading.encoding == encoding)
    assert encoding in [reading.encoding for reading in found.readings]


def test_what_is_no_text_has_no_encoding():
    """Noise, a broken UTF-16, and the own files of spreadsheet programs."""
    for data in (bytes(range(256)) * 10, b"\xff\xfee\x00m"):
        assert find_encoding(io.BytesIO(data)) == ("", (), False)
    assert find_encoding(io.BytesIO(b"PK\x03\x04 and so on")).is_spreadsheet
