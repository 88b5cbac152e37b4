"""Interfaces of many workers at once: tasks and who runs them, batches and their leases, and who is alive."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from newsfeed.errors import NewsfeedError
    from newsfeed.records import AddressedDelivery, BatchCounts, BatchLease, WorkerRecord


@dataclass(frozen=True, slots=True)
class QueueTask:
    """A verb that is to be run by somebody, with plain arguments."""

    name: str
    queue: str
    """Workers say which queues they serve."""
    arguments: Mapping[str, int] = field(default_factory=dict, hash=False)
    lock: str = ""
    """No two tasks with one lock wait at the same time; empty: any number do."""
    priority: int = 0
    """Of two that wait, the one with the higher number is run first, where machines share the queue."""


@dataclass(frozen=True, slots=True)
class TaskShift:
    """The work of one worker: what it runs, how often by itself, how much at a time."""

    verbs: Mapping[str, Callable[..., object]]
    """Task → what is called, with its arguments by name."""
    queues: Sequence[str]
    periodic: Mapping[QueueTask, int]
    """Task → seconds between two runs, over all workers together."""
    concurrency: int
    report: Callable[[NewsfeedError], None]
    """Takes what a task failed with; nothing is run again because of it: what is true is in the ledger."""


class TaskQueue(Protocol):
    """Carries tasks to workers. It may lose one, or run it late, or twice: verbs ask the ledger."""

    def defer(self, tasks: Sequence[QueueTask], transaction: object = None) -> None:
        """Let tasks be run; those whose lock waits already are left out.

        ``transaction``: the store's open connection; the tasks are there when it commits and never were when
        it does not. A queue that keeps nothing forgets them: whoever looks for what is due finds the work.
        """

    def work(self, shift: TaskShift, stop: threading.Event) -> None:
        """Run tasks until the stop; then wait a few seconds for those that run."""

    def close(self) -> None:
        """Close connections."""


class Batches(Protocol):
    """The ledger as workers use it: deliveries in batches, each sent by whoever holds its lease.

    Leases run by the database's clock, for machines disagree about the time.
    """

    def due(self, now: datetime) -> Sequence[int]:
        """Return the batches with deliveries that are due and that nobody holds, oldest first."""

    def take(self, batch: int, holder: str, seconds: float, now: datetime) -> BatchLease | None:
        """Take a batch for some seconds; ``None`` while a living holder has it. Deliveries that the holder
        before had on the wire become unknown. ``holder``: an owner's name.
        """

    def claim(
        self, lease: BatchLease, now: datetime, limit: int, without: Collection[str] = ()
    ) -> Sequence[AddressedDelivery]:
        """Claim deliveries of the batch that are due, but not of these groups of receivers; none when the
        lease is not valid any more.
        """

    def postpone(self, lease: BatchLease, receivers: str, until: datetime) -> None:
        """Make what waits in the batch for a group of receivers due at a moment, and not before."""

    def renew(self, lease: BatchLease, seconds: float) -> bool:
        """Hold a batch for some seconds from now; ``False``: it is not ours any more."""

    def give_back(self, lease: BatchLease) -> None:
        """End a lease; it is no error when it has ended before."""

    def recover(self, now: datetime) -> int:
        """End the leases that ran out or whose holder is dead; return how many deliveries became unknown."""

    def adopt(self, limit: int) -> int:
        """Put deliveries that wait outside batches into some; return how many there were."""

    def count(self, now: datetime) -> BatchCounts:
        """Return the number of batches that are not finished, and since when one waits for a worker."""


class Workers(Protocol):
    """Keeps the processes that run tasks."""

    def register(self, name: str, host: str, queues: Sequence[str], concurrency: int) -> None:
        """Keep a worker that has just begun, under its owner's name; forget those that have died, and those
        not seen for a day.
        """

    def beat(self, name: str) -> bool:
        """Note a sign of life; ``False``: the worker is not known any more. Who registered while its
        connection was cut, such as after a restart of the database, took it for dead.
        """

    def leave(self, name: str) -> None:
        """Forget a worker."""

    def all(self) -> tuple[Sequence[WorkerRecord], datetime]:
        """Return all workers, and what the database's clock says now."""


class Owners(Protocol):
    """Registers the processes that claim deliveries, and tells which of them live: a killed one is known to
    be dead at once, without any waiting.
    """

    def register(self) -> str:
        """Return a new owner's name; it lives until `leave`, or until its process ends in any way."""

    def leave(self, owner: str) -> None:
        """End an owner's life."""

    def is_alive(self, owner: str) -> bool:
        """Tell whether an owner, here or in another process, still lives."""

    def hold_on(self) -> None:
        """Let the owners registered here live on that others take for dead, since a connection was cut."""
