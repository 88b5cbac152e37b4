"""``newsfeed preview``: read its options, and show what is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import NumberParam, now_option
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext


@click.command(
    cls=TranslatedCommand,
    help=N_("Show the site with drafts and stories to come in a browser, and again after every save."),
)
@click.option(
    "--port",
    type=NumberParam(0, 65535),
    default=0,
    help=N_("Listen on this port; 0 takes a free one."),
)
@now_option(N_("Look at the site as of this moment (ISO 8601) instead of the clock's."))
@click.option("--no-open", is_flag=True, help=N_("Do not open the browser."))
@click.pass_obj
def preview(context: CommandContext, port: int, now: datetime | None, no_open: bool) -> None:
    """Run ``newsfeed preview``."""
    from newsfeed.cli.live_preview import PreviewOptions, preview_site

    preview_site(context, PreviewOptions(port=port, now=now, opens=not no_open))
