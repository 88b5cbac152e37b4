"""Commands that are imported when they are called: help lists them without."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from newsfeed.cli.help import TranslatedCommand, TranslatedGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

    import click
    from click.shell_completion import CompletionItem


class LazyGroup(TranslatedGroup):
    """A group of commands that stand in modules of their own.

    ``lazy_commands``: name → where the command is (``module:attribute``), and the first sentence of its
    help, which the group's own help shows without importing the module.
    """

    def __init__(self, *args: Any, lazy_commands: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sources = {name: source for name, (source, _) in lazy_commands.items()}
        for name, (_, sentence) in lazy_commands.items():
            self.add_command(TranslatedCommand(name, help=sentence))  # stands in until it is imported

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command, if that has not happened yet."""
        source = self._sources.pop(cmd_name, None)
        if source is not None:
            module, _, attribute = source.partition(":")
            self.add_command(getattr(import_module(module), attribute), cmd_name)
        return super().get_command(ctx, cmd_name)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return what may stand here, as click does, but without importing the commands."""
        from click.shell_completion import CompletionItem

        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        commands = [CompletionItem(name, help=self.commands[name].get_short_help_str()) for name in names]
        return [*commands, *TranslatedCommand.shell_complete(self, ctx, incomplete)]
