"""``newsfeed hook``: git checks what editors commit, and tells when somebody has pushed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand, TranslatedGroup
from newsfeed.cli.output.terminal import print_sentence
from newsfeed.cli.output.voice import user_voice
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.cli.context import CommandContext


@click.group(cls=TranslatedGroup, help=N_("Let git check texts, and tell when somebody has pushed."))
def hook() -> None:
    """Hold the commands below it."""


@hook.command(
    cls=TranslatedCommand,
    help=N_("Let git check what you commit and push in this site.")
    + "\n\n"
    + N_(
        "With --post-receive, write the hook of the bare repository REPOSITORY, or of the one in config.toml."
    ),
)
@click.argument("repository", required=False, metavar="[REPOSITORY]")
@click.option(
    "--post-receive", "is_post_receive", is_flag=True, help=N_("Install the hook that git runs after a push.")
)
@click.pass_obj
def install(context: CommandContext, repository: str | None, is_post_receive: bool) -> None:
    """Run ``newsfeed hook install``."""
    from newsfeed.app.git_hooks import install_editors_hooks, install_hook

    if is_post_receive:
        paths = [install_hook(context.root, Path(repository) if repository else None, sys.executable)]
    elif repository:
        raise UsageError(N_("only the hook --post-receive is for another repository"))
    else:
        paths = install_editors_hooks(context.root, sys.executable)
    for path in paths:
        print_sentence(N_("the hook is in {path}"), user_voice(), path=path)


@hook.command(cls=TranslatedCommand, help=N_("Run by the hook: tell the running service, or publish here."))
@click.pass_obj
def received(context: CommandContext) -> int:
    """Run ``newsfeed hook received``: git gives a line for each branch and tag on standard input."""
    from newsfeed.app.git_hooks import is_about
    from newsfeed.app.publish_service import is_running, leave_sign
    from newsfeed.app.publishing import open_publisher
    from newsfeed.cli.commands.publishing import PublishOptions, publish_once

    publisher = open_publisher(context.root, context.output(None), os.environ)
    branch = publisher.settings.branch
    if not is_about(branch, sys.stdin):
        return 0
    if is_running(context.root):
        leave_sign(context.root)
        sentence = N_("newsfeed: {branch} is looked at; newsfeed status says what became of it")
        print_sentence(sentence, user_voice(), branch=branch)
        return 0
    return publish_once(context, PublishOptions())
