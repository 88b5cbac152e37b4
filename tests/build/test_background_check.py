"""The check in the background: one answer for all items, whoever of the two processes checked which."""

import os
import time
from mmap import mmap
from pathlib import Path

import pytest

from newsfeed.build.background_check import check_in_background


@pytest.mark.parametrize("wrong", [None, 0, 1, 20, 98, 99])
def test_the_answer_is_for_every_item(wrong: int | None) -> None:
    """However the items are shared, and however late somebody asks."""

    def check(item: int) -> bool:
        time.sleep(0.0001)
        return item != wrong

    for pause in (0.0, 0.002, 0.05):
        answer = check_in_background(check, range(100))
        time.sleep(pause)
        assert answer() == (wrong is None)
        assert answer() == (wrong is None)


def test_nothing_is_asked_of_no_items() -> None:
    """The answer is yes."""
    assert check_in_background(bool, [])()


def test_no_item_is_left_out_where_the_processes_meet() -> None:
    """Each is checked by one of the two, or by both."""
    for _ in range(200):
        done = mmap(-1, 8)

        def do(item: int, done: mmap = done) -> bool:
            done[item] = 1
            return True

        assert check_in_background(do, range(8))()
        assert done[:] == b"\1" * 8


def test_a_process_that_died_has_not_said_yes() -> None:
    """Nor one that failed."""
    parent = os.getpid()
    for end in (lambda: os.kill(os.getpid(), 9), lambda: 1 / 0):
        answer = check_in_background(lambda _, end=end: os.getpid() == parent or end(), [1])
        time.sleep(0.05)
        assert not answer()


def test_the_other_process_is_gone_with_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It checks no more when a no is found here, and leaves no pipe open."""
    before = sorted(Path("/dev/fd").iterdir())
    children: list[int] = []
    fork = os.fork
    monkeypatch.setattr(os, "fork", lambda: children.append(pid := fork()) or pid)
    started = time.monotonic()
    parent = os.getpid()
    answer = check_in_background(lambda item: time.sleep(0.01) or os.getpid() != parent, range(10_000))
    assert not answer()
    assert time.monotonic() - started < 50
    assert sorted(Path("/dev/fd").iterdir()) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(children[0], os.WNOHANG)


def test_without_fork_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same answers."""
    monkeypatch.delattr(os, "fork")
    assert check_in_background(bool, [1, 2])()
    assert not check_in_background(bool, [1, 0])()
