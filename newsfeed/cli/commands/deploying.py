"""``newsfeed deploy``: bring the program to a host."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.output.voice import user_voice
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.cli.context import CommandContext


@click.command(
    cls=TranslatedCommand,
    help=N_("Bring this program to HOST over ssh, as a service of systemd; again, to bring a newer one.")
    + "\n\n"
    + N_("The store is saved before. When the service does not stay up, the release before is put back.")
    + "\n\n"
    + N_("The host needs Debian or a relative of it, Python 3.11 and rsync; you need root there, or sudo."),
)
@click.argument("host", metavar="HOST")
@click.option("--wheel", metavar="FILE", help=N_("Bring this wheel instead of this version from PyPI."))
@click.option("--dry-run", is_flag=True, help=N_("Say what would be brought and run; do nothing."))
@click.option("--rollback", is_flag=True, help=N_("Put the release before into use again."))
@click.pass_obj
def deploy(context: CommandContext, host: str, wheel: str | None, *, dry_run: bool, rollback: bool) -> None:
    """Run ``newsfeed deploy``."""
    from newsfeed.app import deploying
    from newsfeed.cli.output.terminal import print_lines

    if rollback and wheel:
        raise UsageError(N_("--rollback brings nothing"), N_("leave out --wheel"))
    if rollback:
        _run(deploying.prepare_rollback(host), dry_run=dry_run)
        return
    with deploying.prepare_deployment(host, Path(wheel) if wheel else None) as found:
        print_lines([user_voice().say(N_("release: {release}"), release=found.release)])
        if dry_run:
            print_lines([f"  {name}" for name in found.files])
        _run(found.commands, dry_run=dry_run)


def _run(commands: Sequence[Sequence[str]], *, dry_run: bool) -> None:
    from newsfeed.app.deploying import run_commands
    from newsfeed.cli.output.terminal import print_lines

    if not dry_run:
        run_commands(commands)
        return
    print_lines([shlex.join(command) for command in commands])
