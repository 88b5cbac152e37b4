"""Links with blanks in them, to files that are there and to others."""

import pytest

from newsfeed.problems.kinds import Severity
from newsfeed.testing import an_item, load_files

FILES = {
    "news/2026/my plan (1).pdf": b"%PDF-1.4 x",
    "news/2026/my plan.pdf": b"%PDF-1.4 x",
    "news/2026/the sun.en.md": an_item(id="sun"),
}


@pytest.mark.parametrize(
    ("link", "example", "severity"),
    [
        ("[x](my plan.pdf)", "[x](my%20plan.pdf)", Severity.WARNING),
        ("[x](../2026/my plan (1).pdf)", "[x](<../2026/my plan (1).pdf>)", Severity.WARNING),
        ("[x](the sun.en.md)", "[x](the%20sun.en.md)", Severity.WARNING),
        ("[x](the sun)", "[x](the%20sun)", Severity.WARNING),
        ("[x](the sun#end)", "[x](the%20sun#end)", Severity.WARNING),
        ("[x](my other plan.pdf)", "[x](my%20other%20plan.pdf)", Severity.ADVICE),
    ],
)
def test_a_file_that_is_there_makes_it_a_mistake(link: str, example: str, severity: Severity) -> None:
    """With the line that works; else it is a guess."""
    body = f"Text {link}.\n"
    (found,) = load_files({**FILES, "news/2026/a.en.md": an_item(body, id="a")}).problems
    assert (found.code, found.where.line, found.where.column) == ("link-unseen", 6, 6)
    assert (dict(found.params)["example"], found.severity) == (example, severity)
    mended = load_files({**FILES, "news/2026/a.en.md": an_item(f"Text {example}.\n", id="a")})
    assert [one.code for one in mended.problems] == ["link-broken"] * (severity == Severity.ADVICE)


def test_words_in_parentheses_that_name_no_file_are_left_alone() -> None:
    """As in a note after brackets."""
    loaded = load_files({**FILES, "news/2026/a.en.md": an_item("As [he](said it in May) wrote.\n", id="a")})
    assert not loaded.problems
