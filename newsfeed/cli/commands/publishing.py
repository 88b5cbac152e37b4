"""``newsfeed publish``: what was pushed goes on the site, once."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.context import DEFAULT_OUTPUT
from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import MomentParam, json_option, now_option, output_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsfeed.cli.context import CommandContext
    from newsfeed.settings import Settings

DONE, PROBLEMS = 0, 1
_LONGEST_WAIT = timedelta(minutes=1)
"""A moment that is further away is not waited for."""
_ANNOUNCING = 30.0
"""Seconds after which a command begins no further request; the next one goes on."""


@click.command(
    cls=TranslatedCommand,
    help=N_("Fetch the repository of config.toml, build its newest commit and publish it, once: for cron.")
    + "\n\n"
    + N_("A commit with errors is refused: they are told, and the site stays as it was.")
    + "\n\n"
    + N_("Stories that came due appear, and those that expired go, also without a new commit."),
)
@output_option(N_("Write the site here."), default=DEFAULT_OUTPUT)
@click.option("--due", is_flag=True, help=N_("Only let stories come due and expire; fetch nothing."))
@click.option("--again", is_flag=True, help=N_("Try the newest commit once more, although it was refused."))
@click.option(
    "--at",
    type=MomentParam(),
    metavar="MOMENT",
    help=N_("Wait for this moment, if it is less than a minute away (ISO 8601)."),
)
@now_option(N_("Build the site as of this moment (ISO 8601)."))
@json_option(N_("Print the summary as JSON."))
@click.pass_obj
def publish(context: CommandContext, /, **given: Any) -> int:
    """Run ``newsfeed publish``."""
    fetch = not given.pop("due")
    return publish_once(context, PublishOptions(fetch=fetch, **given))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOptions:
    """The options of ``newsfeed publish``."""

    output: str | None = None
    fetch: bool = True
    again: bool = False
    """Try a commit once more that was refused before."""
    at: datetime | None = None
    """The moment to wait for."""
    now: datetime | None = None
    as_json: bool = False

    def clock(self, context: CommandContext) -> datetime:
        """Return the moment, after a wait for the one that is to come, when that is near."""
        moment = context.now(self.now)
        if self.at is None or not timedelta() < self.at - moment <= _LONGEST_WAIT:
            return moment
        time.sleep((self.at - moment).total_seconds())
        return max(self.at, context.now(self.now))


def publish_once(context: CommandContext, options: PublishOptions) -> int:
    """Publish what is new, and tell everybody concerned; return the exit status."""
    from newsfeed.app.publishing import REFUSED, load_service_settings, open_publisher
    from newsfeed.cli.output.problems import print_problems_to_stderr
    from newsfeed.cli.output.publications import publication_summary
    from newsfeed.cli.output.terminal import print_result
    from newsfeed.cli.publish_reports import report_publication

    voice, settings = user_voice(), load_service_settings(context.root)
    publisher = open_publisher(context.root, context.output(options.output), {**os.environ}, settings)
    with without_secrets(settings):
        done = publisher.publish(lambda: options.clock(context), fetch=options.fetch, again=options.again)
    if done.problems:
        print_problems_to_stderr(done.problems, voice)
    report_publication(publisher, settings, done, context.now(options.now))
    if done.changed_feeds and settings.hubs:
        announce(context, publisher.output, done.changed_feeds, options.now)
    print_result(*publication_summary(done, voice), as_json=options.as_json)
    return PROBLEMS if done.outcome == REFUSED else DONE


@contextmanager
def without_secrets(settings: Settings) -> Iterator[None]:
    """Keep secrets out of the environment while templates of a commit are run, which are code: also out of
    that of processes that are begun meanwhile.
    """
    from newsfeed.config.credentials import list_secret_variables

    names = list_secret_variables(settings)
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


def announce(context: CommandContext, output: Path, feeds: Sequence[str], now: datetime | None) -> None:
    """Keep the requests that tell of changed feeds; make them here when no service does. What fails is said:
    the site is published all the same.
    """
    from newsfeed.app.publish_service import is_running
    from newsfeed.app.websub import announce_changed_feeds, open_websub_context
    from newsfeed.cli.output.terminal import print_error
    from newsfeed.errors import NewsfeedError
    from newsfeed.websub.requests import make_due_requests

    try:
        with context.open_delivery() as delivery:
            announce_changed_feeds(delivery, feeds, context.now(now))
            if not is_running(context.root):
                deadline = time.monotonic() + _ANNOUNCING
                report = partial(print_error, voice=user_voice())
                requests = open_websub_context(delivery, output, lambda: context.now(now), report)
                make_due_requests(requests, lambda: time.monotonic() > deadline)
    except NewsfeedError as error:
        print_error(error, user_voice())
