"""Decide which of a sender's connections serves which group of receivers, and when."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from newsfeed.delivery.stock import ANYBODY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsfeed.delivery.connection_sender import ConnectionSender, Item
    from newsfeed.delivery.receiver_traffic import ReceiverTraffic
    from newsfeed.delivery.stock import Stock

_NEVER = float("inf")
_LOOK_AGAIN = 1.0
"""Seconds between two tries to have one more connection to a group."""
_LOOK_AROUND = 3.0
"""Seconds between two looks for groups that had nothing so far."""


class Lines:
    """The connections of one sender that are not at work, and the groups to which all of them go.

    Where a relay sees to what receivers allow, any of them serves anybody.
    """

    def __init__(self, lines: Sequence[ConnectionSender], stock: Stock, traffic: ReceiverTraffic) -> None:
        self._free = list(lines)
        """Belong to no group."""
        self._resting: dict[str, list[ConnectionSender]] = defaultdict(list)
        """Are open, and wait for a turn of their group."""
        self._held: Counter[str] = Counter()
        """Group → our connections to it, at work or resting."""
        self._needless: list[ConnectionSender] = []
        self._full: dict[str, float] = {}
        """Groups that may have no more connections → monotonic moment until which that is believed."""
        self._stock = stock
        self._traffic = traffic
        self._turn = _NEVER
        """Monotonic moment of the next turn that somebody waits for."""
        self._look_from = 0.0
        """Monotonic moment from which more is looked for, though nobody has run out of it."""
        self._has_changed = True
        """Something has, since nothing could be sent."""

    @property
    def could_work(self) -> bool:
        """Tell whether some may be free."""
        return bool(self._free) or self._traffic.limiting

    # -- work --------------------------------------------------------------------------------

    def find_work(self) -> Iterator[tuple[ConnectionSender, Item]]:
        """Yield free connections, each with a message that may leave over it now."""
        if not self._traffic.limiting:
            while self._free and (item := self._stock.take(ANYBODY)) is not None:
                line = self._free.pop()
                self._held[ANYBODY] += 1
                yield line, item
            return
        if not self._is_worthwhile():
            return
        looks_around = self._may_look_around
        self._has_changed, self._turn = False, _NEVER
        self._find_served()
        while True:
            for name in self._stock.groups():
                yield from self._serve(name)
            if not (looks_around and self._free and self._stock.claim()):
                break
        if looks_around:
            self._look_from = time.monotonic() + _LOOK_AROUND

    def may_go_on(self, line: ConnectionSender) -> bool:
        """Tell whether a connection may carry another message now; its turn is taken then."""
        name = line.receivers
        return name == ANYBODY or (not self._has_served(line) and self._traffic.take_turn(name))

    def is_done(self, line: ConnectionSender) -> bool:
        """Tell whether a connection that is open must be closed."""
        return line.receivers != ANYBODY and line.is_open and self._has_served(line)

    def find_needless(self) -> Sequence[ConnectionSender]:
        """Return connections to be closed, though nothing is wrong with them: they wait for nothing any more,
        or for so long that others need them sooner.
        """
        found, self._needless = self._needless, []
        return found

    def take_back(self, line: ConnectionSender) -> None:
        """Take back a connection that is not at work any more."""
        name = line.receivers
        self._has_changed = True
        if name == ANYBODY:
            self._held[ANYBODY] -= 1
            self._free.append(line)
        elif line.is_open:
            self._resting[name].append(line)
        else:
            self._leave(line)

    def let_go(self) -> Sequence[ConnectionSender]:
        """Return all connections that are not at work, to be hung up."""
        found = [*self._free, *self._needless, *(line for lines in self._resting.values() for line in lines)]
        self._held[ANYBODY] += len(self._free)
        self._free.clear()
        self._needless.clear()
        self._resting.clear()
        return found

    # -- waiting -----------------------------------------------------------------------------

    @property
    def are_waiting(self) -> bool:
        """Tell whether a message is to leave at its turn."""
        return self._turn < _NEVER

    def seconds_to_wait(self) -> float:
        """Return the seconds until the next turn that somebody waits for."""
        return max(self._turn - time.monotonic(), 0.001)

    def at_work(self) -> Iterable[tuple[str, int]]:
        """Yield the groups that have connections, each with their number."""
        return ((name, number) for name, number in self._held.items() if number > 0)

    def _is_worthwhile(self) -> bool:
        """Tell whether anything may be different since the last look."""
        return self._has_changed or time.monotonic() >= self._turn or self._may_look_around

    @property
    def _may_look_around(self) -> bool:
        """Tell whether it is time to look for groups that had nothing so far."""
        return bool(self._free) and time.monotonic() >= self._look_from

    # -- groups ------------------------------------------------------------------------------

    def _serve(self, name: str) -> Iterator[tuple[ConnectionSender, Item]]:
        """Yield connections of one group, each with a message, as many as it may have now."""
        until = self._traffic.paused.get(name)
        if until is not None:
            self._stock.put_off(name, until)
            return
        while self._stock.has(name):
            seconds = self._traffic.seconds_to_turn(name)
            if seconds > 0:
                self._turn = min(self._turn, time.monotonic() + seconds)
                return
            line = self._find_line(name)
            if line is None:
                return
            item = self._stock.take(name) if self._traffic.take_turn(name) else None
            if item is None:
                self.take_back(line)
                return
            yield line, item

    def _find_line(self, name: str) -> ConnectionSender | None:
        """Return a connection to a group; ``None`` when it may have no more."""
        if self._resting[name]:
            return self._resting[name].pop()
        if not self._free:
            if not self._held[name]:
                self._spare_one()
            return None
        if time.monotonic() < self._full.get(name, 0.0):
            return None
        if not self._traffic.take_connection(name, self._held[name]):
            self._full[name] = time.monotonic() + _LOOK_AGAIN
            if not self._held[name]:
                self._stock.mark_full(name)
            return None
        line = self._free.pop()
        line.receivers = name
        self._held[name] += 1
        self._stock.served(name)
        return line

    def _has_served(self, line: ConnectionSender) -> bool:
        """Tell whether a connection has carried enough, or there is nothing that it may carry."""
        name = line.receivers
        return (
            name in self._traffic.paused
            or line.carried >= self._traffic.limits_of(name).messages
            or not self._stock.has(name)
        )

    def _find_served(self) -> None:
        for lines in self._resting.values():
            served = [line for line in lines if self._has_served(line)]
            lines[:] = [line for line in lines if line not in served]
            self._needless += served

    def _spare_one(self) -> None:
        """Let a connection go that waits for its turn, so that a group without any can have one."""
        for lines in self._resting.values():
            if lines:
                self._needless.append(lines.pop())
                return

    def _leave(self, line: ConnectionSender) -> None:
        """Give a closed connection back to its group."""
        name, line.receivers = line.receivers, ANYBODY
        self._full.pop(name, None)
        self._traffic.leave_connection(name)
        self._held[name] -= 1
        if not self._held[name]:
            del self._held[name]
            self._resting.pop(name, None)
        self._free.append(line)
