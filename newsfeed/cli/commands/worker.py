"""``newsfeed worker``: run tasks beside other workers, on this machine and others."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from newsfeed.cli.context import DEFAULT_OUTPUT
from newsfeed.cli.help import TranslatedCommand
from newsfeed.cli.options import NumberParam, log_options, now_option, output_option
from newsfeed.cli.output.voice import user_voice
from newsfeed.core.delivery.tasks import QUEUES, USUAL_QUEUES
from newsfeed.marking import N_

if TYPE_CHECKING:
    from newsfeed.cli.context import CommandContext


class QueuesParam(click.ParamType[tuple[str, ...]]):
    """Names of queues, with commas between them."""

    name = "queues"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Read ``plan,send``; fail when a name is none."""
        if isinstance(value, tuple):
            return value
        names = [word.strip() for word in value.split(",")]
        for name in names:
            if name not in QUEUES:
                sentence = N_("“{name}” is no queue; there are: {known}")
                self.fail(user_voice().say(sentence, name=name, known=", ".join(QUEUES)), param, ctx)
        return tuple(dict.fromkeys(names))


@click.command(
    cls=TranslatedCommand,
    help=N_("Run tasks from the store's queue, on as many machines as you like; SIGTERM ends it cleanly.")
    + "\n\n"
    + N_("With PostgreSQL workers share all tasks; with SQLite one worker runs them within itself."),
)
@now_option(N_("Set the clock to this moment (ISO 8601) when the worker starts."))
@output_option(N_("The published site."), default=DEFAULT_OUTPUT)
@click.option(
    "--queues",
    type=QueuesParam(),
    metavar="NAMES",
    default=",".join(USUAL_QUEUES),
    show_default=True,
    help=N_("Serve these queues, with commas between them."),
)
@click.option(
    "--concurrency",
    type=NumberParam(1, 64),
    metavar="N",
    default=2,
    show_default=True,
    help=N_("Run so many tasks at a time; they share the connections of the channel."),
)
@log_options
@click.pass_obj
def worker(context: CommandContext, /, **given: Any) -> None:
    """Run ``newsfeed worker``."""
    from newsfeed.app.worker import WorkerReports, WorkerSetup, run_worker
    from newsfeed.cli.output.library_lines import hear_libraries
    from newsfeed.cli.output.log_lines import LogLines
    from newsfeed.cli.output.service_log import ServiceLog
    from newsfeed.scheduling.stopping import StopSignal

    clock, stop = context.clock(given["now"]), StopSignal()
    hear_libraries(LogLines(clock, given["form"], given["least"]))
    with stop.listening(), context.open_delivery() as delivery:
        log = ServiceLog(delivery.secret, clock, given["form"], given["least"])
        log.starting(given["queues"], context.root.absolute(), delivery.settings)
        reports = WorkerReports(
            log.delivery, log.planned, log.sent, log.trouble, log.published, log.returned, log.paused
        )
        run_worker(
            WorkerSetup(
                delivery=delivery,
                queues=given["queues"],
                concurrency=given["concurrency"],
                output=context.output(given["output"]),
                clock=clock,
                reports=reports,
                environment=os.environ,
                stop=stop,
            )
        )
