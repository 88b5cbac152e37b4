"""``newsfeed build``: read its options, and build once or as files change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.context import DEFAULT_OUTPUT
from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import NumberParam, json_option, now_option, output_option
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.cli.context import CommandContext

MOST_JOBS = 256
"""Processes that somebody may ask for."""


@click.command(
    cls=TranslatedCommand, help=N_("Check the site and publish it: pages, feeds, sitemap, in all editions.")
)
@output_option(N_("Write the site here."), default=DEFAULT_OUTPUT)
@click.option("--keep-going", is_flag=True, help=N_("Publish what has no errors; still exit with 1."))
@now_option(N_("Build the site as of this moment (ISO 8601)."))
@json_option(N_("Print the summary as JSON."))
@click.option(
    "--jobs",
    type=NumberParam(0, MOST_JOBS),
    default=0,
    help=N_("Processes to work in; 0: one for each processor."),
)
@click.option(
    "--fresh", is_flag=True, help=N_("Build everything again; use nothing that the last build remembered.")
)
@click.option("--adopt", is_flag=True, help=N_("Take over an output folder that newsfeed made elsewhere."))
@click.option("--watch", is_flag=True, help=N_("Stay, and build again after every change; Ctrl-C ends it."))
@click.option("--drafts", is_flag=True, help=N_("Show drafts and stories to come, marked, in var/drafts."))
@click.pass_obj
def build(context: CommandContext, /, **given: Any) -> int:
    """Run ``newsfeed build``."""
    from newsfeed.cli.building import BuildOptions, build_site

    options = BuildOptions(**given)
    if options.drafts:
        from newsfeed.cli.drafting import build_site_with_drafts

        return build_site_with_drafts(context, options)
    if not options.watch:
        return build_site(context, options)
    from newsfeed.cli.watching import watch_site

    watch_site(context, options)
    return 0
