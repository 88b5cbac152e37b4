"""``newsfeed move-out``: leave with everything, as files that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import json_option, now_option
from newsfeed.cli.output.moving import print_move_out
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext


@click.command(
    cls=TranslatedCommand,
    help=N_("Write the whole site into DIR as files for Hugo, an export for WordPress, and a table."),
)
@click.argument("folder", metavar="DIR")
@click.option(
    "--people",
    default="",
    metavar="FILE",
    help=N_("Write all readers to FILE, too, which only you can read; without it no address leaves."),
)
@now_option(N_("Look at the site as of this moment (ISO 8601)."))
@json_option(N_("Print the sums as JSON."))
@click.pass_obj
def move_out(
    context: CommandContext, folder: str, people: str, now: datetime | None, *, as_json: bool
) -> None:
    """Run ``newsfeed move-out``."""
    from newsfeed.app.moving_out import move_readers_out, move_site_out

    moved = move_site_out(context.root, Path(folder), context.now(now))
    readers = 0
    if people:
        with context.open_delivery() as delivery:
            readers = move_readers_out(delivery, Path(people))
    print_move_out(folder, moved.files, people, readers, user_voice(), as_json=as_json)
