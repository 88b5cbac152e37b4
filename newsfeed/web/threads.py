"""Threads for what may wait: work that writes has some of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar

if TYPE_CHECKING:
    from collections.abc import Callable

Given = ParamSpec("Given")
Result = TypeVar("Result")

WRITERS = 16
"""Threads that may write at the same time. They wait for each other at the store, and for long where another
program has it: those who only read keep their threads meanwhile.
"""
_writers: RunVar[CapacityLimiter] = RunVar("writers")


async def run_writing(work: Callable[Given, Result], *given: Given.args, **more: Given.kwargs) -> Result:
    """Do work that writes, in one of the threads for that."""
    try:
        limiter = _writers.get()
    except LookupError:
        limiter = CapacityLimiter(WRITERS)
        _writers.set(limiter)
    return await to_thread.run_sync(partial(work, *given, **more), limiter=limiter)
