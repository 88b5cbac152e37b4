"""Work spread over forked processes, with the executor of the standard library.

Processes are forked and not spawned, because they then have the whole library without copying it; where
there is no ``fork`` the work is done in this process, with the same result.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from newsfeed.errors import OutsideError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")

_CHUNKS_PER_JOB = 8
"""Enough that no process waits long for another at the end. Each chunk is contiguous: neighbours share
cards, feed entries and texts, which a process remembers for a while.
"""
_LARGEST_CHUNK = 2_000
"""Items: results wait in the memory of the worker process until its chunk is done."""
_GC_THRESHOLD = (50_000, 20, 100)
"""When worker processes look for cyclic garbage. They make hardly any, and most of what they make stays."""


def usual_jobs() -> int:
    """Return the number of processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class ProcessPool:
    """Runs a function on many items in up to ``jobs`` processes."""

    jobs: int = 1

    def map(self, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """Yield ``work(item)`` for all items, in their order.

        Both are inherited by the processes, so ``work`` may be a closure; results are pickled. Raises
        what ``work`` raised, and `OutsideError` when a process was killed. Nothing a worker process
        changes in memory is seen here.
        """
        jobs = min(self.jobs, len(items))
        if jobs < 2 or not hasattr(os, "fork"):
            yield from map(work, items)
        else:
            yield from _forked_map(work, items, jobs)


def _forked_map(work: Callable[[T], R], items: Sequence[T], jobs: int) -> Iterator[R]:
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    size = min(-(-len(items) // (jobs * _CHUNKS_PER_JOB)), _LARGEST_CHUNK)
    lifeline = [*os.pipe()]
    gc.freeze()  # a collection in a worker process would copy every page of memory that it looks at
    try:
        # With fork, initargs are inherited: nothing of them is pickled.
        inherited = (work, items, lifeline[0], lifeline[1])
        executor = ProcessPoolExecutor(jobs, get_context("fork"), _begin, inherited)
        with executor:
            try:
                futures = deque(
                    executor.submit(_work_on, start, start + size) for start in range(0, len(items), size)
                )
                while futures:
                    yield from futures.popleft().result()
            except BaseException:  # also Ctrl-C, and a caller who wants no more
                os.close(lifeline.pop())  # ends all processes at once: nobody waits for their chunks
                raise
    except BrokenProcessPool as error:
        raise OutsideError(
            N_("a worker process was ended from outside"), N_("is there enough memory?")
        ) from error
    finally:
        gc.unfreeze()
        for end in lifeline:
            os.close(end)


_inherited: tuple[Callable[[Any], Any], Sequence[Any]] | None = None
"""Only in a worker process: the function and the items."""


def _begin(work: Callable[[Any], Any], items: Sequence[Any], lifeline: int, parents_end: int) -> None:
    """Prepare a worker process, which lives no longer than its parent, however that ends.

    A forked process inherits the lock of the output folder: one that outlived a killed build would keep
    the next ones out for ever. Only the parent holds the other end of the lifeline, so the system
    closes it with the parent; ``PR_SET_PDEATHSIG`` would do it on Linux alone.
    """
    import threading

    global _inherited  # noqa: PLW0603 - an executor has no other place for what all its tasks share
    _inherited = (work, items)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.close(parents_end)
    gc.set_threshold(*_GC_THRESHOLD)

    def watch() -> None:
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _work_on(start: int, end: int) -> list[Any]:
    assert _inherited is not None, "this is a worker process"
    work, items = _inherited
    try:
        return [work(item) for item in items[start:end]]
    except Exception as error:
        if _can_be_sent(error):
            raise
        raise RuntimeError(f"{type(error).__name__}: {error}") from error


def _can_be_sent(error: Exception) -> bool:
    """Check that the parent can raise an error as it is. Its traceback goes along as its cause."""
    if isinstance(error, EOFError):  # click takes it for the end of the terminal's input, and says nothing
        return False
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - classes of others may fail in any way
        return False
    return True
