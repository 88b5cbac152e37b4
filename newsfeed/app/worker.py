"""Wire a worker: the tasks it runs, over which queue, and how others see that it lives."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.app.delivery import open_round_context, store_url
from newsfeed.app.returned_mails import read_mailboxes
from newsfeed.app.websub import is_announcing, open_websub_context
from newsfeed.core.delivery import tasks
from newsfeed.delivery import batches
from newsfeed.delivery.batches import BatchContext, BatchSender
from newsfeed.delivery.rounds import plan_round, send_service_mails, spare_a_connection
from newsfeed.delivery.sender import SendCounts
from newsfeed.delivery.service import PLAN_AGAIN
from newsfeed.errors import NewsfeedError, OutsideError
from newsfeed.marking import NOTHING
from newsfeed.queue import open_queue
from newsfeed.queue_ports import TaskShift
from newsfeed.websub.requests import make_due_requests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.bounces.process import BounceCounts
    from newsfeed.delivery.rounds import PlanningResult, RoundContext
    from newsfeed.marking import Sentence
    from newsfeed.queue_ports import QueueTask, TaskQueue
    from newsfeed.receiver_ports import ReceiverState
    from newsfeed.records import AddressedDelivery, Reply
    from newsfeed.scheduling.stopping import StopSignal

_BEAT = 5.0
"""Seconds between two signs of life."""


@dataclass(frozen=True, slots=True)
class WorkerReports:
    """Those who hear of what a worker does."""

    delivery: Callable[[AddressedDelivery, str, Reply], None]
    planned: Callable[[PlanningResult], None]
    sent: Callable[[int, SendCounts], None]
    """Takes the number of a batch, 0 for service mails, and what became of its messages."""
    trouble: Callable[[NewsfeedError], None]
    published: Callable[[Mapping[str, Any]], None]
    returned: Callable[[Sequence[BounceCounts]], None]
    paused: Callable[[ReceiverState], None]
    """Hears of groups of receivers that are left alone from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSetup:
    """A worker that is to run."""

    delivery: DeliveryContext
    queues: Sequence[str]
    concurrency: int
    output: Path
    """The published site, for those who serve the queue *publish*."""
    clock: Callable[[], datetime]
    reports: WorkerReports
    environment: Mapping[str, str]
    stop: StopSignal
    lease: float = batches.LEASE
    """Seconds after which a worker that says nothing has lost its batch."""


def run_worker(setup: WorkerSetup) -> None:
    """Run tasks until the stop; then finish what is on the wire, within ten seconds."""
    store = setup.delivery.store
    queue = open_queue(store_url(setup.delivery.root, setup.delivery.settings.store))
    try:
        context = spare_a_connection(
            open_round_context(
                setup.delivery,
                setup.clock,
                setup.reports.delivery,
                setup.environment,
                queue,
                setup.reports.paused,
                setup.stop.event.wait,
            )
        )
        name = context.sender_context.owner
        _register(setup, name)
        with _signs_of_life(setup, name), _mails_to_people(setup, context):
            queue.work(_shift(setup, context, queue), setup.stop.event)
        store.workers.leave(name)
    finally:
        queue.close()


def _shift(setup: WorkerSetup, context: RoundContext, queue: TaskQueue) -> TaskShift:
    verbs = {task.name: verb for task, verb in _periodic_verbs(setup, context, queue).items()}
    sender = BatchSender(_batch_context(setup, context, queue), setup.concurrency)

    def send_batch(batch: int) -> None:
        setup.reports.sent(batch, sender.send(batch, setup.stop.event))

    return TaskShift(
        verbs={**verbs, tasks.SEND_BATCH: send_batch},
        queues=setup.queues,
        periodic={task: tasks.PERIODIC[task] for task in tasks.PERIODIC if task.name in verbs},
        concurrency=setup.concurrency,
        report=setup.reports.trouble,
    )


def _batch_context(setup: WorkerSetup, context: RoundContext, queue: TaskQueue) -> BatchContext:
    return BatchContext(setup.delivery.store.batches, queue, context.sender_context, setup.lease)


