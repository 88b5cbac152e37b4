"""Real texts of the demo site, changed as editors, programs and scripts change files."""

import re
import unicodedata
from pathlib import Path

import pytest

from newsfeed.core.content.source_units import read_units

NEWS = Path(__file__).parents[3] / "news"
ORIGINALS = sorted(NEWS.rglob("*.md"))
SWEEPS = {
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "letters taken apart": lambda text: unicodedata.normalize("NFD", text),
    "a comment in the head": lambda text: text.replace("---\n", "---\n# sorted by a script\n", 1),
    "a key at the end of the head": lambda text: text.replace("\n---\n", "\norder: 3\n---\n", 1),
    "blanks at the ends of lines": lambda text: re.sub(r"(?<=[a-z.,])$", "   ", text, flags=re.MULTILINE),
    "a blank line more between paragraphs": lambda text: text.replace("\n\n", "\n\n\n"),
    "other targets of links": lambda text: re.sub(r"\]\([^()\s]+\)", "](../2031/elsewhere.md)", text),
    "quotes of a typewriter": lambda text: re.sub("[“”„]", '"', text).replace("’", "'"),
}  # fmt: skip


def noted(text: str) -> str:
    """What a translation would note of an original."""
    units = read_units(text.encode())
    assert units is not None
    return units.source


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_over_all_files_gives_no_alarm(name: str) -> None:
    """Front matter, typography, white space: nothing of it has to be translated anew."""
    assert len(ORIGINALS) > 5
    body = [(path, path.read_text("utf-8")) for path in ORIGINALS]
    assert [path.name for path, text in body if noted(SWEEPS[name](text)) != noted(text)] == []


@pytest.mark.parametrize("path", ORIGINALS[::2], ids=lambda path: path.name)
def test_every_word_that_is_another_one_is_found(path: Path) -> None:
    """Each word of the title and the text in turn: by another word, by none, by a number."""
    text = path.read_text("utf-8")
    before, end = noted(text), text.index("\n---\n", 4)
    plain = re.sub(r"\]\([^()]*\)|<[^<>]*>|https?://\S+", lambda found: "\0" * len(found[0]), text)
    words = [found for found in re.finditer(r"[^\W\d_]{3,}", plain) if found.start() > end + 4]
    assert len(words) > 20
    missed = [
        (found[0], other)
        for found in words
        for other in ("instead", "", "17")
        if noted(f"{text[: found.start()]}{other}{text[found.end() :]}") == before
    ]
    assert missed == []
