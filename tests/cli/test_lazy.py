"""Commands that are imported when they are called."""

import sys
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from newsfeed.cli.lazy import LazyGroup


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> LazyGroup:
    """A group of two commands; the module of one can be imported, that of the other cannot."""
    module = ModuleType("somewhere_else")
    module.greet = click.Command("greet", callback=lambda: click.echo("hello"), help="Say hello.")
    monkeypatch.setitem(sys.modules, "somewhere_else", module)
    lazy = {
        "greet": ("somewhere_else:greet", "Say hello."),
        "broken": ("nowhere_at_all:x", "Cannot be imported."),
    }
    return LazyGroup("group", lazy_commands=lazy)


def test_help_lists_commands_without_importing_them(group: LazyGroup) -> None:
    """With the first sentence of their help."""
    shown = CliRunner().invoke(group, ["--help"], catch_exceptions=False).output
    assert shown.splitlines()[-2:] == ["  broken  Cannot be imported.", "  greet   Say hello."]


def test_a_command_is_imported_when_it_is_called(group: LazyGroup) -> None:
    """Once."""
    for _ in range(2):
        assert CliRunner().invoke(group, ["greet"], catch_exceptions=False).output == "hello\n"
    with pytest.raises(ModuleNotFoundError, match="nowhere_at_all"):
        CliRunner().invoke(group, ["broken"], catch_exceptions=False)


def test_a_mistyped_name_gets_a_suggestion(group: LazyGroup) -> None:
    """From all commands, imported or not."""
    done = CliRunner().invoke(group, ["gret"])
    assert done.exit_code == 2
    assert "Did you mean 'greet'?" in done.output
