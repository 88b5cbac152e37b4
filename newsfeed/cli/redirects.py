"""``newsfeed redirects``: old addresses written into the texts that have left them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed import app, report, report_build
from newsfeed.cli.commands import DONE, PROBLEMS
from newsfeed.errors import UsageError
from newsfeed.marking import N_
from newsfeed.problems import errors_in
from newsfeed.publish import vanishing

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from newsfeed.cli.context import Context


def add_redirects(context: Context, output: Path, now: datetime, *, dry_run: bool) -> int:
    """Give every text that has moved its old addresses as aliases, and say which."""
    voice = report_build.user_voice()
    old = vanishing.published(output)
    if not old.files:
        raise UsageError(f"there is no published site in {output}", "run newsfeed build, or name it with -o")
    site = app.read(context.root, now)
    errors = errors_in(site.problems)
    if errors:
        report.talk_problems(errors, voice)
        report.talk(voice.say(N_("nothing was added; correct the errors first")))
        return PROBLEMS
    library, read = site.loaded.library, site.desk.source.read
    seen = vanishing.look(
        old, site.plan.index, library, site.plan.artifacts, now, whole=True, ever=True, read=read
    )
    done = {path: edit for path, edit in seen.edits.items() if edit.after is not None}
    for path, edit in done.items():
        if not dry_run and edit.after is not None:
            app.rewrite(site, path, edit.before, edit.after)
    lines = {path: edit.line for path, edit in done.items()}
    report_build.print_result({}, report.redirects_summary(lines, dry_run, voice), as_json=False)
    stuck = seen.stuck()
    if stuck:
        report.talk_problems(stuck, voice)
    return PROBLEMS if stuck else DONE
