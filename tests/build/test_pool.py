"""Workers: the same results as here, errors as they were, and nobody left behind."""

import os
import signal
import subprocess
import sys
import time
from mmap import mmap
from pathlib import Path

import pytest

from newsfeed.build import pool
from newsfeed.build.pool import cut, each, spread
from newsfeed.errors import OutsideError
from tests.build.builds import ERRORS
from tests.cli.command import environment


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_tasks(jobs: int) -> None:
    """Whoever is done first."""

    def slow_when_even(number: int) -> int:
        time.sleep(0.01 * (1 - number % 2))
        return number * 2

    assert list(spread(range(10), slow_when_even, jobs)) == [number * 2 for number in range(10)]


def test_work_is_done_in_other_processes() -> None:
    """What a worker changes in memory is not seen here, and functions need no name to be found by."""
    seen: list[int] = []

    def work(number: int) -> int:
        seen.append(number)
        return os.getpid()

    assert os.getpid() not in set(spread(range(4), work, 2))
    assert seen == []


@pytest.mark.parametrize(("tasks", "jobs"), [([], 4), ([1], 4), ([1, 2, 3], 1)])
def test_little_work_is_done_here(tasks: list[int], jobs: int) -> None:
    """A process is not worth it."""
    assert {os.getpid()} >= set(spread(tasks, lambda _: os.getpid(), jobs))


def test_each_starts_workers_only_for_many_items() -> None:
    """And gives every single result."""
    assert set(each(range(100), lambda _: os.getpid(), 2)) == {os.getpid()}
    assert list(each(range(300), lambda number: -number, 2)) == [-number for number in range(300)]
    assert os.getpid() not in set(each(range(300), lambda _: os.getpid(), 2))


def test_neighbours_stay_together() -> None:
    """A task is a piece of the list."""
    assert cut([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4], [5]]
    assert cut([], 2) == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_of_a_worker_arrives_as_it_was(error: Exception) -> None:
    """With its problems, its hint, or the name of the file."""

    def failing(number: int) -> int:
        if number == 3:
            raise error
        return number

    with pytest.raises(type(error)) as raised:
        list(spread(range(8), failing, 2))
    assert vars(raised.value) == vars(error)
    assert getattr(raised.value, "filename", None) == getattr(error, "filename", None)


def test_a_killed_worker_is_trouble_outside() -> None:
    """The system does that when memory runs out: one sentence, and no worker stays."""

    def dying(number: int) -> int:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(OutsideError, match="ended from outside") as raised:
        list(spread(range(8), dying, 2))
    assert raised.value.hint == "is there enough memory?"
    assert pool._inherited == {}
    assert list(spread(range(4), lambda number: number, 2)) == [0, 1, 2, 3]


def test_no_pipe_is_left_open() -> None:
    """However often it is done."""
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        list(spread(range(4), lambda number: number, 2))
    assert len(list(Path("/dev/fd").iterdir())) <= before + 2  # the resource tracker of multiprocessing


_PARENT = """
import os, sys, time
from newsfeed.publish.workers import spread

def work(number):
    os.write(1, b"%d\\n" % os.getpid())  # in one piece: two of them write
    time.sleep(60)

list(spread(range(4), work, 2))
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
    patience = time.monotonic() + 10
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
        [sys.executable, "-c", _PARENT.replace("time.sleep(60)", "time.sleep(1)")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )
    assert parent.stdout is not None
    parent.stdout.readline()
    os.killpg(parent.pid, signal.SIGINT)
    _, errors = parent.communicate(timeout=30)
    assert errors.count("Traceback") == 1
    assert "KeyboardInterrupt" in errors.splitlines()[-1]


def test_usual_jobs_are_the_processors_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """That this process may use, where the system knows."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 5, 7}, raising=False)
    assert pool.usual_jobs() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert pool.usual_jobs() == 1


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("wrong", [None, 0, 1, 20, 98, 99])
def test_a_question_aside_is_answered_for_every_task(jobs: int, wrong: int | None) -> None:
    """However the tasks are shared, and however late somebody asks."""
    for pause in (0.0, 0.002, 0.05):
        answer = pool.aside(range(100), lambda task: _slowly(task != wrong), jobs)
        time.sleep(pause)
        assert answer() == (wrong is None)
        assert answer() == (wrong is None)


def test_nothing_is_asked_of_no_tasks() -> None:
    """The answer is yes."""
    assert pool.aside([], bool, 4)()


def test_no_task_is_left_out_where_parent_and_child_meet() -> None:
    """Each is done by one of the two, or by both."""
    for _ in range(200):
        done = mmap(-1, 8)

        def do(task: int, done: mmap = done) -> bool:
            done[task] = 1
            return True

        assert pool.aside(range(8), do, 2)()
        assert done[:] == b"\1" * 8


def test_a_child_that_died_has_not_said_yes() -> None:
    """Nor one that failed."""
    parent = os.getpid()
    for end in (lambda: os.kill(os.getpid(), 9), lambda: 1 / 0):
        answer = pool.aside([1], lambda _, end=end: os.getpid() == parent or end(), 2)
        time.sleep(0.05)
        assert not answer()


def _slowly(answer: bool) -> bool:
    time.sleep(0.0001)
    return answer
