"""The table of commands."""

import click
import pytest
from click.testing import CliRunner

from newsfeed.cli.root import COMMANDS, newsfeed


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_command_says_itself(name: str) -> None:
    """The first sentence of its help stands in the table too, which is shown without importing it."""
    command = newsfeed.get_command(click.Context(newsfeed), name)
    assert command is not None
    assert command.name == name
    assert click.Command(name, help=COMMANDS[name][1]).get_short_help_str(200) == command.get_short_help_str(
        200
    )


def test_no_sentence_of_a_list_of_commands_is_cut_off() -> None:
    """In a terminal of 80 columns it goes on in the next line; groups below do the same."""
    for words in ([], ["subscribers"]):
        shown = CliRunner().invoke(newsfeed, [*words, "--help"], terminal_width=80, env={"LC_ALL": "C.UTF-8"})
        assert "..." not in shown.output
        assert max(map(len, shown.output.splitlines())) <= 80
    said = " ".join(CliRunner().invoke(newsfeed, ["--help"], terminal_width=80).output.split())
    assert "Read everything and print every problem with file, line, column and hint." in said
