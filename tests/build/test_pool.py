"""The process pool: results and errors as in one process, and nobody left behind."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from newsfeed.build import pool
from newsfeed.build.pool import ProcessPool
from newsfeed.errors import OutsideError
from tests.build.builds import ERRORS
from tests.cli.command import environment


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_tasks(jobs: int) -> None:
    """Whoever is done first."""

    def slow_when_even(number: int) -> int:
        time.sleep(0.01 * (1 - number % 2))
        return number * 2

    assert list(ProcessPool(jobs).map(slow_when_even, range(10))) == [number * 2 for number in range(10)]


def test_work_is_done_in_other_processes() -> None:
    """What a worker changes in memory is not seen here, and functions need no name to be found by."""
    seen: list[int] = []

    def work(number: int) -> int:
        seen.append(number)
        return os.getpid()

    assert os.getpid() not in set(ProcessPool(2).map(work, range(4)))
    assert seen == []


@pytest.mark.parametrize(("tasks", "jobs"), [([], 4), ([1], 4), ([1, 2, 3], 1)])
def test_little_work_is_done_here(tasks: list[int], jobs: int) -> None:
    """A process is not worth it."""
    assert {os.getpid()} >= set(ProcessPool(jobs).map(lambda _: os.getpid(), tasks))


def test_neighbours_stay_together() -> None:
    """A process works on contiguous chunks, some eight for each job."""
    pids = list(ProcessPool(2).map(lambda _: os.getpid(), range(160)))
    assert all(len(set(pids[start : start + 10])) == 1 for start in range(0, 160, 10))


@pytest.mark.parametrize(("tasks", "jobs"), [(0, 2), (1, 2), (2, 2), (7, 3), (64, 2), (200, 3), (9, 1)])
def test_each_task_of_all_stretches_is_done_once(tasks: int, jobs: int) -> None:
    """However the processes share them."""
    assert sorted(ProcessPool(jobs).map_stretches(str, range(tasks))) == sorted(map(str, range(tasks)))


def test_a_process_goes_through_a_stretch_of_its_own() -> None:
    """So it makes once what neighbours share."""
    both_at_work = get_context("fork").Barrier(2)

    def work(number: int) -> tuple[int, int]:
        if number in (0, 31, 64, 95):
            both_at_work.wait(60)
        return number, os.getpid()

    pids = [pid for _, pid in sorted(ProcessPool(2).map_stretches(work, range(128)))]
    assert len(set(pids[:32])) == len(set(pids[64:96])) == 1
    assert pids[0] != pids[64]


def test_a_process_that_is_done_helps_another_from_the_end() -> None:
    """Nobody is idle while there is something left."""
    both_at_work, nearly_done = get_context("fork").Barrier(2), get_context("fork").Event()

    def work(number: int) -> tuple[int, int]:
        if number in (0, 64):  # the second would else be done with all before the first is there
            both_at_work.wait(60)
        if number == 0:
            nearly_done.wait(60)
        if number == 2:
            nearly_done.set()
        return number, os.getpid()

    pids = [pid for _, pid in sorted(ProcessPool(2).map_stretches(work, range(128)))]
    assert len(set(pids[2:])) == 1
    assert pids[0] == pids[1] != pids[2]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_of_a_worker_arrives_as_it_was(error: Exception) -> None:
    """With its problems, its hint, or the name of the file."""

    def failing(number: int) -> int:
        if number == 3:
            raise error
        return number

    with pytest.raises(type(error)) as raised:
        list(ProcessPool(2).map(failing, range(8)))
    assert vars(raised.value) == vars(error)
    assert getattr(raised.value, "filename", None) == getattr(error, "filename", None)


def test_it_is_told_where_an_error_of_a_worker_was() -> None:
    """The traceback of the other process is the cause of the error here."""

    def in_a_worker(number: int) -> int:
        return {0: number}[number]

    with pytest.raises(KeyError) as raised:
        list(ProcessPool(2).map(in_a_worker, range(4)))
    assert "in in_a_worker" in str(raised.value.__cause__)


class OddError(Exception):
    """Cannot be made from what it says."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


