"""What the commands do: call `newsfeed.app` and hand the result to `newsfeed.cli.output`.

Modules that print are imported late: a build in which nothing changed tells little.
"""

from __future__ import annotations

import gc
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.app import builds as workshop
from newsfeed.app import site as app
from newsfeed.cli.output import builds
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.build.cache.memory import Memory
    from newsfeed.build.cache.state import Idle
    from newsfeed.cli.context import Context
    from newsfeed.problems import Problem

DONE, PROBLEMS = 0, 1


def check_site(context: Context, form: str, now: datetime, output: Path) -> int:
    """``newsfeed check``."""
    from newsfeed.cli.output import problems as report
    from newsfeed.problems import select_errors

    voice = builds.user_voice()
    progress = report.Progress(voice.say(N_("reading")))
    problems, _ = app.check(context.root, now, progress, output=output)
    progress.close()
    report.print_problems(problems, form, voice)
    return PROBLEMS if select_errors(problems) else DONE


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
    shop = workshop.open_workshop(context.root, context.output(output), os.environ, jobs)
    if not manner.fresh and _build_little(shop, moment, started, manner):
        return DONE
    if manner.fresh:
        shop.shelf.clear()
    status, site, memory = build_once(shop, moment, manner, None if manner.fresh else shop.last)
    if workshop.remember(shop, memory):
        workshop.keep_desk(shop, site.desk)
    return status


def _build_little(shop: workshop.Workshop, now: datetime, started: float, manner: Manner) -> bool:
    """Whether little or nothing was to be done, and is."""
    gc.disable()  # it would look again and again through all that is remembered
    try:
        same = workshop.nothing_to_do(shop, now)
        done = (same, None) if same is not None else workshop.amend(shop, now)
        if done is not None:
            warn(done[0])
            tell(done[0], started, manner, builds.user_voice())
            workshop.remember(shop, done[1])
        return done is not None
    finally:
        gc.enable()


def watch_site(context: Context, output: str | None, now: object, manner: Manner, jobs: int) -> int:
    """``newsfeed build --watch``."""
    from newsfeed.cli.watching import watch

    shop = workshop.open_workshop(context.root, context.output(output), os.environ, jobs)
    watch(shop, lambda: context.now(now), manner)
    return DONE


def build_once(
    shop: workshop.Workshop, now: datetime, manner: Manner, last: Idle | None
) -> tuple[int, app.Site, Memory | None]:
    """Read all, publish and tell; returns what to remember, too. ``last``: how the last build left things."""
    from newsfeed.cli.output import problems as report
    from newsfeed.problems import select_errors

    voice, started = builds.user_voice(), time.monotonic()
    progress = report.Progress(voice.say(N_("reading")))
    site = app.read(
        shop.root,
        now,
        keep_going=manner.keep_going,
        progress=progress,
        jobs=shop.jobs,
        meanwhile=lambda desk: workshop.prepare(shop, desk),
    )
    progress.close()
    errors = select_errors(site.problems)
    if errors and not manner.keep_going:
        refuse(site.problems, voice)
        return PROBLEMS, site, None
    progress = report.Progress(voice.say(N_("rendering")))
    built, learnt = workshop.build(shop, site, now, last, progress)
    progress.close()
    if errors or built.problems:
        report.talk_problems([*errors, *built.problems], voice)
    tell(built, started, manner, voice)
    return PROBLEMS if errors else DONE, site, learnt


def refuse(problems: Sequence[Problem], voice: builds.Voice) -> None:
    """Why there is no build."""
    from newsfeed.cli.output import problems as report

    report.talk_problems(problems, voice)
    report.talk(voice.say(N_("nothing was published; correct the errors, or use --keep-going")))


def warn(built: app.Built) -> None:
    """Say which addresses vanished."""
    if built.problems:
        from newsfeed.cli.output import problems as report

        report.talk_problems(built.problems, builds.user_voice())


def tell(built: app.Built, started: float, manner: Manner, voice: builds.Voice) -> None:
    """What a build did, in one line."""
    seconds = time.monotonic() - started
    builds.print_result(*builds.build_summary(built, seconds, voice), manner.as_json)


def send_digest(
    context: Context, name: str, now: datetime, output: str | None, *, dry_run: bool, as_json: bool
) -> int:
    """``newsfeed digest``."""
    from newsfeed.cli.output import problems as report
    from newsfeed.problems import select_errors

    voice = builds.user_voice()
    site = app.read(context.root, now)
    errors = select_errors(site.problems)
    if errors:
        report.talk_problems(errors, voice)
        return PROBLEMS
    outcome = app.send_digest(site, name, now, Path(output) if output else None, dry_run=dry_run)
    if outcome.problems:
        report.talk_problems(outcome.problems, voice)
    builds.print_result(*report.digest_summary(outcome, voice), as_json)
    return PROBLEMS if select_errors(outcome.problems) else DONE


def init_site(folder: str) -> None:
    """``newsfeed init``."""
    from newsfeed.cli.output import problems as report
    from newsfeed.editorial.starter import write_starter_site

    voice = builds.user_voice()
    files = write_starter_site(Path(folder))
    builds.print_result({"files": files}, report.init_summary(folder, files, voice), as_json=False)
