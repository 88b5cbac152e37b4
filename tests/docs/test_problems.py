"""docs/problems.md against the table of problems."""

import re

import click

from newsfeed.cli.output.problems import text_block
from newsfeed.cli.output.voice import Voice
from newsfeed.problems import PROBLEM_KINDS, add_excerpts, manual
from newsfeed.testing import an_item, load_files
from tests.docs.pages import fences, read, sections


def test_the_manual_is_current() -> None:
    """When this fails: python -m newsfeed.problems.manual > docs/problems.md."""
    assert read("docs/problems.md") == manual.render_manual(PROBLEM_KINDS)


def test_every_problem_has_an_entry_in_the_order_of_the_table() -> None:
    """An entry is found by its code."""
    assert re.findall(r"^### (.+)$", read("docs/problems.md"), re.MULTILINE) == list(PROBLEM_KINDS)


def test_the_manual_is_grouped_as_the_table_is() -> None:
    """The comments in the table, each with the code that follows it, are the headings."""
    found = re.findall(
        r'^    # (.+)\n    "([a-z0-9-]+)": ProblemKind', read("newsfeed/problems/kinds.py"), re.MULTILINE
    )
    assert [(heading.capitalize(), code) for heading, code in found] == list(manual.GROUPS)
    assert list(sections(read("docs/problems.md"))) == [heading for heading, _ in manual.GROUPS]


def test_every_entry_says_how_bad_what_to_do_and_why() -> None:
    """Severity, message, hint and reason."""
    text = read("docs/problems.md")
    for code, kind in PROBLEM_KINDS.items():
        assert f"{kind.severity.value}: {kind.message} [{code}]\n    {kind.hint}\n```\n\n{kind.why}\n" in text


def test_the_example_is_what_a_terminal_shows() -> None:
    """The first block of the page is the report of such a file."""
    text = an_item(date="2010-02-04", id="solar", authors="Ada Example", countries="KZ", topics="[watter]")
    found = load_files({"news/2010/solar.en.md": text}).problems
    (shown,) = add_excerpts(found, lambda path: text.encode())
    report = click.unstyle(text_block(shown, Voice()))
    assert fences(read("docs/problems.md"))[0].code == f"{report}\n"
