"""The table of commands."""

import click
import pytest

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
