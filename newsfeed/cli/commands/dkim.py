"""``newsfeed dkim``: make the keys that sign mails, and say what belongs into DNS."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import json_option, now_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext


@click.command(
    cls=TranslatedCommand,
    help=N_("Make the keys that sign mails, once, and print their records for DNS and the configuration.")
    + "\n\n"
    + N_("Keys that config.toml has are only shown. With --selector new ones are made, to take their place."),
)
@click.option(
    "--domain", default="", metavar="NAME", help=N_("Sign for this domain instead of that of [mail] from.")
)
@click.option(
    "--selector", default="", metavar="NAME", help=N_("Name the keys so instead of news and the year.")
)
@now_option(N_("Take the year of this moment (ISO 8601)."))
@json_option(N_("Print the records as JSON, each in one piece."))
@click.pass_obj
def dkim(context: CommandContext, domain: str, selector: str, now: datetime | None, as_json: bool) -> None:
    """Run ``newsfeed dkim``."""
    from newsfeed.app.dkim_keys import provide_keys
    from newsfeed.cli.output.dkim import dkim_summary
    from newsfeed.cli.output.terminal import print_result

    keys = provide_keys(context.root, domain, selector, context.now(now), os.environ)
    print_result(*dkim_summary(keys, user_voice()), as_json=as_json)
