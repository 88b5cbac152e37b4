"""What every queue does with tasks: the one within a process, and the one over PostgreSQL."""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from newsfeed.errors import NewsfeedError, OutsideError, UsageError
from newsfeed.queue import open_queue
from newsfeed.queue_ports import QueueTask, TaskQueue, TaskShift
from tests.contracts.stores import Place
from tests.delivery.sites import wait_until

ADD = QueueTask("add", "sums", {"a": 2, "b": 3})
FAIL = QueueTask("fail", "sums")
TICK = QueueTask("tick", "clock", lock="tick")


@dataclass
class Worker:
    """A queue, what its tasks did, and what was reported."""

    queue: TaskQueue
    results: list[int] = field(default_factory=list)
    troubles: list[NewsfeedError] = field(default_factory=list)
    verbs: dict[str, Callable[..., object]] = field(default_factory=dict)
    periodic: Mapping[QueueTask, int] = field(default_factory=dict)

    @contextmanager
    def at_work(self, *queues: str, concurrency: int = 2) -> Iterator[threading.Event]:
        """It runs tasks of these queues until the block ends."""
        stop = threading.Event()
        verbs = {"add": lambda a, b: self.results.append(a + b), **self.verbs}
        shift = TaskShift(verbs, queues or ("sums",), self.periodic, concurrency, self.troubles.append)
        thread = threading.Thread(target=self.queue.work, args=(shift, stop))
        thread.start()
        try:
            yield stop
        finally:
            stop.set()
            thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def worker(shared: Place) -> Iterator[Worker]:
    """The queue that goes with a store."""
    shared.open()
    queue = open_queue(shared.url)
    yield Worker(queue)
    queue.close()


def test_tasks_are_run_with_their_arguments(worker: Worker) -> None:
    """Those deferred before there was a worker, and those deferred while one runs."""
    worker.queue.defer([ADD])
    with worker.at_work():
        wait_until(lambda: worker.results == [5])
        worker.queue.defer([QueueTask("add", "sums", {"a": 20, "b": 30}), ADD])
        wait_until(lambda: sorted(worker.results) == [5, 5, 50])
    assert worker.troubles == []


def test_of_one_lock_one_task_waits(worker: Worker) -> None:
    """While it runs another may wait, for it may have looked too early."""
    running, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        running.set()
        worker.results.append(1)
        go_on.wait(30)

    task = QueueTask("hold", "sums", lock="hold")
    worker.verbs["hold"] = hold
    worker.queue.defer([task, task])
    worker.queue.defer([task, ADD])
    with worker.at_work():
        running.wait(30)
        worker.queue.defer([task, task])
        go_on.set()
        wait_until(lambda: sorted(worker.results) == [1, 1, 5])


def test_a_task_that_fails_is_reported_and_stops_nothing(worker: Worker) -> None:
    """By its sentence when it is ours, else by its kind alone: its words may hold an address."""
    errors = [OutsideError("no relay"), ValueError("ann@example.org")]

    def fail() -> None:
        raise errors.pop(0)

    worker.verbs["fail"] = fail
    worker.queue.defer([FAIL])
    with worker.at_work():
        wait_until(lambda: len(worker.troubles) == 1)
        worker.queue.defer([FAIL])
        wait_until(lambda: len(worker.troubles) == 2)
        worker.queue.defer([ADD])
        wait_until(lambda: worker.results == [5])
    assert [error.message for error in worker.troubles] == ["no relay", "ValueError"]


def test_only_queues_that_are_served_are_run(worker: Worker) -> None:
    """The others wait for somebody else."""
    worker.queue.defer([QueueTask("add", "others", {"a": 0, "b": 1}), ADD])
    with worker.at_work("sums"):
        wait_until(lambda: worker.results == [5])
    with worker.at_work("others"):
        wait_until(lambda: worker.results == [5, 1])


def test_what_is_periodic_runs_again_and_again(worker: Worker) -> None:
    """Only where its queue is served."""
    ticks = []
    worker.verbs["tick"] = lambda: ticks.append(1)
    worker.periodic = {TICK: 1, QueueTask("add", "others", {"a": 0, "b": 0}): 1}
    with worker.at_work("clock"):
        wait_until(lambda: len(ticks) >= 2)
    assert worker.results == []


def test_a_transaction_that_is_undone_defers_nothing(worker: Worker, shared: Place) -> None:
    """A task must not run for an issue that never was."""
    store = shared.open()
    with store._database.write() as connection:
        worker.queue.defer([ADD], transaction=connection.connection.driver_connection)
        connection.rollback()
    worker.queue.defer([QueueTask("add", "sums", {"a": 0, "b": 1})])
    with worker.at_work():
        wait_until(lambda: worker.results == [1])


def test_tasks_run_beside_each_other(worker: Worker) -> None:
    """As many as were asked for: each waits here for the other."""
    barrier = threading.Barrier(2, timeout=30)
    worker.verbs["meet"] = barrier.wait
    worker.queue.defer([QueueTask("meet", "sums"), QueueTask("meet", "sums"), ADD])
    with worker.at_work(concurrency=2):
        wait_until(lambda: worker.results == [5])
    assert worker.troubles == []


def test_the_stop_waits_for_a_task_that_ends(worker: Worker) -> None:
    """What is on the wire is finished."""
    running, is_known = threading.Event(), threading.Event()

    def send() -> None:
        running.set()
        assert is_known.wait(30)  # the task may begin before the test has the event that stops it
        stop.wait(30)
        worker.results.append(9)

    worker.verbs["send"] = send
    worker.queue.defer([QueueTask("send", "sums")])
    with worker.at_work() as stop:
        is_known.set()
        assert running.wait(30)
    assert worker.results == [9]


def test_a_missing_library_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    monkeypatch.setitem(sys.modules, "procrastinate", None)
    with pytest.raises(UsageError, match="need Procrastinate") as caught:
        open_queue("postgresql://localhost/newsfeed")
    assert "newsfeed[postgresql]" in caught.value.hint
