"""A checkup on a terminal."""

import click
import pytest

from newsfeed.cli.output.doctor import checkup_summary
from newsfeed.cli.output.voice import Voice
from newsfeed.core.checkup.finding import Finding, good, not_known, problem_found


def shown(*found: Finding) -> list[str]:
    """The lines for people, without colours."""
    return [click.unstyle(line) for line in checkup_summary(found, Voice())[1]]


def test_what_is_well_is_one_line() -> None:
    """With the name of its check."""
    assert shown(good("spf", "all is well"))[0] == "✓ spf           all is well"


def test_why_a_check_matters_is_said_once_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what to do, of every finding."""
    monkeypatch.setenv("COLUMNS", "80")
    lines = shown(
        problem_found("disk", "first", "do a"),
        problem_found("disk", "second", "do b"),
        not_known("spf", "who knows"),
    )
    assert [line.strip() for line in lines] == [
        "✗ disk          first",
        "On a full disk nothing is published, and no outcome of a mail",
        "can be written down.",
        "→ do a",
        "✗ disk          second",
        "→ do b",
        "– spf           who knows",
        "",
        "0 good, 0 could be better, 2 to mend, 1 not checked",
    ]


@pytest.mark.parametrize("columns", ["20", "60", "80", "200"])
def test_names_are_never_broken_and_lines_fit(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """Who copies a name gets all of it."""
    monkeypatch.setenv("COLUMNS", columns)
    name = "news2026-rsa._domainkey.wecf-news.test"
    lines = shown(
        good(
            "dkim",
            f"there is a DKIM key that signs and that everybody can look at with any program at {name}",
        )
    )
    assert any(name in line for line in lines)
    assert all(len(line) <= max(int(columns), 56) for line in lines if name not in line)


def test_what_is_to_be_copied_stands_alone() -> None:
    """Without a mark, and without what could harm a terminal."""
    lines = shown(problem_found("rights", "open", "run this:", ("chmod 700 var\x1b[2J",)))
    assert "    chmod 700 var�[2J" in lines
