"""What every audience promises, the twin included."""

from pathlib import Path

import pytest

from newsfeed.model import Reader
from newsfeed.ports import Audience
from newsfeed.problems import Location, problem
from newsfeed.stores.csv_audience import CsvAudience, make_reader_key
from newsfeed.testing import MemoryAudience, settings_from

LANGUAGES = settings_from().languages
ROWS = {
    "ann@readers.example": ("Ann", "en"),
    "jan@readers.example": ("", "nl"),
    "zoe@readers.example": ("Zoë", "fr"),
}
READERS = [
    Reader(address, name, LANGUAGES[lang].chain, make_reader_key(address))
    for address, (name, lang) in ROWS.items()
]
WRONG_LINE = len(ROWS) + 2


@pytest.fixture(params=["csv", "memory"])
def audience(request: pytest.FixtureRequest, tmp_path: Path) -> Audience:
    """The same three readers and one wrong line, in each kind of audience."""
    if request.param == "memory":
        return MemoryAudience(READERS, [problem("audience-address", Location("staff.csv", WRONG_LINE))])
    rows = [f"{address},{name},{lang}" for address, (name, lang) in ROWS.items()]
    (tmp_path / "staff.csv").write_text("\n".join(["email,name,language", *rows, "nobody,,en", ""]))
    return CsvAudience(tmp_path, "staff.csv", LANGUAGES)


def test_readers_come_in_a_stable_order(audience: Audience) -> None:
    """Asked twice, the answer is the same."""
    assert list(audience.readers()[0]) == READERS
    assert list(audience.readers()[0]) == READERS


def test_what_is_wrong_is_told_beside_the_readers(audience: Audience) -> None:
    """Problems are values with a place; they are not raised."""
    _, problems = audience.readers()
    assert [(found.code, found.where) for found in problems] == [
        ("audience-address", Location("staff.csv", WRONG_LINE))
    ]


def test_every_reader_can_be_written_to(audience: Audience) -> None:
    """One address in ASCII, a key of their own, and at least one language that has an edition."""
    readers, _ = audience.readers()
    for one in readers:
        assert one.address.isascii()
        assert one.address.count("@") == 1
        assert set(one.chain) <= set(LANGUAGES)
        assert one.chain
        assert one.address not in one.key
    assert len({one.key for one in readers}) == len(readers)


def test_an_audience_of_nobody_is_no_problem(tmp_path: Path) -> None:
    """An empty file and an empty twin say the same: no readers, nothing wrong."""
    (tmp_path / "staff.csv").write_text("email,name,language\n")
    for empty in (CsvAudience(tmp_path, "staff.csv", LANGUAGES), MemoryAudience([])):
        readers, problems = empty.readers()
        assert (list(readers), list(problems)) == ([], [])
