"""``newsfeed editor``: read its options, and write the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import json_option, now_option
from newsfeed.marking import N_
from newsfeed.service_settings import CMS

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext


@click.command(
    cls=TranslatedCommand,
    help=N_("Write a form in which people write in a browser, without git: the folder admin/ of the site.")
    + "\n\n"
    + N_("With DIR, write it there. It is Sveltia CMS, with this site's own fields, languages and words."),
)
@click.argument("folder", required=False, metavar="[DIR]")
@click.option(
    "--cms", type=click.Choice(CMS), help=N_("The program that shows the form; else as config.toml says.")
)
@click.option(
    "--from",
    "given",
    multiple=True,
    metavar="FILE",
    help=N_("Take the program from this archive of npm instead of the network; may be repeated."),
)
@now_option(N_("Name what is wrong as of this moment (ISO 8601)."))
@json_option(N_("Print what was written as JSON."))
@click.pass_obj
def editor(
    context: CommandContext,
    /,
    folder: str | None,
    cms: str | None,
    given: tuple[str, ...],
    now: datetime | None,
    *,
    as_json: bool,
) -> None:
    """Run ``newsfeed editor``."""
    from newsfeed.cli.editing import EditorOptions, write_editor

    options = EditorOptions(folder=folder, cms=cms or "", given=given, now=now, as_json=as_json)
    write_editor(context, options)
