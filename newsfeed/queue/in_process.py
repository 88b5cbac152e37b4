"""Tasks of one process: APScheduler's executor runs them, and nothing is kept.

What was deferred by a process that died is found again by whoever looks for what is due.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from newsfeed.scheduling.jobs import JobBoard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.queue_ports import QueueTask, TaskShift

_LAST_WAIT = 8.0
"""Seconds in which tasks have to end after the stop."""


class InProcessQueue:
    """Implements `newsfeed.queue_ports.TaskQueue` in the memory of this process."""

    def __init__(self) -> None:
        self._waiting: dict[str, QueueTask] = {}
        self._running = 0
        self._number = 0
        self._lock = threading.Condition()
        self._shift: TaskShift | None = None
        self._board: JobBoard | None = None

    def defer(self, tasks: Sequence[QueueTask], transaction: object = None) -> None:
        """Let tasks be run. Of a transaction we cannot know how it ends: what it leaves is found when it is
        due.
        """
        if transaction is not None:
            return
        for task in tasks:
            with self._lock:
                if task.lock in self._waiting:
                    continue
                self._number += 1
                name = task.lock or f"{task.name} {self._number}"
                self._waiting[name] = task
            self._begin(name, task)

    def work(self, shift: TaskShift, stop: threading.Event) -> None:
        """Run tasks, those that wait first, until the stop."""
        board = JobBoard(lambda: datetime.now(UTC), shift.report, threads=shift.concurrency)
        self._shift, self._board = shift, board
        for task, seconds in shift.periodic.items():
            if task.queue in shift.queues:
                board.every(
                    f"every {seconds} s: {task.name}", seconds, partial(self.defer, [task]), at_once=True
                )
        board.start()
        try:
            for name, task in list(self._waiting.items()):
                self._begin(name, task)
            stop.wait()
        finally:
            self._board = None
            board.stop()
            self._wait_for_running()

    def close(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def _begin(self, name: str, task: QueueTask) -> None:
        board, shift = self._board, self._shift
        if board is None or shift is None or task.queue not in shift.queues:
            return
        with self._lock:
            self._number += 1
            job = f"{name} #{self._number}"
        board.once(job, datetime.now(UTC), partial(self._run, shift, name, task))

    def _run(self, shift: TaskShift, name: str, task: QueueTask) -> None:
        with self._lock:
            if self._waiting.pop(name, None) is None:  # begun twice, as the work began
                return
            self._running += 1
        try:
            shift.verbs[task.name](**task.arguments)  # what it raises is reported by the board
        finally:
            with self._lock:
                self._running -= 1
                self._lock.notify_all()

    def _wait_for_running(self) -> None:
        deadline = time.monotonic() + _LAST_WAIT
        with self._lock:
            self._lock.wait_for(lambda: not self._running, timeout=max(deadline - time.monotonic(), 0))
