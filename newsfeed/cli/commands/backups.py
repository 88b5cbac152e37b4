"""``newsfeed backup``, ``restore`` and ``activate``: keep a store, bring it back, let it send."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import json_option, now_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext

DONE, PROBLEMS = 0, 1


@click.command(
    cls=TranslatedCommand,
    help=N_("Write subscribers, what they got, and the secret into FILE, while mail goes out.")
    + "\n\n"
    + N_("FILE has every reader's address: keep it where nobody else can read it. None is overwritten."),
)
@click.argument("file", metavar="FILE")
@click.option("--with-keys", is_flag=True, help=N_("Put the private keys that sign mails into it, too."))
@now_option(N_("The moment to put on record (ISO 8601)."))
@json_option(N_("Print what is in it as JSON."))
@click.pass_obj
def backup(
    context: CommandContext, file: str, now: datetime | None, *, with_keys: bool, as_json: bool
) -> None:
    """Run ``newsfeed backup``."""
    from newsfeed.app.backups import back_up
    from newsfeed.cli.output.backups import backup_summary
    from newsfeed.cli.output.progress import Progress
    from newsfeed.cli.output.terminal import print_result

    voice = user_voice()
    with context.open_delivery() as delivery, Progress(voice.say(N_("rows"))) as progress:
        result = back_up(delivery, Path(file), context.now(now), progress, with_keys=with_keys)
    print_result(*backup_summary(result, file, voice), as_json=as_json, is_only_success=True)


@click.command(
    cls=TranslatedCommand,
    help=N_("Make the store out of the backup FILE, where there is none; it mails nobody until activated.")
    + "\n\n"
    + N_("The store may be another kind of database than the one that was backed up, and an older schema."),
)
@click.argument("file", metavar="FILE")
@json_option(N_("Print what came out of it as JSON."))
@click.pass_obj
def restore(context: CommandContext, file: str, *, as_json: bool) -> None:
    """Run ``newsfeed restore``."""
    from newsfeed.app import backups
    from newsfeed.cli.output.backups import restore_summary
    from newsfeed.cli.output.progress import Progress
    from newsfeed.cli.output.terminal import print_result

    voice = user_voice()
    with Progress(voice.say(N_("rows"))) as progress:
        result = backups.restore(context.root, Path(file), os.environ, progress)
    print_result(*restore_summary(result, voice), as_json=as_json)


@click.command(
    cls=TranslatedCommand,
    help=N_("Say what would happen if a restored or copied store sent mail, and let it do so.")
    + "\n\n"
    + N_("Without --yes nothing is changed. Stop the service that sent from the original before."),
)
@click.option("--yes", "is_wanted", is_flag=True, help=N_("Let mail be sent from here."))
@click.option(
    "--had-until",
    type=click.DateTime(["%Y-%m-%d"]),
    help=N_("Put on record that everybody has had what waits, and all stories up to this day."),
)
@click.option(
    "--beside",
    is_flag=True,
    help=N_("Let other machines that share this database go on sending."),
)
@now_option(N_("The moment to look from (ISO 8601)."))
@json_option(N_("Print what would happen as JSON."))
@click.pass_obj
def activate(
    context: CommandContext,
    had_until: datetime | None,
    now: datetime | None,
    *,
    is_wanted: bool,
    beside: bool,
    as_json: bool,
) -> int:
    """Run ``newsfeed activate``."""
    from newsfeed.app import instance
    from newsfeed.cli.output.backups import activation_summary
    from newsfeed.cli.output.terminal import print_result
    from newsfeed.core.delivery.instance import InstanceState

    moment, voice = context.now(now), user_voice()
    if had_until is not None and not is_wanted:
        raise UsageError(N_("--had-until puts on record what people had"), N_("say --yes as well"))
    with context.open_delivery() as delivery:
        settled = instance.settle_past(delivery, had_until.date(), moment) if had_until else None
        outlook = instance.look_ahead(delivery, moment)
        if is_wanted:
            instance.activate(delivery, beside=beside)
    lines = activation_summary(outlook, settled, voice, is_done=is_wanted)
    print_result(*lines, as_json=as_json)
    ready = is_wanted or outlook.standing.state in (InstanceState.ACTIVE, InstanceState.NEW)
    return DONE if ready else PROBLEMS
