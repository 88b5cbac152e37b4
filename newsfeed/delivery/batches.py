"""Send batches: whoever holds the lease of one sends it; what is due and nobody's is deferred again."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.core.delivery.tasks import TICK, send_batch_task
from newsfeed.delivery.sender import SendCounts, Sender
from newsfeed.errors import OutsideError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from newsfeed.delivery.sender import SenderContext
    from newsfeed.ports import SendQueue
    from newsfeed.queue_ports import Batches, TaskQueue
    from newsfeed.records import AddressedDelivery, BatchLease, DeliveryResult, WaitingMails

LEASE = 60.0
"""Seconds after which a worker that says nothing has lost its batch."""
_RENEWALS = 4
"""Signs of life within a lease: some may come late."""
_LOOK = 0.2
"""Seconds between two looks whether the worker is to stop."""
_PAUSE = 1.0
"""Seconds until a ledger that could not be written to is tried again."""
_ADOPTED = 5_000
"""Deliveries of no batch that are put into some at a time."""


@dataclass(frozen=True, slots=True)
class BatchContext:
    """All that a worker sends batches with."""

    batches: Batches
    queue: TaskQueue
    sender_context: SenderContext
    """Its owner is the name of this worker, and its connections those of one batch."""
    lease: float = LEASE


class BatchSender:
    """Sends the batches of one process: so many at a time that its connections go round, and none for a while
    after no relay could be reached.
    """

    def __init__(self, context: BatchContext, concurrency: int) -> None:
        connections = max(context.sender_context.connections, 1)
        slots = min(concurrency, connections)
        self._slots = threading.Semaphore(slots)
        self._shares = [len(range(slot, connections, slots)) for slot in range(slots)]
        """Connections of each batch that may be sent now."""
        self._context = context
        self._rest_until = 0.0
        self._put_back: dict[str, dict[int, None]] = {}
        """Group of receivers → batches that found all connections to it taken, in this order."""
        self._lock = threading.Lock()

    def send(self, number: int, stop: threading.Event) -> SendCounts:
        """Send what is due of a batch, when its turn has come. What is not sent is found again."""
        while not self._slots.acquire(timeout=_LOOK):
            if stop.is_set():
                return SendCounts()
        connections = self._shares.pop()
        try:
            if time.monotonic() < self._rest_until:
                return SendCounts()
            sender = replace(self._context.sender_context, connections=connections)
            counts = send_batch(replace(self._context, sender_context=sender), number, stop)
            self._let_others_follow(number, counts)
            if counts.trouble:
                self._rest_until = time.monotonic() + TICK
            return counts
        finally:
            self._shares.append(connections)
            self._slots.release()

    def _let_others_follow(self, number: int, counts: SendCounts) -> None:
        """Remember a batch that was put back; after one that was sent, the next of each group has its turn,
        sooner than it would be found.
        """
        following: set[int] = set()
        with self._lock:
            for name in counts.crowded:
                self._put_back.setdefault(name, {})[number] = None
            if counts.states:
                for waiting in self._put_back.values():
                    following.update(list(waiting)[:1])
                self._put_back = {
                    name: left
                    for name, waiting in self._put_back.items()
                    if (left := {one: None for one in waiting if one not in following})
                }
        self._context.queue.defer([send_batch_task(one) for one in sorted(following)])


def send_batch(context: BatchContext, number: int, stop: threading.Event) -> SendCounts:
    """Send what is due of a batch; nothing, when somebody else holds it.

    The lease is prolonged meanwhile. Once it is lost nothing more is begun, and whatever comes in late is not
    written: deliveries carry the number of another lease by then.
    """
    sender = context.sender_context
    lease = context.batches.take(number, sender.owner, context.lease, sender.clock())
    if lease is None:
        return SendCounts()
    try:
        with _held(context, lease, stop) as over:
            mine = replace(
                sender,
                send_queue=LeasedDeliveries(sender.send_queue, context.batches, lease),
                owner=lease.owner,
                unsaved=[],
                halt=lambda: sender.halt() if stop.is_set() else None,  # others of this worker go on
            )
            counts = Sender(mine, over).run()
            _save(mine, over)
            for name, until in sender.traffic.paused.items():
                context.batches.postpone(lease, name, until)  # else it would be found every few seconds
            return counts
    finally:
        context.batches.give_back(lease)


def find_batches(context: BatchContext) -> int:
    """Defer a task for every batch that has something due and is nobody's: of a dead worker, of a task that
    was lost, or with a message whose next try has come. Returns how many there are.
    """
    now = context.sender_context.clock()
    context.batches.adopt(_ADOPTED)
    due = context.batches.due(now)
    context.queue.defer([send_batch_task(number) for number in due])
    return len(due)


def _save(context: SenderContext, over: threading.Event) -> None:
    """Record the results that the ledger could not take: while the lease lasts it may be back."""
    while context.unsaved and not over.is_set():
        try:
            context.send_queue.record(context.unsaved, (), context.owner, context.clock())
            context.unsaved.clear()
        except OutsideError:
            over.wait(_PAUSE)


@contextmanager
def _held(context: BatchContext, lease: BatchLease, stop: threading.Event) -> Iterator[threading.Event]:
    """Prolong a lease until the end; yield an event that is set at the stop, or when the lease is lost."""
    over, finished = threading.Event(), threading.Event()
    if stop.is_set():
        over.set()
    keeper = threading.Thread(
        target=_keep, args=(context, lease, stop, over, finished), name="lease", daemon=True
    )
    keeper.start()
    try:
        yield over
    finally:
        finished.set()
        keeper.join()


def _keep(
    context: BatchContext,
    lease: BatchLease,
    stop: threading.Event,
    over: threading.Event,
    finished: threading.Event,
) -> None:
    """Renew a lease some times within its length. One that cannot be renewed for as long as it lasts is lost:
    the process may have been stopped meanwhile, or the database be gone.
    """
    renewed = time.monotonic()
    while not finished.wait(_LOOK):
        if stop.is_set():
            over.set()
        if time.monotonic() < renewed + context.lease / _RENEWALS:
            continue
        begun = time.monotonic()
        try:
            is_ours = context.batches.renew(lease, context.lease)
        except OutsideError:  # the database may be back before the lease is over
            is_ours = begun < renewed + context.lease
        else:
            renewed = begun
        if not is_ours:
            over.set()
            return


class LeasedDeliveries:
    """The ledger within one batch (`newsfeed.ports.SendQueue`): claims are made under its lease, and the
    lease's name is the owner of all that is recorded.
    """

    def __init__(self, ledger: SendQueue, batches: Batches, lease: BatchLease) -> None:
        self._ledger = ledger
        self._batches = batches
        self._lease = lease

    def claim(
        self, owner: str, now: datetime, limit: int, without: Collection[str] = ()
    ) -> Sequence[AddressedDelivery]:
        """Claim deliveries of the batch."""
        return self._batches.claim(self._lease, now, limit, without)

    def record(
        self, results: Sequence[DeliveryResult], beginning: Sequence[int], owner: str, now: datetime
    ) -> Sequence[str]:
        """Record results and intents, of those deliveries that are still the lease's."""
        return self._ledger.record(results, beginning, self._lease.owner, now)

    def release(self, owner: str) -> None:
        """Give back what was claimed and not begun."""
        self._ledger.release(self._lease.owner)

    def put_off(self, numbers: Sequence[int], owner: str, until: datetime | None = None) -> None:
        """Give back some of what was claimed and not begun."""
        self._ledger.put_off(numbers, self._lease.owner, until)

    def recover(self, now: datetime) -> int:
        """Free what dead owners had."""
        return self._ledger.recover(now)

    def count_due(self, now: datetime) -> tuple[int, datetime | None]:
        """Count what is due in the whole ledger."""
        return self._ledger.count_due(now)

    def count_waiting(self, now: datetime) -> WaitingMails:
        """Count what waits in the whole ledger."""
        return self._ledger.count_waiting(now)
