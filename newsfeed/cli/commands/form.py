"""``newsfeed form``: the form with which readers subscribe, to paste into other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.cli.context import CommandContext


@click.command(
    cls=TranslatedCommand,
    help=N_("Print the form with which readers subscribe to digest NAME, as HTML to paste into a page."),
)
@click.argument("name")
@click.option("--lang", default="", metavar="CODE", help=N_("The edition whose language it speaks."))
@click.pass_obj
def form(context: CommandContext, name: str, lang: str) -> None:
    """Run ``newsfeed form``."""
    from newsfeed.app.forms import render_form
    from newsfeed.cli.output.terminal import print_lines

    print_lines(render_form(context.root, name, lang).splitlines())
