"""Commands about a site as a whole: begin one, check it, look at it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.context import DEFAULT_OUTPUT
from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import NumberParam, now_option, output_option
from newsfeed.cli.output.problems import FORMATS
from newsfeed.cli.output.voice import user_voice
from newsfeed.config.site_layout import CONFIG
from newsfeed.editorial.ci_files import CI_PATHS
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.cli.context import CommandContext


@click.command(cls=TranslatedCommand, help=N_("Make a small new site in DIR that checks clean and builds."))
@click.argument("folder", required=False, metavar="[DIR]")
@click.option(
    "--example", is_flag=True, help=N_("Make a larger one to look at: 24 invented stories with pictures.")
)
@click.option(
    "--ci",
    "forge",
    type=click.Choice(tuple(CI_PATHS)),
    help=N_("Add the job that checks and publishes it there; also to a site that is there."),
)
@click.pass_obj
def init(context: CommandContext, folder: str | None, *, example: bool, forge: str | None) -> None:
    """Run ``newsfeed init``."""
    from importlib.util import find_spec

    from newsfeed.app.git_hooks import read_ci_place
    from newsfeed.cli.output.site import init_summary, job_summary
    from newsfeed.cli.output.terminal import print_result
    from newsfeed.editorial.ci_files import require_no_ci_file, write_ci_file
    from newsfeed.editorial.example import write_example_site
    from newsfeed.editorial.starter import write_starter_site

    place = Path(folder) if folder else context.root
    has_site = (place / CONFIG).exists()
    if not folder and not (forge and has_site):
        raise UsageError(N_("no folder is named for the new site"), N_("for one here: newsfeed init ."))
    if forge is not None and has_site and not example:
        top, site = read_ci_place(place)
        path = os.path.relpath(top / write_ci_file(top, forge, site), place)
        print_result(
            {"files": [path]}, job_summary(path, forge, user_voice()), as_json=False, is_only_success=True
        )
        return
    if forge is not None and place.is_dir():
        require_no_ci_file(read_ci_place(place)[0], forge)
    if example:
        files = write_example_site(place, can_search=find_spec("pagefind") is not None)
    else:
        files = write_starter_site(place)
    if forge is not None:
        top, site = read_ci_place(place)
        files = [*files, os.path.relpath(top / write_ci_file(top, forge, site), place)]
    print_result(
        {"files": files}, init_summary(str(place), files, user_voice()), as_json=False, is_only_success=True
    )


@click.command(
    cls=TranslatedCommand,
    help=N_("Read everything and print every problem with file, line, column and hint."),
)
@click.argument("files", metavar=N_("[FILE …]"), nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help=N_("How problems are shown: for people, programs, or pull requests."),
)
@now_option(N_("Look at the site as of this moment (ISO 8601) instead of the clock's."))
@output_option(N_("The published site to compare with."), default=DEFAULT_OUTPUT)
@click.option(
    "--changed",
    metavar="COMMIT",
    is_flag=False,
    flag_value="HEAD",
    default="",
    help=N_("Only what differs from COMMIT, or from the last one: quick, for hooks."),
)
@click.option(
    "--ids",
    metavar="COMMIT",
    default="",
    help=N_("Refuse what alters, drops or reuses an id of a story that was published with COMMIT, too."),
)
@click.option("--fix-ids", is_flag=True, help=N_("First write the ids that are missing into their files."))
@click.pass_obj
def check(context: CommandContext, /, **given: Any) -> int:
    """Run ``newsfeed check``."""
    from newsfeed.cli.checking import CheckOptions, check_site

    return check_site(context, CheckOptions(**given))


@click.command(
    cls=TranslatedCommand,
    help=N_("Show the published site at http://127.0.0.1:PORT/, for looking at it here."),
)
@output_option(N_("The published site."), default=DEFAULT_OUTPUT)
@click.option(
    "--port",
    type=NumberParam(0, 65535),
    default=8000,
    show_default=True,
    help=N_("Listen on this port; 0 takes a free one."),
)
@click.pass_obj
def serve(context: CommandContext, output: str | None, port: int) -> None:
    """Run ``newsfeed serve``."""
    from newsfeed.cli.static_server import serve_folder

    serve_folder(context.root, context.output(output), port)
