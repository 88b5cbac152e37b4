"""``newsfeed build``: a build, as small as the changes allow, and what is said of it.

Modules that print problems are imported late: a build in which nothing changed has none.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.app import builds as cached
from newsfeed.cli.output.builds import print_build
from newsfeed.cli.output.terminal import print_detail
from newsfeed.cli.output.voice import user_voice
from newsfeed.core.editor.policy import FOLDER as FORM_FOLDER
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.app import site as app
    from newsfeed.app.built import Built
    from newsfeed.cli.context import CommandContext
    from newsfeed.cli.output.voice import Voice
    from newsfeed.problems import Problem

DONE, PROBLEMS = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOptions:
    """The options of ``newsfeed build``."""

    output: str | None
    keep_going: bool
    """Publish what has no errors."""
    now: datetime | None
    as_json: bool
    jobs: int
    """Processes to work in; 0: one for each processor."""
    fresh: bool
    """Build everything again; use nothing that the last build remembered."""
    adopt: bool
    """Take over an output folder that newsfeed made elsewhere."""
    watch: bool
    """Stay, and build again after every change."""
    drafts: bool = False
    """Show drafts and what is to come, in a folder of its own."""


def build_site(context: CommandContext, options: BuildOptions) -> int:
    """Build the site once, doing no more than its changes ask for; return the exit status."""
    started, moment = time.monotonic(), context.now(options.now)
    adopt_if_asked(context, options)
    build = cached.open_build(
        context.root, context.output(options.output), os.environ, options.jobs, is_fresh=options.fresh
    )
    if _build_little(build, moment, started, options):
        return DONE
    status, _, memory = read_and_build(build, moment, options)
    cached.remember(build, memory)
    return status


def adopt_if_asked(context: CommandContext, options: BuildOptions) -> None:
    """Take over the output folder, when that was asked for."""
    if options.adopt:
        cached.adopt(context.output(options.output))


def _build_little(build: cached.CachedBuild, now: datetime, started: float, options: BuildOptions) -> bool:
    """Bring the output up to date if nothing or little changed; return whether it is up to date now."""
    gc.disable()  # it would look again and again through all that is remembered
    try:
        done = cached.quick_build(build, now)
        if done is not None:
            print_detail(user_voice().say(N_("the last build is known: only what changed is made")))
            report_remaining_problems(done[0], user_voice())
            report_build(done[0], started, options, user_voice())
            show_beside_form(build, done[0].remaining, now)
            cached.remember(build, done[1])
        return done is not None
    finally:
        gc.enable()


def read_and_build(
    build: cached.CachedBuild, now: datetime, options: BuildOptions
) -> tuple[int, app.Site, cached.BuildMemory | None]:
    """Read all, publish and report; return the exit status, the site, and what to remember of it."""
    from newsfeed.cli.output.progress import Progress
    from newsfeed.problems import select_errors

    voice, started = user_voice(), time.monotonic()
    print_detail(voice.say(N_("everything is read, and what differs is made")))
    inputs = cached.hash_inputs(build)
    with Progress(voice.say(N_("reading"))) as progress:
        site = cached.read_site(build, now, keep_going=options.keep_going, progress=progress)
    errors = select_errors(site.problems)
    if errors and not options.keep_going:
        refuse(site.problems, voice)
        show_beside_form(build, site.problems, now)
        return PROBLEMS, site, None
    with Progress(voice.say(N_("rendering"))) as progress:
        built, memory = cached.full_build(build, site, now, inputs, progress)
    report_remaining_problems(built, voice)
    report_build(built, started, options, voice)
    show_beside_form(build, built.remaining, now)
    return PROBLEMS if errors else DONE, site, memory


def show_beside_form(build: cached.CachedBuild, problems: Sequence[Problem], now: datetime) -> None:
    """Show what is wrong beside the form for editors, when the site has one."""
    if (build.output / FORM_FOLDER).is_dir():
        from newsfeed.cli.output.editor import show_problems

        show_problems(build.root, build.output, problems, now)


def refuse(problems: Sequence[Problem], voice: Voice) -> None:
    """Say why nothing is published."""
    from newsfeed.cli.output.problems import print_problems_to_stderr
    from newsfeed.cli.output.terminal import print_to_stderr

    print_problems_to_stderr(problems, voice)
    print_to_stderr(voice.say(N_("nothing was published; correct the errors, or use --keep-going")))


def report_remaining_problems(built: Built, voice: Voice) -> None:
    """Say which addresses vanished, and what is wrong with the site."""
    if built.problems or built.remaining:
        from newsfeed.cli.output.remaining_problems import print_remaining_problems

        print_remaining_problems(built.problems, built.remaining, voice)


def report_build(built: Built, started: float, options: BuildOptions, voice: Voice) -> None:
    """Say what a build did. ``started``: when it began, by the monotonic clock."""
    try:
        print_build(built, time.monotonic() - started, voice, as_json=options.as_json)
    except BrokenPipeError:  # the reader of our output went away; the site is published all the same
        sys.stderr.close()
