"""docs/crash-matrix.md against the tests it names as proof."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import REPOSITORY, read, rows

PAGE = read("docs/crash-matrix.md")
PLACES = {
    letter: [REPOSITORY / name for name in re.findall(r"`([^`]+)`", names)]
    for letter, names in re.findall(r"\b([A-Z]) = ((?:`[^`]+`(?: and )?)+)", PAGE)
}
"""Letter → the files or folders it stands for."""
PROOFS = [row[-1] for row in rows(PAGE)]
_NAMED = re.compile(r"\b([A-Z])\b(?=[ ,;|:]|$)|`([^`]+)`")


def named(proof: str) -> list[tuple[str, str]]:
    """(letter, words of a name) of a cell; words are empty where a letter stands alone."""
    found: list[tuple[str, str]] = []
    letter = ""
    for one, word in _NAMED.findall(proof):
        if one:
            letter = one
            found.append((one, ""))
        elif re.fullmatch(r"\w+", word):
            found.append((letter, word))
    return found


def names_in(place: Path) -> set[str]:
    """The names of all tests in a file or folder."""
    files = sorted(place.rglob("test_*.py")) if place.is_dir() else [place]
    return {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text("utf-8"))}


def test_letters_stand_for_what_is_there() -> None:
    """Every file and folder of the list."""
    assert set(PLACES) == set("CDELMNPSUW")
    assert [place for places in PLACES.values() for place in places if not place.exists()] == []


@pytest.mark.parametrize("proof", PROOFS)
def test_a_proof_is_a_test_that_exists(proof: str) -> None:
    """A test that is renamed or gone is found; what is not proved says why."""
    found = named(proof)
    if not found:
        assert proof.startswith("not tested: ")
    for letter, word in found:
        names = {name for place in PLACES[letter] for name in names_in(place)}
        assert not word or any(word in name for name in names), f"{letter} {word}"


def test_only_the_bench_is_named_without_words() -> None:
    """Who looks for a proof finds it by its name."""
    alone = {
        letter
        for proof in PROOFS
        for letter, word in named(proof)
        if not word and not any(one == letter and words for one, words in named(proof))
    }
    assert alone <= {"C"}
