"""``newsfeed build``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.options import json_option, now_option, output_option

if TYPE_CHECKING:
    from newsfeed.cli.context import CommandContext

MOST_JOBS = 256
"""Processes that somebody may ask for."""


@click.command()
@output_option("Write the site here.  [default: public]")
@click.option("--keep-going", is_flag=True, help="Publish what has no errors; still exit with 1.")
@now_option("Build the site as of this moment (ISO 8601).")
@json_option("Print the summary as JSON.")
@click.option(
    "--jobs",
    type=click.IntRange(0, MOST_JOBS),
    default=0,
    help="Processes to work in; 0: one for each processor.",
)
@click.option("--fresh", is_flag=True, help="Believe nothing of what the last build remembered.")
@click.option("--watch", is_flag=True, help="Stay, and build again after every change; Ctrl-C ends it.")
@click.pass_obj
def build(context: CommandContext, /, **given: Any) -> int:
    """Check the site and publish it: pages, feeds, sitemap, in all editions."""
    from newsfeed.cli.building import BuildOptions, build_site

    options = BuildOptions(**given)
    if not options.watch:
        return build_site(context, options)
    from newsfeed.cli.watching import watch_site

    watch_site(context, options)
    return 0
