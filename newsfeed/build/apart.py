"""Work done in a process of its own, for what it leaves behind in memory: that goes with the process."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

from newsfeed.build.pool import killed

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

R = TypeVar("R")
Progress = Callable[[int], None]
_EVERY = 50
"""Steps between two that are told: who shows progress shows no more of them."""


def apart(work: Callable[[Progress], R], progress: Progress | None, meanwhile: Callable[[], None]) -> R:
    """What some work returns, done in a process of its own, as far as there is ``fork``.

    The work is given what tells its ``progress``; ``meanwhile`` something short is done here. Raises what
    the work raised, and `OutsideError` when its process was killed.
    """
    tell = progress or (lambda _: None)
    if not hasattr(os, "fork"):
        meanwhile()
        return work(tell)
    from multiprocessing import get_context

    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(work, theirs, ours))
    child.start()
    theirs.close()
    try:
        meanwhile()
        while isinstance(said := _heard(ours), int):
            tell(said)
    finally:  # it has said all, or nobody listens any more
        ours.close()
        child.kill()
        child.join()
    result, error, there = said
    if error is not None:
        raise error from RuntimeError(there)
    return cast("R", result)


def _heard(pipe: Connection) -> Any:
    try:
        return pipe.recv()
    except (EOFError, OSError) as end:  # in the midst of a message, too
        raise killed() from end


def _answer(work: Callable[[Progress], R], pipe: Connection, other: Connection) -> None:
    """In the process of its own: work, tell how far it is, and then (result, error, where that was).

    It ends when the parent does: nobody reads then what it tells.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    other.close()

    def tell(step: int) -> None:
        if step % _EVERY == 0:
            pipe.send(step)

    with suppress(BrokenPipeError):
        try:
            pipe.send((work(tell), None, ""))
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised in the parent
            pipe.send((None, *_as_sent(error)))


def _as_sent(error: Exception) -> tuple[Exception, str]:
    """An error as the parent can raise it, and where it happened."""
    import traceback

    there = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - classes of others may fail in any way
        return RuntimeError(f"{type(error).__name__}: {error}"), there
    return error, there
