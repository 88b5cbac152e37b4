"""``newsfeed doctor``: check what sending and publishing depend on."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import NumberParam, json_option, now_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsfeed.cli.context import CommandContext
    from newsfeed.core.checkup.finding import Finding

WELL, ILL = 0, 1


@click.command(
    cls=TranslatedCommand,
    help=N_("Check what sending and publishing depend on: machine, DNS, relay, the site from outside.")
    + "\n\n"
    + N_("Of each fault it says what was seen, why it matters and what to do. It changes nothing."),
)
@click.option("--offline", "is_offline", is_flag=True, help=N_("Look at this machine only; ask nobody."))
@click.option(
    "--dns", "server", default="", metavar="SERVER", help=N_("Ask this name server instead of the system’s.")
)
@click.option(
    "--send-test",
    "address",
    default="",
    metavar="ADDRESS",
    help=N_("Send the next issue here, as a test, find it over IMAP, and only say how it arrived."),
)
@click.option("--digest", default="", metavar="NAME", help=N_("Of this digest instead of the first."))
@click.option(
    "--wait",
    "seconds",
    type=NumberParam(3, 3600),
    default=120,
    metavar="NUMBER",
    show_default=True,
    help=N_("Wait so many seconds for the test to arrive."),
)
@now_option(N_("Judge as of this moment (ISO 8601)."))
@json_option(N_("Print everything that was found as JSON."))
@click.pass_obj
def doctor(context: CommandContext, /, as_json: bool, now: datetime | None, **given: Any) -> int:
    """Run ``newsfeed doctor``."""
    from newsfeed.cli.output.doctor import checkup_summary
    from newsfeed.cli.output.terminal import print_result
    from newsfeed.core.checkup.finding import is_well

    found = _find(context, context.now(now), given)
    print_result(*checkup_summary(found, user_voice()), as_json=as_json)
    return WELL if is_well(found) else ILL


def _find(context: CommandContext, now: datetime, given: Mapping[str, Any]) -> list[Finding]:
    """Return what a checkup finds, or a mail on trial."""
    if given["address"]:
        from newsfeed.app.arrival import TrialOptions, try_mail

        trial = TrialOptions(given["address"], given["digest"], given["seconds"])
        return try_mail(context.root, now, os.environ, trial, time.sleep)
    from newsfeed.app.checkup import CheckupOptions, examine_site

    return examine_site(context.root, now, os.environ, CheckupOptions(given["server"], given["is_offline"]))
