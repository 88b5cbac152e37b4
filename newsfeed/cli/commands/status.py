"""``newsfeed status``: how texts stand, what is published, what waits, and what comes next."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from newsfeed.cli.context import DEFAULT_OUTPUT
from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import json_option, now_option, output_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext

DONE, WANTS_A_PERSON, TROUBLE = 0, 1, 3


@click.command(
    cls=TranslatedCommand,
    help=N_("Say how texts, translations and builds stand, which mails wait and why, and what comes next."),
)
@output_option(N_("The published site, whose build makes this quick."), default=DEFAULT_OUTPUT)
@now_option(N_("Look as of this moment (ISO 8601)."))
@json_option(N_("Print the summary as JSON."))
@click.pass_obj
def status(context: CommandContext, output: str | None, now: datetime | None, as_json: bool) -> int:
    """Run ``newsfeed status``."""
    from newsfeed.app.status import read_status
    from newsfeed.cli.output.status import status_summary
    from newsfeed.cli.output.terminal import print_result

    moment = context.now(now)
    found = read_status(context.root, context.output(output), moment, os.environ)
    print_result(*status_summary(found, moment, user_voice()), as_json=as_json)
    stopped = any(one.wants_a_person for one in found.receivers)
    has_errors = found.desk.texts is not None and found.desk.texts.errors
    if found.published.refused_at or found.waiting.undecided or stopped or has_errors:
        return WANTS_A_PERSON
    is_well = found.fleet.is_well and all(one.is_well for one in found.services)
    return DONE if is_well and not any(one.given_up for one in found.commit_statuses) else TROUBLE
