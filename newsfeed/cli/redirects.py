"""``newsfeed redirects``: old addresses written into the texts that have left them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.app import site as app
from newsfeed.build import removed_urls
from newsfeed.cli.commands import DONE, PROBLEMS
from newsfeed.cli.output import builds, problems
from newsfeed.errors import UsageError
from newsfeed.marking import N_
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from newsfeed.cli.context import Context


def add_redirects(context: Context, output: Path, now: datetime, *, dry_run: bool) -> int:
    """Give every text that has moved its old addresses as aliases, and say which."""
    voice = builds.user_voice()
    old = removed_urls.published(output)
    if not old.files:
        raise UsageError(f"there is no published site in {output}", "run newsfeed build, or name it with -o")
    site = app.read(context.root, now)
    errors = select_errors(site.problems)
    if errors:
        problems.talk_problems(errors, voice)
        problems.talk(voice.say(N_("nothing was added; correct the errors first")))
        return PROBLEMS
    library, read = site.loaded.library, site.desk.source.read
    removed = removed_urls.removed_urls(
        old, site.plan.index, library, site.plan.artifacts, now, whole=True, ever=True, read=read
    )
    done = {path: edit for path, edit in removed.edits.items() if edit.after is not None}
    for path, edit in done.items():
        if not dry_run and edit.after is not None:
            app.rewrite(site, path, edit.before, edit.after)
    lines = {path: edit.line for path, edit in done.items()}
    builds.print_result({}, problems.redirects_summary(lines, dry_run, voice), as_json=False)
    stuck = removed.stuck()
    if stuck:
        problems.talk_problems(stuck, voice)
    return PROBLEMS if stuck else DONE
