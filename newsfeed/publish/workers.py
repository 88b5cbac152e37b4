"""Work spread over forked processes: they inherit what is loaded, and send back small results only.

Forked and not spawned, because a worker then has the whole library without any copying; where there
is no ``fork`` the work is done here, with the same result.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from newsfeed.errors import OutsideError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")
_inherited: dict[str, Any] = {}
"""What workers find in their memory: a function and its tasks."""


def usual_jobs() -> int:
    """One for each processor this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def cut(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Neighbours stay together: workers remember what they made for them."""
    return [items[start : start + size] for start in range(0, len(items), size)]


_EACH = 50
"""Items of one task, and of what is not worth a process."""


def each(items: Sequence[T], work: Callable[[T], R], jobs: int) -> Iterator[R]:
    """``work`` on every single item, some at a time; results in their order."""
    if len(items) < 4 * _EACH:
        jobs = 1

    def some(items: Sequence[T]) -> list[R]:
        return [work(item) for item in items]

    for results in spread(cut(items, _EACH), some, jobs):
        yield from results


def spread(tasks: Sequence[T], work: Callable[[T], R], jobs: int) -> Iterator[R]:
    """``work`` on every task, in up to ``jobs`` processes; results in the order of the tasks.

    Raises what a worker raised, and `OutsideError` when one was killed. Nothing a worker changes in
    memory is seen here.
    """
    jobs = min(jobs, len(tasks))
    if jobs < 2 or not hasattr(os, "fork"):
        yield from map(work, tasks)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    _inherited.update(work=work, tasks=tasks)
    alive = os.pipe()
    gc.freeze()  # a collection in a worker would copy every page that it looks at
    try:
        with ProcessPoolExecutor(jobs, get_context("fork"), _begin, alive) as pool:
            yield from pool.map(_do, range(len(tasks)))
    except BrokenProcessPool as error:
        raise OutsideError("a worker process was ended from outside", "is there enough memory?") from error
    finally:
        gc.unfreeze()
        _inherited.clear()
        for end in alive:
            os.close(end)


def aside(question: Callable[[], bool]) -> Callable[[], bool]:
    """Answer a question in another process, while this one goes on; call what is returned for the answer.
    Where there is no ``fork`` it is answered then.
    """
    if not hasattr(os, "fork"):
        return question
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, _YES if question() else _NO)
        finally:
            os._exit(0)
    os.close(writing)

    @cache
    def answer() -> bool:
        """A child that died has not said yes."""
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        return said == _YES

    return answer


_YES, _NO = b"yes", b"no"


def _begin(alive: int, parent: int) -> None:
    """A worker lives no longer than its parent: its end of a pipe closes then, however it died. Else
    it would wait for ever, and hold the lock of the output folder.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.close(parent)

    def watch() -> None:
        os.read(alive, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _do(number: int) -> Any:
    return _inherited["work"](_inherited["tasks"][number])
