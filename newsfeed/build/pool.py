"""Work spread over forked processes: they inherit what is loaded, and send back small results only.

Forked and not spawned, because a worker then has the whole library without any copying; where there
is no ``fork`` the work is done here, with the same result.
"""

from __future__ import annotations

import gc
import os
import signal
from functools import cache
from itertools import pairwise
from mmap import mmap
from typing import TYPE_CHECKING, Any, TypeVar

from newsfeed.errors import OutsideError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.context import ForkContext

_RARELY = (50_000, 20, 100)
"""When workers look for garbage in circles. They make hardly any, and most of what they make stays."""
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
    return _spread(tasks, work, jobs, _InTurn)


def share(tasks: Sequence[T], work: Callable[[T], R], jobs: int) -> Iterator[R]:
    """The same for tasks whose neighbours have much in common: each process gets a stretch of them, and
    helps another when it is done with its own. Results come as they are ready.
    """
    return _spread(tasks, work, jobs, _Stretches)


def _spread(
    tasks: Sequence[T], work: Callable[[T], R], jobs: int, order: type[_InTurn | _Stretches]
) -> Iterator[R]:
    jobs = min(jobs, len(tasks))
    if jobs < 2 or not hasattr(os, "fork"):
        yield from map(work, tasks)
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    context = get_context("fork")
    _inherited.update(work=work, tasks=tasks, order=order(context, len(tasks), jobs))
    alive = os.pipe()
    gc.freeze()  # a collection in a worker would copy every page that it looks at
    try:
        with ProcessPoolExecutor(jobs, context, _begin, alive) as pool:
            yield from pool.map(_do, range(len(tasks)))
    except BrokenProcessPool as error:
        raise killed() from error
    finally:
        gc.unfreeze()
        _inherited.clear()
        for end in alive:
            os.close(end)


class _InTurn:
    """Tasks are done in their order by whoever is free."""

    def __init__(self, context: ForkContext, tasks: int, workers: int) -> None:
        pass

    def begin(self) -> None:
        """A worker is there."""

    def task(self, turn: int) -> int:
        """The number of the task in whose turn a worker is called."""
        return turn


class _Stretches:
    """A worker goes through a stretch of its own, from its start, and then takes from the end of whatever
    stretch is longest.
    """

    def __init__(self, context: ForkContext, tasks: int, workers: int) -> None:
        edges = [tasks * number // workers for number in range(workers + 1)]
        self._left = context.Array("q", [edge for pair in pairwise(edges) for edge in pair])
        self._workers = context.Value("q", 0)
        self._own = 0

    def begin(self) -> None:
        """A worker is there, and gets its stretch."""
        with self._workers.get_lock():
            self._own = self._workers.value
            self._workers.value += 1

    def task(self, turn: int) -> int:
        """The number of the next task; there are as many turns as tasks."""
        with self._left.get_lock():
            left: Any = self._left.get_obj()
            start = 2 * self._own
            if left[start] < left[start + 1]:
                left[start] += 1
                return int(left[start] - 1)
            longest = max(range(0, len(left), 2), key=lambda one: left[one + 1] - left[one])
            left[longest + 1] -= 1
            return int(left[longest + 1])


def killed() -> OutsideError:
    """What is said of a process that is gone."""
    return OutsideError("a worker process was ended from outside", "is there enough memory?")


def aside(tasks: Sequence[T], question: Callable[[T], bool], jobs: int) -> Callable[[], bool]:
    """Whether the answer is yes for all tasks, looked for in other processes while this one goes on. Call
    what is returned for the answer: then this one helps. Where there is no ``fork`` it does all.
    """
    if not hasattr(os, "fork"):
        return lambda: all(map(question, tasks))
    children = min(max(jobs - 1, 1), _HELPERS)
    edges = [len(tasks) * number // children for number in range(children + 1)]
    parts = [_Part(tasks[start:end], question) for start, end in pairwise(edges)]

    @cache
    def answer() -> bool:
        """It is no at the first no; a child that died has not said yes."""
        yes = all(part.help() for part in parts)
        for part in parts:
            yes = part.answer(needed=yes) and yes
        return yes

    return answer


_HELPERS = 3
"""Processes aside at most: more take longer to begin than they save."""


class _Part:
    """Tasks that a child goes through from the first to the last, and its parent, when it has nothing else
    to do, from the last to the first, until they meet.

    Each says in shared memory which task it comes to before it looks at what the other has said, and one
    that both have come to is the child's. So none is left out; one may be done twice.
    """

    def __init__(self, tasks: Sequence[T], question: Callable[[T], bool]) -> None:
        self._tasks, self._question = tasks, question
        self._begun = memoryview(mmap(-1, 16)).cast("q")
        self._begun[_CHILD], self._begun[_PARENT] = -1, len(tasks)
        self._pipe, writing = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            try:
                os.write(writing, _YES if self._go_through() else _NO)
            finally:
                os._exit(0)
        os.close(writing)

    def _go_through(self) -> bool:
        for number, task in enumerate(self._tasks):
            self._begun[_CHILD] = number
            if number > self._begun[_PARENT]:
                break
            if not self._question(task):
                return False
        return True

    def help(self) -> bool:
        """The parent's share: whether all answers in it are yes."""
        for number in range(len(self._tasks) - 1, -1, -1):
            self._begun[_PARENT] = number
            if number <= self._begun[_CHILD]:
                break
            if not self._question(self._tasks[number]):
                return False
        return True

    def answer(self, *, needed: bool) -> bool:
        """The child's answer; it goes without one when that is not needed."""
        if not needed:
            os.kill(self._child, signal.SIGKILL)
        with os.fdopen(self._pipe, "rb") as pipe:
            said = pipe.read()
        os.waitpid(self._child, 0)
        return said == _YES


_CHILD, _PARENT = 0, 1
_YES, _NO = b"yes", b"no"


def _begin(alive: int, parent: int) -> None:
    """A worker lives no longer than its parent: its end of a pipe closes then, however it died. Else
    it would wait for ever, and hold the lock of the output folder.
    """
    import threading

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.close(parent)
    gc.set_threshold(*_RARELY)
    _inherited["order"].begin()

    def watch() -> None:
        os.read(alive, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _do(turn: int) -> Any:
    return _inherited["work"](_inherited["tasks"][_inherited["order"].task(turn)])
