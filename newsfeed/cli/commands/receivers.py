"""``newsfeed receivers``: how much the servers of which receivers get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import json_option, now_option
from newsfeed.cli.output.receivers import print_groups
from newsfeed.cli.output.terminal import print_sentence
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext

DONE, WANTS_A_PERSON = 0, 1


@click.command(
    cls=TranslatedCommand,
    help=N_("Show the groups of receivers that readers belong to, how much each gets, and which are paused."),
)
@click.option(
    "--resume", metavar="GROUP", default="", help=N_("End the pause of this group, and begin slowly.")
)
@now_option(N_("Look as of this moment (ISO 8601)."))
@json_option(N_("Print as JSON."))
@click.pass_obj
def receivers(context: CommandContext, resume: str, now: datetime | None, as_json: bool) -> int:
    """Run ``newsfeed receivers``."""
    from newsfeed.app.receivers import limits_receivers, read_groups, resume_group

    moment = context.now(now)
    with context.open_delivery() as delivery:
        if resume:
            resume_group(delivery.store, resume, moment)
        groups = read_groups(delivery.settings, delivery.store, moment)
    if resume:
        print_sentence(N_("{name} is sent to again"), user_voice(), name=resume)
        return DONE
    settings = delivery.settings
    print_groups(
        groups,
        settings.site.timezone,
        moment,
        user_voice(),
        is_direct=limits_receivers(settings),
        as_json=as_json,
    )
    return WANTS_A_PERSON if any(one.wants_a_person for one in groups) else DONE
