"""What the commands do: call `newsfeed.app`, hand the result to `newsfeed.report`."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed import app, report
from newsfeed.problems import N_, errors_in

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.cli.context import Context
    from newsfeed.publish.memory import Memory

DONE, PROBLEMS = 0, 1


def check_site(context: Context, form: str, now: datetime, output: Path) -> int:
    """``newsfeed check``."""
    voice = report.user_voice()
    progress = report.Progress(voice.say(N_("reading")))
    problems, _ = app.check(context.root, now, progress, output=output)
    progress.close()
    report.print_problems(problems, form, voice)
    return PROBLEMS if errors_in(problems) else DONE


@dataclass(frozen=True, slots=True)
class Manner:
    """How a site is built, and how that is told."""

    keep_going: bool
    as_json: bool
    fresh: bool
    """Believe nothing of what the last build remembered."""


def build_site(context: Context, output: str | None, now: object, manner: Manner, jobs: int) -> int:
    """``newsfeed build``."""
    started, moment = time.monotonic(), context.now(now)
    shop = app.open_workshop(context.root, context.output(output), os.environ, jobs)
    same = None if manner.fresh else app.nothing_to_do(shop, moment)
    if same is not None and not errors_in(same.problems):
        _tell(same, started, manner, report.user_voice())
        return DONE
    status, _, _ = build_once(shop, moment, manner, app.recall(shop, fresh=manner.fresh))
    return status


def watch_site(context: Context, output: str | None, now: object, manner: Manner, jobs: int) -> int:
    """``newsfeed build --watch``."""
    from newsfeed.cli.watching import watch

    shop = app.open_workshop(context.root, context.output(output), os.environ, jobs)
    watch(shop, lambda: context.now(now), manner)
    return DONE


def build_once(
    shop: app.Workshop, now: datetime, manner: Manner, memory: Memory, *, keep: bool = True
) -> tuple[int, app.Site, app.Built | None]:
    """Read, publish and tell; ``keep``: what was learnt goes to the disk, too."""
    voice, started = report.user_voice(), time.monotonic()
    progress = report.Progress(voice.say(N_("reading")))
    site = app.read(
        shop.root, now, keep_going=manner.keep_going, progress=progress, memory=memory, jobs=shop.jobs
    )
    progress.close()
    errors = errors_in(site.problems)
    if errors and not manner.keep_going:
        report.talk_problems(site.problems, voice)
        report.talk(voice.say(N_("nothing was published; correct the errors, or use --keep-going")))
        return PROBLEMS, site, None
    progress = report.Progress(voice.say(N_("rendering")))
    built = app.build(site, shop.output, now, progress, shop=shop, keep=keep)
    progress.close()
    if errors or built.problems:
        report.talk_problems([*errors, *built.problems], voice)
    _tell(built, started, manner, voice)
    return PROBLEMS if errors else DONE, site, built


def _tell(built: app.Built, started: float, manner: Manner, voice: report.Voice) -> None:
    seconds = time.monotonic() - started
    report.print_result(*report.build_summary(built, seconds, voice), manner.as_json)


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
