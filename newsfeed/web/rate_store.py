"""Remember for a while what was counted for a limit, and of a flood only the latest.

The storage in memory that `limits` brings keeps the name of everything it ever counted, and walks over all of
them whenever something is counted: who comes from many networks fills our memory, and our time.
"""

from __future__ import annotations

import threading
import time
from array import array
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from limits.storage import MovingWindowSupport, Storage

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 50_000
"""Moments that are remembered for all limits of the same length: some 20 MB when each has another name."""


@dataclass(slots=True)
class _Window:
    """All that is remembered for limits of one length."""

    seconds: float
    moments: OrderedDict[str, array[float]] = field(default_factory=OrderedDict)
    """Name → moments, oldest first; the name that was counted last is the last."""
    number: int = 0
    """Moments of all names together."""

    def count(self, name: str, now: float) -> int:
        """Return how many moments of a name are within the window, and forget the others."""
        moments = self.moments.get(name)
        if moments is None:
            return 0
        old = bisect_left(moments, now - self.seconds)
        del moments[:old]
        self.number -= old
        if not moments:
            del self.moments[name]
        return len(moments)

    def add(self, name: str, now: float, amount: int) -> None:
        """Remember something that happened now."""
        self.moments.setdefault(name, array("d")).extend([now] * amount)
        self.moments.move_to_end(name)
        self.number += amount

    def forget(self, now: float, most: int) -> None:
        """Forget names for which nothing was counted lately; when there are too many moments, the oldest."""
        while self.moments:
            name, moments = next(iter(self.moments.items()))
            if moments[-1] >= now - self.seconds and self.number <= most:
                return
            self.number -= len(moments)
            del self.moments[name]


class RateStore(Storage, MovingWindowSupport):
    """Keeps moving windows, and nothing else. By a clock that nobody can set."""

    STORAGE_SCHEME = None

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        super().__init__()
        self._clock = clock
        self._most = most
        self._windows: dict[float, _Window] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many moments are remembered."""
        return sum(window.number for window in self._windows.values())

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count something when its limit allows it; tell whether it did."""
        now = self._clock()
        with self._lock:
            for window in self._windows.values():
                window.forget(now, self._most)
            window = self._windows.setdefault(expiry, _Window(expiry))
            if window.count(key, now) + amount > limit:
                return False
            window.add(key, now, amount)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the first that counts happened, and how many there are."""
        now = self._clock()
        with self._lock:
            window = self._windows.get(expiry)
            number = window.count(key, now) if window is not None else 0
            return (window.moments[key][0], number) if window is not None and number else (now, 0)

    def check(self) -> bool:
        """Tell that it works."""
        return True

    def reset(self) -> int | None:
        """Forget everything; return how many moments that were."""
        with self._lock:
            number = len(self)
            self._windows.clear()
        return number

    def clear(self, key: str) -> None:
        """Forget one name."""
        with self._lock:
            for window in self._windows.values():
                window.number -= len(window.moments.pop(key, ()))

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what can go wrong here: nothing of its own."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Raise `NotImplementedError`: fixed windows are not kept."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Raise `NotImplementedError`: fixed windows are not kept."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Raise `NotImplementedError`: fixed windows are not kept."""
        raise NotImplementedError
