"""Check many items in a forked process while this one does something else."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
_PASSED, _FAILED = b"+", b"-"


def check_in_background(check: Callable[[T], bool], items: Sequence[T]) -> Callable[[], bool]:
    """Begin to check all items; returns a function that tells whether all of them pass.

    The forked process goes from the first to the last and writes a byte for each. When the answer is wanted
    this process helps, from the last to the first, until they meet. `newsfeed.build.pool` would load modules
    for longer than the whole check takes in most sites. Where there is no ``fork``, all is done here.
    """
    if not hasattr(os, "fork"):
        return lambda: all(map(check, items))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            _write_results(check, items, writing)
        finally:
            os._exit(0)
    os.close(writing)

    @cache
    def answer() -> bool:
        try:
            return _help(check, items, reading)
        finally:
            os.close(reading)  # ends the other process when it writes its next byte
            with suppress(ChildProcessError):  # where whoever started us said that nobody waits for children
                os.waitpid(child, 0)

    return answer


def _write_results(check: Callable[[T], bool], items: Sequence[T], pipe: int) -> None:
    for item in items:
        passed = check(item)
        os.write(pipe, _PASSED if passed else _FAILED)
        if not passed:
            break


def _help(check: Callable[[T], bool], items: Sequence[T], pipe: int) -> bool:
    """Check from the end what the other process has not come to; it says where it is in the pipe."""
    done_there, done_here = 0, 0
    while (left := len(items) - done_there - done_here) > 0:
        os.set_blocking(pipe, left == 1)  # the one left is under way there
        try:
            results = os.read(pipe, len(items))
        except BlockingIOError:
            done_here += 1
            if not check(items[-done_here]):
                return False
            continue
        if not results or _FAILED in results:  # nothing is said by a process that died: that is no yes
            return False
        done_there += len(results)
    return True
