"""``newsfeed digest``, ``send`` and ``run``: look at an issue, send what is due once, or stay and do so."""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.context import DEFAULT_OUTPUT
from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import NumberParam, json_option, log_options, now_option, output_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newsfeed.app.metrics import ServiceTotals
    from newsfeed.app.service import ServiceSetup
    from newsfeed.app.web import WebService
    from newsfeed.cli.context import CommandContext
    from newsfeed.cli.output.progress import Progress
    from newsfeed.cli.output.service_log import ServiceLog
    from newsfeed.records import AddressedDelivery, Reply
    from newsfeed.scheduling.stopping import StopSignal

DONE, PROBLEMS, TROUBLE = 0, 1, 3
PARTS = (WEB, SEND, PUBLISH) = ("web", "send", "publish")
"""Parts of the service that can run by themselves, as `newsfeed.app.service` has them."""


@click.command(
    cls=TranslatedCommand,
    help=N_("Compose the newest issue of digest NAME into a folder, to look at: it reaches nobody.")
    + "\n\n"
    + N_("One mail for each reader, in their language: the store's readers, or those of the audience file.")
    + "\n\n"
    + N_("With --open, --html or --to it is the next issue, as the store's readers will get it."),
)
@click.argument("name")
@now_option(N_("Compose the issue of the last slot before this moment (ISO 8601)."))
@output_option(N_("Put the mails here instead of the outbox."))
@click.option("--dry-run", is_flag=True, help=N_("Compose, print a summary, hand over nothing."))
@json_option(N_("Print the summary as JSON."))
@click.option(
    "--open", "is_shown", is_flag=True, help=N_("Show the next issue in the browser, in all languages.")
)
@click.option(
    "--html", "folder", metavar="DIR", help=N_("Write the next issue as a page and its mails here.")
)
@click.option(
    "--to", "address", metavar="ADDRESS", help=N_("Send one mail of the next issue here, as a test.")
)
@click.option(
    "--drafts",
    "has_drafts",
    is_flag=True,
    help=N_("Show the next issue as if its drafts were published; each is marked."),
)
@click.pass_obj
def digest(context: CommandContext, /, **given: Any) -> int:
    """Run ``newsfeed digest``."""
    from newsfeed.cli.previewing import NextIssueOptions, show_next_issue

    name, now, folder, address = given["name"], given["now"], given["folder"], given["address"]
    if given["is_shown"] or folder or address or given["has_drafts"]:
        options = NextIssueOptions(
            folder,
            address or "",
            is_shown=given["is_shown"],
            has_drafts=given["has_drafts"],
            as_json=given["as_json"],
        )
        return show_next_issue(context, name, context.now(now), options)
    return _compose_newest(
        context, name, now, given["output"], dry_run=given["dry_run"], as_json=given["as_json"]
    )


