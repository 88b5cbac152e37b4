"""``newsfeed locales``: the catalogues in which a site keeps its names in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedGroup
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.cli.context import CommandContext

DONE, PROBLEMS = 0, 1


@click.group(cls=TranslatedGroup, help=N_("Keep the site's own catalogues: its names in every language."))
def locales() -> None:
    """Run ``newsfeed locales``."""


@locales.command(
    help=N_("Write an empty entry for every name that a catalogue lacks; all else stays as it is.")
)
@click.pass_obj
def extract(context: CommandContext) -> None:
    """Run ``newsfeed locales extract``."""
    from newsfeed.app.catalogues import extract
    from newsfeed.cli.output.catalogues import print_changes

    print_changes(extract(context.root), user_voice())


@locales.command(
    help=N_("Bring catalogues in line with config.toml: add what is missing, put away what is gone.")
)
@click.pass_obj
def update(context: CommandContext) -> None:
    """Run ``newsfeed locales update``."""
    from newsfeed.app.catalogues import update
    from newsfeed.cli.output.catalogues import print_changes

    print_changes(update(context.root), user_voice())


@locales.command(
    help=N_("Read the site's catalogues as msgfmt would; print every problem and gap with file and line.")
)
@click.pass_obj
def check(context: CommandContext) -> int:
    """Run ``newsfeed locales check``."""
    from newsfeed.app.catalogues import check
    from newsfeed.cli.output.problems import print_problems

    problems = check(context.root)
    print_problems(problems, "text", user_voice())
    return PROBLEMS if problems else DONE