def _periodic_verbs(
    setup: WorkerSetup, context: RoundContext, queue: TaskQueue
) -> Mapping[QueueTask, Callable[[], object]]:
    """Return what is done now and then by this worker: of the queues it serves, and where there is a need."""
    settings, store = setup.delivery.settings, setup.delivery.store
    batch_context = _batch_context(setup, context, queue)

    def find_batches() -> None:
        plan_round(context, survey=False, plan=False)
        batches.find_batches(batch_context)

    def read() -> None:
        setup.reports.returned(
            read_mailboxes(
                setup.delivery,
                settings.mailboxes,
                setup.clock(),
                setup.environment,
                setup.reports.paused,
            )
        )

    def forget() -> None:
        context.verify_store()
        context.note_sending()
        context.forget_unconfirmed(setup.clock())
        store.websub.forget_expired(setup.clock())

    verbs: dict[QueueTask, Callable[[], object]] = {
        tasks.PLAN_ISSUES: _planner(setup, context, batch_context),
        tasks.FIND_BATCHES: find_batches,
        tasks.FORGET: forget,
    }
    if settings.mailboxes:
        verbs[tasks.READ_MAILBOXES] = read
    if settings.publish.enabled:
        verbs[tasks.PUBLISH_COMMIT] = _publish(setup)
    if is_announcing(setup.delivery):
        requests = open_websub_context(setup.delivery, setup.output, setup.clock, setup.reports.trouble)
        verbs[tasks.PING_FEEDS] = lambda: make_due_requests(requests, setup.stop.is_set)
    return {task: verb for task, verb in verbs.items() if task.queue in setup.queues}


def _planner(setup: WorkerSetup, context: RoundContext, batch_context: BatchContext) -> Callable[[], None]:
    """Return what plans the issues that are due. A site with errors is read again after some minutes."""
    wait_until = 0.0

    def plan_issues() -> None:
        nonlocal wait_until
        if time.monotonic() < wait_until:
            return
        planned = plan_round(context, survey=False, recover=False)
        setup.reports.planned(planned)
        if planned.frozen:
            batches.find_batches(batch_context)
        if planned.unplanned is not None:
            wait_until = time.monotonic() + PLAN_AGAIN.total_seconds()
            raise planned.unplanned

    return plan_issues


def _publish(setup: WorkerSetup) -> Callable[[], object]:
    from newsfeed.app.publish_service import PublishCommand

    command = PublishCommand(setup.delivery.root, setup.output, None, setup.environment, setup.stop.event)
    return lambda: setup.reports.published(command(None))


def _register(setup: WorkerSetup, name: str) -> None:
    setup.delivery.store.workers.register(name, socket.gethostname(), setup.queues, setup.concurrency)


@contextmanager
def _signs_of_life(setup: WorkerSetup, name: str) -> Iterator[None]:
    """Note now and then that this worker lives."""
    finished = threading.Event()

    def beat() -> None:
        setup.delivery.store.owners.hold_on()
        if not setup.delivery.store.workers.beat(name):
            _register(setup, name)

    with _again_and_again("signs of life", beat, _BEAT, finished, setup.reports.trouble):
        yield


@contextmanager
def _mails_to_people(setup: WorkerSetup, context: RoundContext) -> Iterator[None]:
    """Send service mails as soon as they are there, where batches are sent: beside the tasks, for the reader
    sits before the mailbox, and all threads may be busy with batches for minutes.
    """
    told: list[Sentence] = [NOTHING]

    def send() -> None:
        trouble = send_service_mails(context)
        if trouble != told[0]:  # it stays the same as long as the relay is gone
            setup.reports.sent(0, SendCounts(trouble=trouble))
        told[0] = trouble

    if tasks.SEND not in setup.queues:
        yield
        return
    with _again_and_again("service mails", send, tasks.PEOPLE_WAIT, setup.stop.event, setup.reports.trouble):
        yield


@contextmanager
def _again_and_again(
    name: str,
    work: Callable[[], None],
    seconds: float,
    finished: threading.Event,
    report: Callable[[NewsfeedError], None],
) -> Iterator[None]:
    """Do something now and then in a thread, whatever goes wrong, until it is finished."""

    def repeat() -> None:
        while not finished.wait(seconds):
            try:
                work()
            except NewsfeedError as error:
                report(error)
            except Exception as error:  # noqa: BLE001 - its words may hold an address; its kind does not
                report(OutsideError(type(error).__name__))

    # A daemon: a relay or a database that hangs must not keep a stopped worker from ending.
    thread = threading.Thread(target=repeat, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join(1.0)
