"""docs/cli.md against the commands there are."""

import re
from collections.abc import Iterator

import click
import pytest

from newsfeed.cli.root import newsfeed
from tests.docs.pages import code_of, read, rows, sections, words

HELP = {"-h", "--help"}


def name_of(name: str, command: click.Command) -> str:
    """A command as its section is called: with its arguments."""
    arguments = [
        param.make_metavar(click.Context(command))
        for param in command.params
        if isinstance(param, click.Argument)
    ]
    return " ".join(["newsfeed", *([name] if name else []), *arguments])


def walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command, and those below it, by the words one types."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            below = command.get_command(context, word)
            assert below is not None
            yield from walk(f"{name} {word}".strip(), below)


COMMANDS = {name_of(name, command): command for name, command in walk("", newsfeed)}


def options_of(command: click.Command) -> list[click.Option]:
    """The options of a command, without ``--help``."""
    return [param for param in command.params if isinstance(param, click.Option)]


def test_every_command_has_a_section_and_no_other() -> None:
    """A command that is added, renamed or gone is found."""
    assert set(sections(read("docs/cli.md"))) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_says_what_the_help_says(name: str) -> None:
    """The help of the command and of all its options stands in its section."""
    section = words(sections(read("docs/cli.md"))[name])
    helps = [COMMANDS[name].help or "", *(one.help or "" for one in options_of(COMMANDS[name]))]
    assert all(helps)
    assert [text for text in helps if words(text) not in section] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_section_lists_the_options_there_are_and_no_other(name: str) -> None:
    """Every spelling of every option, in both directions."""
    cells = [code for row in rows(sections(read("docs/cli.md"))[name]) for code in code_of(row[0])]
    listed = {code.split()[0] for code in cells}
    there = {spelling for option in options_of(COMMANDS[name]) for spelling in option.opts}
    assert listed - HELP == there


@pytest.mark.parametrize("name", COMMANDS)
def test_choices_and_defaults_are_named(name: str) -> None:
    """What an option takes, and what it takes when it is not given."""
    section = sections(read("docs/cli.md"))[name]
    for option in options_of(COMMANDS[name]):
        if isinstance(option.type, click.Choice):
            assert "[" + r"\|".join(option.type.choices) + "]" in section
        if option.show_default:
            default = option.show_default if isinstance(option.show_default, str) else option.default
            assert re.search(rf"Default: `?{default}\b", section)
