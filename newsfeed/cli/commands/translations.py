"""``newsfeed translations``: which texts wait for a translation, and which translations are behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand, TranslatedGroup
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.cli.context import CommandContext


@click.group(
    cls=TranslatedGroup,
    help=N_("Show which texts wait for a translation, and which translations are behind their originals."),
)
def translations() -> None:
    """Run ``newsfeed translations``."""


@translations.command(
    "accept",
    cls=TranslatedCommand,
    help=N_("Note that the translation of ITEM into LANGUAGE says what the original says now.")
    + "\n\n"
    + N_("ITEM is the id of a text, or one of its files."),
)
@click.argument("item", metavar=N_("ITEM"))
@click.argument("lang", metavar=N_("LANGUAGE"))
@click.pass_obj
def accept(context: CommandContext, item: str, lang: str) -> None:
    """Run ``newsfeed translations accept``."""
    from newsfeed.app.writing import open_writing
    from newsfeed.cli.output.voice import user_voice
    from newsfeed.cli.output.writing import print_accepted

    writing = open_writing(context.root)
    print_accepted(writing.accept_translation(item, writing.check_language(lang)), user_voice())
