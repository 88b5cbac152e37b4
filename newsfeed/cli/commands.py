"""What the commands do: call `newsfeed.app`, hand the result to `newsfeed.report`."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed import app, report
from newsfeed.problems import N_, errors_in

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import Context

DONE, PROBLEMS = 0, 1


def check_site(context: Context, form: str, now: datetime) -> int:
    """``newsfeed check``."""
    voice = report.user_voice()
    progress = report.Progress(voice.say(N_("reading")))
    problems, _ = app.check(context.root, now, progress)
    progress.close()
    report.print_problems(problems, form, voice)
    return PROBLEMS if errors_in(problems) else DONE


def build_site(
    context: Context,
    output: str | None,
    now: datetime,
    *,
    keep_going: bool,
    as_json: bool,
    jobs: int,
    fresh: bool,
) -> int:
    """``newsfeed build``."""
    voice = report.user_voice()
    started = time.monotonic()
    shop = app.open_workshop(context.root, context.output(output), os.environ, jobs)
    same = None if fresh else app.nothing_to_do(shop, now)
    if same is not None and not errors_in(same.problems):
        report.print_result(*report.build_summary(same, time.monotonic() - started, voice), as_json)
        return DONE
    progress = report.Progress(voice.say(N_("reading")))
    memory = app.recall(shop, fresh=fresh)
    site = app.read(
        context.root, now, keep_going=keep_going, progress=progress, memory=memory, jobs=shop.jobs
    )
    progress.close()
    errors = errors_in(site.problems)
    if errors and not keep_going:
        report.talk_problems(site.problems, voice)
        report.talk(voice.say(N_("nothing was published; correct the errors, or use --keep-going")))
        return PROBLEMS
    progress = report.Progress(voice.say(N_("rendering")))
    built = app.build(site, shop.output, now, progress, shop=shop)
    progress.close()
    seconds = time.monotonic() - started
    if errors:
        report.talk_problems(errors, voice)
    report.print_result(*report.build_summary(built, seconds, voice), as_json)
    return PROBLEMS if errors else DONE


def send_digest(
    context: Context, name: str, now: datetime, output: str | None, *, dry_run: bool, as_json: bool
) -> int:
    """``newsfeed digest``."""
    voice = report.user_voice()
    site = app.read(context.root, now)
    errors = errors_in(site.problems)
    if errors:
        report.talk_problems(errors, voice)
        return PROBLEMS
    outcome = app.send_digest(site, name, now, Path(output) if output else None, dry_run=dry_run)
    if outcome.problems:
        report.talk_problems(outcome.problems, voice)
    report.print_result(*report.digest_summary(outcome, voice), as_json)
    return PROBLEMS if errors_in(outcome.problems) else DONE


def init_site(folder: str) -> None:
    """``newsfeed init``."""
    from newsfeed.starter import write_site

    voice = report.user_voice()
    files = write_site(Path(folder))
    report.print_result({"files": files}, report.init_summary(folder, files, voice), as_json=False)
