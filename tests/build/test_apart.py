"""Work apart: the same result as here, errors as they were, and nobody left behind."""

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsfeed.build.apart import apart as apart_meanwhile
from newsfeed.build.pool import spread
from newsfeed.errors import OutsideError
from tests.build.builds import ERRORS
from tests.cli.command import environment


def apart(work: Callable[[Callable[[int], None]], object], progress: Callable[[int], None] | None) -> object:
    """With nothing to do meanwhile."""
    return apart_meanwhile(work, progress, lambda: None)


def test_it_changes_nothing_here_but_tells_how_far_it_is() -> None:
    """It is done in another process, which may have workers of its own, while this one does something."""
    seen: list[int] = []
    told: list[int] = []
    done: list[int] = []

    def work(progress: Callable[[int], None]) -> tuple[int, list[int]]:
        for number, result in enumerate(spread(range(120), lambda number: number * 2, 2), 1):
            progress(number)
            seen.append(result)
        return os.getpid(), seen

    pid, results = apart_meanwhile(work, told.append, lambda: done.append(os.getpid()))
    assert pid != os.getpid()
    assert (results, seen, told, done) == ([*range(0, 240, 2)], [], [50, 100], [os.getpid()])


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_arrives_as_it_was(error: Exception) -> None:
    """With its problems, its hint, or the name of the file."""

    def failing(_: object) -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        apart(failing, None)
    assert vars(raised.value) == vars(error)
    assert getattr(raised.value, "filename", None) == getattr(error, "filename", None)


def test_it_is_told_where_an_error_was() -> None:
    """In whatever process."""

    def in_a_worker(number: int) -> int:
        return {0: number}[number]

    with pytest.raises(KeyError) as raised:
        apart(lambda _: list(spread(range(4), in_a_worker, 2)), None)
    assert "in in_a_worker" in str(raised.value.__cause__)


class OddError(Exception):
    """Cannot be made from what it says."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def test_an_error_of_an_odd_class_is_told_all_the_same() -> None:
    """By its name and its words."""

    def failing(_: object) -> None:
        raise OddError("some", "thing")

    with pytest.raises(RuntimeError, match="OddError: something"):
        apart(failing, None)


@pytest.mark.parametrize("result", [threading.Lock(), lambda: None], ids=["lock", "function"])
def test_what_cannot_be_handed_over_is_an_error(result: object) -> None:
    """Not silence."""
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        apart(lambda _: result, None)


class Deadly:
    """Ends its process when it is handed over."""

    def __reduce__(self) -> tuple[object, ...]:
        os.kill(os.getpid(), signal.SIGKILL)
        return ()


@pytest.mark.parametrize(
    "work", [lambda _: os.kill(os.getpid(), signal.SIGKILL), lambda _: Deadly()], ids=["work", "result"]
)
def test_a_killed_process_is_trouble_outside(work: Callable[[Callable[[int], None]], object]) -> None:
    """As a killed worker is."""
    with pytest.raises(OutsideError, match="ended from outside"):
        apart(work, None)


def test_half_a_message_is_trouble_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory runs out while much is handed over."""

    def half(_: object) -> None:
        from multiprocessing.connection import Connection

        def send(self: Connection, data: object) -> None:
            os.write(self.fileno(), b"\0\0\1\0 and no more")
            os.kill(os.getpid(), signal.SIGKILL)

        monkeypatch.setattr(Connection, "_send_bytes", send)

    with pytest.raises(OutsideError, match="ended from outside"):
        apart(half, None)


def test_nobody_goes_on_when_the_parent_gives_up() -> None:
    """The process is ended, and waited for."""

    def endless(progress: Callable[[int], None]) -> None:
        while True:
            progress(100 * os.getpid())

    def enough(said: int) -> None:
        seen.append(said // 100)
        raise KeyboardInterrupt

    seen: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        apart(endless, enough)
    with pytest.raises(ProcessLookupError):
        os.kill(seen[0], 0)


_PARENT = """
import os, time
from newsfeed.publish.apart import apart
from newsfeed.publish.workers import spread

def work(tell):
    os.write(1, b"%d\\n" % os.getpid())
    for number, _ in enumerate(spread(range(20_000), lambda number: time.sleep(0.001), 2)):
        tell(number)

apart(work, None, lambda: None)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_with_its_parent(number: int) -> None:
    """However that ended, and with its own workers."""
    command = [sys.executable, "-c", _PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(), text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(number)
        parent.wait()
        assert parent.stdout.read() == ""  # which nobody has open any more
    deadline = time.monotonic() + 5  # it would take ten
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()


def test_nobody_need_care_for_children() -> None:
    """Whoever started us may have said that their end is not to be told."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert apart(lambda _: 5, None) == 5
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_without_fork_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """And every step is told."""
    monkeypatch.delattr(os, "fork")
    told: list[int] = []

    def work(progress: Callable[[int], None]) -> int:
        progress(1)
        return os.getpid()

    assert apart(work, told.append) == os.getpid()
    assert told == [1]


def test_no_pipe_is_left_open() -> None:
    """However often it is done."""
    apart(lambda _: None, None)
    before = len(list(Path("/dev/fd").iterdir()))
    for _ in range(3):
        apart(lambda _: None, None)
    assert len(list(Path("/dev/fd").iterdir())) == before
