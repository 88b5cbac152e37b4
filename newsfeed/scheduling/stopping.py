"""The signal that ends a service, and whoever has to be woken by it."""

from __future__ import annotations

import signal
import threading


class StopSignal:
    """Is set by SIGTERM or SIGINT, or by a test; wakes the events that wait for other things, too."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self._others: list[threading.Event] = []

    def listen(self) -> None:
        """Take the signals of this process; only its main thread may."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.set())

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
