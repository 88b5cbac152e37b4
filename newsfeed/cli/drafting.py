"""``newsfeed build --drafts``: the site with its drafts and what is to come, to look at."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from newsfeed.app import site as app
from newsfeed.app.drafts import DRAFTS, build_drafts
from newsfeed.cli.building import DONE, PROBLEMS, refuse, report_build
from newsfeed.cli.output.voice import user_voice
from newsfeed.errors import UsageError
from newsfeed.marking import N_
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from newsfeed.cli.building import BuildOptions
    from newsfeed.cli.context import CommandContext


def build_site_with_drafts(context: CommandContext, options: BuildOptions) -> int:
    """Build the preview; return the exit status."""
    if options.watch:
        raise UsageError(N_("--drafts does not go with --watch"), N_("build again after a change"))
    started, now = time.monotonic(), context.now(options.now)
    output = context.output(options.output) if options.output else context.root / DRAFTS
    site = app.read(context.root, now, keep_going=options.keep_going)
    errors = select_errors(site.problems)
    if errors and not options.keep_going:
        refuse(site.problems, user_voice())
        return PROBLEMS
    built = build_drafts(site, output, now, options.jobs, os.environ)
    report_build(built, started, options, user_voice())
    return PROBLEMS if errors else DONE
