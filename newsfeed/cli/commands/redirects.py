"""``newsfeed redirects``: old addresses written into the texts that have left them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsfeed.cli.context import DEFAULT_OUTPUT
from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import now_option, output_option
from newsfeed.cli.output.site import redirects_summary
from newsfeed.cli.output.terminal import print_result, print_to_stderr
from newsfeed.cli.output.voice import user_voice
from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import CommandContext

DONE, PROBLEMS = 0, 1


@click.command(
    cls=TranslatedCommand,
    help=N_("Add the addresses that texts have left to their front matter, as aliases."),
)
@output_option(N_("The published site."), default=DEFAULT_OUTPUT)
@now_option(N_("Look at the site as of this moment (ISO 8601)."))
@click.option("--dry-run", is_flag=True, help=N_("Say what would be added; write nothing."))
@click.pass_obj
def redirects(context: CommandContext, output: str | None, now: datetime | None, dry_run: bool) -> int:
    """Run ``newsfeed redirects``."""
    from newsfeed.app import site as app
    from newsfeed.build import removed_urls
    from newsfeed.cli.output.problems import print_problems_to_stderr
    from newsfeed.problems import select_errors

    voice, folder, moment = user_voice(), context.output(output), context.now(now)
    published = removed_urls.read_published_site(folder)
    if not published.files:
        raise UsageError(
            N_("there is no published site in {folder}"),
            N_("run newsfeed build, or name it with -o"),
            folder=folder,
        )
    site = app.read(context.root, moment)
    errors = select_errors(site.problems)
    if errors:
        print_problems_to_stderr(errors, voice)
        print_to_stderr(voice.say(N_("nothing was added; correct the errors first")))
        return PROBLEMS
    library, read = site.loaded.library, site.context.source.read
    removed = removed_urls.find_removed_urls(
        published, site.plan.index, library, site.plan.artifacts, moment, whole=True, ever=True, read=read
    )
    edits = {path: edit for path, edit in removed.edits.items() if edit.after is not None}
    for path, edit in edits.items():
        if not dry_run and edit.after is not None:
            app.rewrite(site, path, edit.before, edit.after)
    lines = {path: edit.line for path, edit in edits.items()}
    print_result({}, redirects_summary(lines, dry_run, voice), as_json=False)
    stuck = removed.stuck()
    if stuck:
        print_problems_to_stderr(stuck, voice)
    return PROBLEMS if stuck else DONE
