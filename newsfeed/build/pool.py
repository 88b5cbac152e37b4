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
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from newsfeed.errors import OutsideError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")

_CHUNKS_PER_JOB = 8
"""Enough that no process waits long for another at the end. Each chunk is contiguous: neighbours share
cards, feed entries and texts, which a process remembers for a while.
"""
_CHUNKS_PER_STRETCH = 32
"""Of those that processes take from each other: the smaller, the sooner all are done."""
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
        jobs = self._useful_jobs(items)
        if jobs < 2:
            yield from map(work, items)
            return
        chunks = _cut(items, jobs * _CHUNKS_PER_JOB)
        with _executor(jobs, _Shared(work, items, chunks)) as executor:
            futures = deque(executor.submit(_work_on, turn) for turn in range(len(chunks)))
            while futures:
                yield from futures.popleft().result()

    def map_stretches(self, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """Yield ``work(item)`` for all items, as they are done: for neighbours that have much in common.

        Each process goes through a stretch of its own from its start, and so makes once what its items
        share; when it is done it helps another, from the end. Else as `map`.
        """
        jobs = self._useful_jobs(items)
        if jobs < 2:
            yield from map(work, items)
            return
        from concurrent.futures import as_completed

        chunks = _cut(items, jobs * _CHUNKS_PER_STRETCH)
        shared = _Shared(work, items, chunks, _Stretches(len(chunks), jobs))
        with _executor(jobs, shared) as executor:
            for future in as_completed([executor.submit(_work_on, turn) for turn in range(len(chunks))]):
                yield from future.result()

    def _useful_jobs(self, items: Sequence[Any]) -> int:
        return min(self.jobs, len(items)) if hasattr(os, "fork") else 1


def _cut(items: Sequence[Any], number: int) -> list[range]:
    """Return about as many chunks of neighbours, by their numbers."""
    size = min(-(-len(items) // number), _LARGEST_CHUNK)
    return [range(start, min(start + size, len(items))) for start in range(0, len(items), size)]


class _Stretches:
    """Says which chunk a process works on next: the chunks are shared out as one stretch for each process."""

    def __init__(self, chunks: int, processes: int) -> None:
        from multiprocessing import get_context

        context = get_context("fork")
        bounds = [chunks * number // processes for number in range(processes + 1)]
        self._starts, self._ends = context.Array("l", bounds[:-1]), context.Array("l", bounds[1:], lock=False)
        self._processes = context.Value("l", 0)
        self._own = 0

    def join(self) -> None:
        """Take a stretch for this process."""
        with self._processes.get_lock():
            self._own = self._processes.value
            self._processes.value += 1

    def next_chunk(self) -> int:
        """Return the number of a chunk that nobody has begun: there is one as often as there are chunks."""
        with self._starts.get_lock():
            start: int = self._starts[self._own]
            if start < self._ends[self._own]:
                self._starts[self._own] = start + 1
                return start
            left = [end - start for start, end in zip(self._starts[:], self._ends[:], strict=True)]
            longest = left.index(max(left))
            end: int = self._ends[longest] - 1
            self._ends[longest] = end
            return end


@contextmanager
def _executor(jobs: int, shared: _Shared) -> Iterator[ProcessPoolExecutor]:
    """Start an executor whose processes inherit some values; it ends at once when something goes wrong."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    lifeline = [*os.pipe()]
    gc.freeze()  # a collection in a worker process would copy every page of memory that it looks at
    try:
        # With fork, initargs are inherited: nothing of them is pickled.
        inherited = (shared, lifeline[0], lifeline[1])
        executor = ProcessPoolExecutor(jobs, get_context("fork"), _begin, inherited)
        with executor:
            try:
                yield executor
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


class _Shared(NamedTuple):
    """The values that all worker processes inherit."""

    work: Callable[[Any], Any]
    items: Sequence[Any]
    chunks: Sequence[range]
    stretches: _Stretches | None = None


_shared: _Shared | None = None
"""Only in a worker process."""


def _begin(shared: _Shared, lifeline: int, parents_end: int) -> None:
    """Prepare a worker process, which lives no longer than its parent, however that ends.

    A forked process inherits the lock of the output folder: one that outlived a killed build would keep
    the next ones out for ever. Only the parent holds the other end of the lifeline, so the system
    closes it with the parent; ``PR_SET_PDEATHSIG`` would do it on Linux alone.
    """
    import threading

    global _shared  # noqa: PLW0603 - an executor has no other place for what all its tasks share
    _shared = shared
    if shared.stretches is not None:
        shared.stretches.join()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.close(parents_end)
    gc.set_threshold(*_GC_THRESHOLD)

    def watch() -> None:
        os.read(lifeline, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _work_on(turn: int) -> list[Any]:
    """Work on a chunk: on the one in whose turn it is, or on the next of this process's stretch."""
    assert _shared is not None, "this is a worker process"
    work, items, chunks, stretches = _shared
    chunk = chunks[turn if stretches is None else stretches.next_chunk()]
    try:
        return [work(items[number]) for number in chunk]
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