@pytest.mark.parametrize("error", [OddError("some", "thing"), EOFError("something")])
def test_an_error_of_an_odd_class_is_told_all_the_same(error: Exception) -> None:
    """By its name and its words. So is the end of a file, which commands would take for Ctrl-D."""

    def failing(_: int) -> None:
        raise error

    with pytest.raises(RuntimeError, match=f"{type(error).__name__}: something") as raised:
        list(ProcessPool(2).map(failing, range(4)))
    assert "in failing" in str(raised.value.__cause__)


@pytest.mark.parametrize("result", [threading.Lock(), lambda: None], ids=["lock", "function"])
def test_what_cannot_be_handed_over_is_an_error(result: object) -> None:
    """Not silence."""
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        list(ProcessPool(2).map(lambda _: result, range(4)))


class Deadly:
    """Ends its process when it is handed over."""

    def __reduce__(self) -> tuple[object, ...]:
        os.kill(os.getpid(), signal.SIGKILL)
        return ()


def test_a_worker_killed_while_it_hands_over_is_trouble_outside() -> None:
    """As one that was killed while it worked."""
    with pytest.raises(OutsideError, match="ended from outside"):
        list(ProcessPool(2).map(lambda _: Deadly(), range(4)))


def test_nobody_works_on_when_the_caller_wants_no_more() -> None:
    """Not even to the end of a chunk: the processes are gone when the caller goes on."""
    started = time.monotonic()
    results = ProcessPool(2).map(lambda number: time.sleep(100 * (number > 1)) or os.getpid(), range(32))
    first = next(results)
    results.close()
    assert time.monotonic() - started < 60
    assert not _runs(first)


def test_a_killed_worker_is_trouble_outside() -> None:
    """The system does that when memory runs out: one sentence, and no worker stays."""

    def dying(number: int) -> int:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(OutsideError, match="ended from outside") as raised:
        list(ProcessPool(2).map(dying, range(8)))
    assert raised.value.hint == "is there enough memory?"
    assert list(ProcessPool(2).map(lambda number: number, range(4))) == [0, 1, 2, 3]


def test_no_pipe_is_left_open() -> None:
    """However often it is done."""
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        list(ProcessPool(2).map(lambda number: number, range(4)))
    assert len(list(Path("/dev/fd").iterdir())) <= before + 2  # the resource tracker of multiprocessing


_PARENT = """
import os, sys, time
from newsfeed.build.pool import ProcessPool

def work(number):
    os.write(1, b"%d\\n" % os.getpid())  # in one piece: two of them write
    time.sleep(60)

list(ProcessPool(2).map(work, range(4)))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_workers_die_with_their_parent(number: int) -> None:
    """Else they would hold the lock of the output folder for ever, in the middle of a task or waiting."""
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, env=environment())
    assert parent.stdout is not None
    pids = [int(parent.stdout.readline()) for _ in range(2)]
    parent.send_signal(number)
    parent.wait()
    parent.stdout.read()  # ends when the last worker closes its files
    parent.stdout.close()
    patience = time.monotonic() + 60
    while any(_runs(pid) for pid in pids):
        assert time.monotonic() < patience
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    """A dead process that nobody has asked for is still listed by Linux."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_ctrl_c_is_answered_by_the_parent_alone() -> None:
    """A terminal sends it to all processes; workers print no tracebacks."""
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT.replace("time.sleep(60)", "time.sleep(10)")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )
    assert parent.stdout is not None
    parent.stdout.readline()
    os.killpg(parent.pid, signal.SIGINT)
    _, errors = parent.communicate(timeout=90)
    assert errors.count("Traceback") == 1
    assert "KeyboardInterrupt" in errors.splitlines()[-1]


def test_usual_jobs_are_the_processors_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """That this process may use, where the system knows."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 5, 7}, raising=False)
    assert pool.usual_jobs() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert pool.usual_jobs() == 1
