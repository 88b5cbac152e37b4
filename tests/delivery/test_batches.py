"""Batches that are sent under a lease: by one worker at a time, until the lease is lost."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from bench.sink import Sink
from bench.site import MONDAY, Made
from newsfeed.app.delivery import open_round_context
from newsfeed.delivery.batches import BatchContext, BatchSender, find_batches, send_batch
from newsfeed.delivery.rounds import plan_round
from newsfeed.errors import OutsideError
from newsfeed.queue.in_process import InProcessQueue
from newsfeed.queue_ports import QueueTask
from tests.delivery.sites import delivery, site, states


class Noting(InProcessQueue):
    """A queue whose tasks nobody runs."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: list[QueueTask] = []

    def defer(self, tasks: list[QueueTask], transaction: object = None) -> None:
        """Note what is not deferred in a transaction."""
        self.tasks += [] if transaction else tasks


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A relay that takes all."""
    found = Sink().start()
    yield found
    found.close()


@contextmanager
def planned(made: Made) -> Iterator[tuple[BatchContext, Noting]]:
    """An issue in batches, and what a worker sends it with."""
    queue = Noting()
    with delivery(made) as opened:
        context = open_round_context(opened, lambda: MONDAY, lambda *_: None, os.environ, queue)
        plan_round(context)
        yield BatchContext(opened.store.batches, queue, context.sender_context), queue


def numbers(queue: Noting) -> list[int]:
    """The batches that tasks are about."""
    return [task.arguments["batch"] for task in queue.tasks]


def test_what_is_due_and_nobodys_is_deferred_and_sent(tmp_path: Path, sink: Sink) -> None:
    """Each batch once; when all are sent there is nothing to find."""
    made = site(tmp_path, 40, port=sink.port)
    with planned(made) as (context, queue):
        assert find_batches(context) == len(numbers(queue)) == 4
        for number in numbers(queue):
            counts = send_batch(context, number, threading.Event())
            assert counts.states == {"accepted": 10}
            assert send_batch(context, number, threading.Event()).states == {}
        assert find_batches(context) == 0
    assert states(made) == {"accepted": 40}
    assert len({one.recipient for one in sink.taken}) == len(sink.taken) == 40


def test_a_batch_that_somebody_holds_is_left_alone(tmp_path: Path, sink: Sink) -> None:
    """A task that runs beside itself sends nothing."""
    made = site(tmp_path, 8, port=sink.port)
    with planned(made) as (context, queue), delivery(made) as other:
        find_batches(context)
        number = numbers(queue)[0]
        lease = other.store.batches.take(number, other.store.owners.register(), 600, MONDAY)
        assert lease is not None
        assert send_batch(context, number, threading.Event()).states == {}
        assert sink.taken == []
        assert number not in context.batches.due(MONDAY)
    assert states(made) == {"planned": 8}


def test_a_stopped_worker_gives_its_batch_back(tmp_path: Path, sink: Sink) -> None:
    """Somebody else can take it at once."""
    made = site(tmp_path, 8, port=sink.port)
    stop = threading.Event()
    stop.set()
    with planned(made) as (context, queue):
        find_batches(context)
        assert send_batch(context, numbers(queue)[0], stop).states == {}
        assert context.batches.due(MONDAY) == numbers(queue)
        assert context.batches.count(MONDAY).held == 0


def test_a_lost_lease_ends_the_sending(tmp_path: Path, sink: Sink) -> None:
    """The one who has it next finds the rest, and a message that was on the wire in doubt."""
    made = site(tmp_path, 40, port=sink.port)
    sink.pause = 0.05
    with planned(made) as (context, queue):
        find_batches(context)
        number = numbers(queue)[0]
        hurried = replace(context, lease=0.4)
        one = replace(hurried, sender_context=replace(hurried.sender_context, connections=1))
        with patch.object(context.batches, "renew", return_value=False) as renew:
            counts = send_batch(one, number, threading.Event())
        renew.assert_called_once()
        assert 0 < counts.states["accepted"] < 10
        send_batch(context, number, threading.Event())
    assert states(made) == {"accepted": 10, "planned": 30}


def test_results_are_recorded_when_the_ledger_is_back(tmp_path: Path, sink: Sink) -> None:
    """Within the lease, a database that was away for a while makes no message doubtful."""
    made = site(tmp_path, 4, port=sink.port)
    with planned(made) as (context, queue):
        find_batches(context)
        ledger = context.sender_context.send_queue

        class Failing:
            """The ledger, which does not take results for a while."""

            left = 2

            def record(self, results, beginning, owner, now):
                if results and self.left:
                    self.left -= 1
                    raise OutsideError("it is away")
                return ledger.record(results, beginning, owner, now)

            def __getattr__(self, name: str) -> object:
                return getattr(ledger, name)

        sender = replace(context.sender_context, send_queue=Failing())
        for number in numbers(queue):
            send_batch(replace(context, sender_context=sender), number, threading.Event())
    assert states(made) == {"accepted": 4}


@pytest.mark.parametrize(("connections", "most"), [(1, 1), (3, 3)])
def test_tasks_of_a_worker_share_its_connections(
    tmp_path: Path, sink: Sink, connections: int, most: int
) -> None:
    """Two tasks and one connection: one waits for the other. Of three, one has two."""
    made = site(tmp_path, 8, port=sink.port, connections=connections)
    sink.pause = 0.02
    with planned(made) as (context, queue):
        find_batches(context)
        sender = BatchSender(context, 2)
        threads = [
            threading.Thread(target=sender.send, args=(number, threading.Event()))
            for number in numbers(queue)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert states(made) == {"accepted": 8}
    assert sink.most_open == most


def test_a_relay_that_is_away_is_not_asked_for_each_batch(tmp_path: Path) -> None:
    """One trouble, and then a rest: all batches are found again."""
    made = site(tmp_path, 8, port=1)
    with planned(made) as (context, queue):
        find_batches(context)
        sender = BatchSender(context, 1)
        counts = [sender.send(number, threading.Event()) for number in numbers(queue)]
        assert [bool(one.trouble) for one in counts] == [True, False, False, False]
        assert context.batches.due(MONDAY) == numbers(queue)
        assert sender.send(numbers(queue)[0], threading.Event()).states == {}
    assert states(made) == {"planned": 8}
