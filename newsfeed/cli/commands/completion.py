"""``newsfeed completion``: the script by which a shell completes commands and options."""

from __future__ import annotations

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.marking import N_

SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_NEWSFEED_COMPLETE"


@click.command(
    cls=TranslatedCommand,
    help=N_("Print what lets your shell complete commands and options with the Tab key: bash, zsh or fish."),
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Run ``newsfeed completion``."""
    from click.shell_completion import get_completion_class

    from newsfeed.cli.output.terminal import print_lines

    found = get_completion_class(shell)
    assert found is not None, "click knows these shells"
    print_lines([found(context.find_root().command, {}, "newsfeed", _VARIABLE).source()])
