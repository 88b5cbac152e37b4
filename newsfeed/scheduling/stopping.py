"""The signal that ends a service, and whoever has to be woken by it."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_NUMBERS = (signal.SIGTERM, signal.SIGINT)


class StopSignal:
    """Is set by SIGTERM or SIGINT, or by a test; wakes the events that wait for other things, too."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self._others: list[threading.Event] = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the signals of this process meanwhile; only its main thread may.

        A handler would run in the main thread, which may have gone to sleep just before, and would then wait
        for whatever wakes it; or it may hold the very lock that setting an event takes. So Python writes the
        signal's number into a pipe at once, and a thread of its own reads it.
        """
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        follower = threading.Thread(target=self._follow, args=(reading,), name="signals", daemon=True)
        follower.start()
        pipe_before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        before = {number: signal.signal(number, _do_nothing) for number in _NUMBERS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(pipe_before)
            os.close(writing)
            follower.join()
            os.close(reading)

    def wake_too(self, event: threading.Event) -> None:
        """Let an event be set as well."""
        self._others.append(event)

    def set(self) -> None:
        """End the service."""
        self.event.set()
        for event in self._others:
            event.set()

    def is_set(self) -> bool:
        """Tell whether the service is to end."""
        return self.event.is_set()

    def wait(self) -> None:
        """Wait until the service is to end."""
        self.event.wait()

    def _follow(self, reading: int) -> None:
        """Read the numbers of signals from a pipe until it is closed."""
        while numbers := os.read(reading, 64):
            if any(number in _NUMBERS for number in numbers):
                self.set()


def _do_nothing(number: int, frame: FrameType | None) -> None:
    """Stand in for the default, which would end the process."""
