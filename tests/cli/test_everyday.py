"""What is understood without click is understood as click does."""

from contextlib import suppress
from typing import Any

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.cli import commands, tree
from newsfeed.cli.everyday import Asked, understood

WORDS = ["build", "-C", "-o", "--output", "--now", "--json", "--jobs", "--fresh", "--watch", "-", "--", "-h",
         "--keep-going", "--output=x", "-ox", "x", "y", "", "2", "300", "-1", " 4", "2025-06-01T09:00:00Z",
         "2025-06-01", "check"]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(WORDS), max_size=8), st.booleans())
def test_plain_words_mean_what_click_makes_of_them(words: list[str], starts: bool) -> None:
    """Or are left to click."""
    words = ["build", *words] if starts else words
    asked = understood(words, {})
    if asked is not None:
        assert asked == by_click(words)


@pytest.mark.parametrize(
    "words",
    ["build", "-C x build", "build -o y --now 2025-06-01T09:00Z --jobs 3 --json", "-C x build --output y"],
)
def test_the_everyday_command_is_understood(words: str) -> None:
    """As cron and editors type it."""
    asked = understood(words.split(), {})
    assert asked is not None
    assert asked == by_click(words.split())


@pytest.mark.parametrize(
    "words",
    [
        "",
        "check",
        "build x",
        "build -o",
        "build -o -",
        "-C",
        "build --now x",
        "build --jobs 257",
        "build --watch",
    ],
)
def test_all_else_is_left_to_click(words: str) -> None:
    """It says what is wrong, too."""
    assert understood(words.split(), {}) is None


def test_a_shell_that_completes_words_asks_click() -> None:
    """Whatever stands in the line."""
    assert understood(["build"], {"_NEWSFEED_COMPLETE": "bash_complete"}) is None


def by_click(words: list[str]) -> Asked | None:
    """What click would call the command with."""
    found: list[Asked] = []

    def note(context: Any, output: str | None, now: object, manner: commands.Manner, jobs: int) -> int:
        assert (manner.fresh, manner.keep_going) == (False, False)
        found.append(Asked(str(context.root), output, now, manner.as_json, jobs))
        return 0

    with pytest.MonkeyPatch.context() as patch, suppress(click.ClickException, SystemExit):
        patch.setattr(commands, "build_site", note)
        tree.cli(list(words), standalone_mode=False)
    return found[0] if found else None