def _compose_newest(
    context: CommandContext,
    name: str,
    now: datetime | None,
    output: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Compose the mails of the newest issue for its readers."""
    from newsfeed.app import site as app
    from newsfeed.app.previews import send_digest
    from newsfeed.cli.output.previews import preview_summary
    from newsfeed.cli.output.problems import print_problems_to_stderr
    from newsfeed.cli.output.terminal import print_result
    from newsfeed.problems import select_errors

    voice, moment = user_voice(), context.now(now)
    site = app.read(context.root, moment)
    errors = select_errors(site.problems)
    if errors:
        print_problems_to_stderr(errors, voice)
        return PROBLEMS
    outcome = send_digest(site, name, moment, Path(output) if output else None, os.environ, dry_run=dry_run)
    if outcome.problems:
        print_problems_to_stderr(outcome.problems, voice)
    print_result(*preview_summary(outcome, voice), as_json=as_json)
    return PROBLEMS if select_errors(outcome.problems) else DONE


@click.command(cls=TranslatedCommand, help=N_("Plan and send everything that is due now, once: for cron."))
@now_option(
    N_("Set the clock to this moment (ISO 8601) while the command runs; what is sent then, is sent for good.")
)
@json_option(N_("Print the summary as JSON."))
@click.pass_obj
def send(context: CommandContext, now: datetime | None, as_json: bool) -> int:
    """Run ``newsfeed send``."""
    from newsfeed.app.delivery import open_round_context
    from newsfeed.app.store_problems import describe_orphans
    from newsfeed.cli.output.deliveries import print_round
    from newsfeed.cli.output.problems import print_problems_to_stderr
    from newsfeed.cli.output.progress import Progress
    from newsfeed.delivery.rounds import run_send_round
    from newsfeed.scheduling.stopping import StopSignal

    voice, clock, stop = user_voice(), context.clock(now), StopSignal()
    with context.open_delivery() as delivery:
        # when it is to end, what is on the wire is finished, and nothing begun
        with Progress(voice.say(N_("sending"))) as progress, stop.listening():
            round_context = open_round_context(delivery, clock, _Counter(progress), os.environ)
            done = run_send_round(round_context, stop.event)
        settings = delivery.settings
    to_stderr = settings.mail.channel == "stdout"
    print_round(done, settings, clock(), voice, as_json=as_json, to_stderr=to_stderr)
    orphans = describe_orphans(done.orphaned, settings)
    if orphans:
        print_problems_to_stderr(orphans, voice)
    if done.unplanned is not None:
        raise done.unplanned
    return TROUBLE if done.counts.trouble else PROBLEMS if orphans else DONE


@click.command(
    cls=TranslatedCommand,
    help=N_("Stay, and send what is due when it is due; SIGTERM ends it cleanly.")
    + "\n\n"
    + N_("With [web] it also serves the site, and with base_url there the pages where readers subscribe.")
    + "\n\n"
    + N_("With [publish] it also publishes what is pushed, and lets stories come due at their minute."),
)
@now_option(N_("Set the clock to this moment (ISO 8601) when the service starts."))
@output_option(N_("The published site."), default=DEFAULT_OUTPUT)
@click.option("--only", type=click.Choice(PARTS), default=None, help=N_("Do only this part of the work."))
@click.option(
    "--metrics-port",
    type=NumberParam(0, 65_535),
    metavar="N",
    default=None,
    help=N_("Where Prometheus asks this process, instead of the port in config.toml; 0: nowhere."),
)
@log_options
@click.pass_obj
def run(context: CommandContext, /, **given: Any) -> None:
    """Run ``newsfeed run``."""
    from newsfeed.app import service
    from newsfeed.app.metrics import ServiceTotals
    from newsfeed.cli.output.library_lines import hear_libraries
    from newsfeed.cli.output.log_lines import LogLines
    from newsfeed.cli.output.service_log import ServiceLog
    from newsfeed.scheduling.stopping import StopSignal

    now, only = given["now"], given["only"]
    clock, stop, totals = context.clock(now), StopSignal(), ServiceTotals()
    hear_libraries(LogLines(clock, given["form"], given["least"]))
    with stop.listening(), context.open_delivery() as delivery:
        log = ServiceLog(delivery.secret, clock, given["form"], given["least"])
        parts = (only,) if only else service.usual_parts(delivery.settings)
        log.starting(parts, context.root.absolute(), delivery.settings)
        setup = service.ServiceSetup(
            delivery=delivery,
            parts=parts,
            output=context.output(given["output"]),
            clock=clock,
            is_clock_set=now is not None,
            reports=totals.counting(
                service.ServiceReports(
                    log.delivery, log.round, log.trouble, log.published, log.returned, log.paused
                )
            ),
            environment=os.environ,
            stop=stop,
        )
        with _answering(setup, log) as web, _measuring(setup, totals, web, given["metrics_port"]):
            if sys.stderr.isatty():
                log.greet(parts, delivery.settings, user_voice())
            _spare_the_collector()
            service.run_service(replace(setup, landed=web.reload) if web else setup)


@contextmanager
def _answering(setup: ServiceSetup, log: ServiceLog) -> Iterator[WebService | None]:
    """Answer on the web meanwhile, where that is a part of the service."""
    if WEB not in setup.parts:
        yield None
        return
    from newsfeed.app.web import open_web_service

    web = setup.delivery.settings.web
    service = open_web_service(
        setup.delivery, setup.output, setup.clock, log.web_failure, log.web_warning, setup.environment
    )
    service.start()
    log.listening(web.address_at(service.server.port), web.base_url)
    # answers end while messages on the wire do: one after the other would take too long
    ending = threading.Thread(target=_stop_after, args=(setup.stop, service), name="ending", daemon=True)
    ending.start()
    try:
        yield service
    finally:
        setup.stop.set()
        ending.join()


def _spare_the_collector() -> None:
    """Let garbage be looked for only among what comes from now on: to look through the whole program stops
    everybody's answers for a tenth of a second, again and again.
    """
    gc.collect()
    gc.freeze()


def _stop_after(stop: StopSignal, service: WebService) -> None:
    stop.wait()
    service.stop()


@contextmanager
def _measuring(
    setup: ServiceSetup, totals: ServiceTotals, web: WebService | None, port: int | None
) -> Iterator[None]:
    """Tell Prometheus meanwhile, where there is a port for it."""
    from newsfeed.app.metrics import open_metrics

    server = open_metrics(setup, totals, web, port)
    try:
        yield
    finally:
        if server is not None:
            server.stop()


class _Counter:
    """Counts outcomes for a progress line."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._number = 0

    def __call__(self, outgoing: AddressedDelivery, state: str, reply: Reply) -> None:
        self._number += 1
        self._progress(self._number)
