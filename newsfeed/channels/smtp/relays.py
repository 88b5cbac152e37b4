"""Choose among several relays in order: which may be called, and which is left alone for a while."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.channels.smtp.access import relay_name
from newsfeed.marking import N_, NOTHING, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from newsfeed.channels.smtp.access import RelayAccess

TRIES = 3
"""Connections broken in a row after which a relay is left alone; one that cannot be reached is at once."""
REST, LONGEST_REST = 10.0, 900.0
"""Seconds of the first rest; each further one is twice as long, up to the longest."""
_NOT_REACHED = Sentence(N_("not reached"))
CROWDED = 600.0
"""Seconds for which a relay that takes no more connections is not asked for more."""


class CircuitBreaker:
    """Opens after failures, so that a relay in trouble is not called for every message. Moments are seconds
    of a monotonic clock. Not safe between threads.
    """

    def __init__(self) -> None:
        self._broken = 0
        self._rests = 0
        self._until = float("-inf")
        self.reason = NOTHING
        """Why it is open, or was last."""

    def is_resting(self, now: float) -> bool:
        """Tell whether the relay is to be left alone."""
        return now < self._until

    def mark_unreachable(self, now: float, reason: Sentence, *, lasting: bool) -> None:
        """Note that the relay could not be reached, or turned us away. ``lasting``: only a person can change
        that.
        """
        self.reason = reason
        if lasting:
            self._until = now + LONGEST_REST
        elif not self.is_resting(now):  # else another connection's share of the same trouble
            self._until = now + min(REST * 2**self._rests, LONGEST_REST)
            self._rests = min(self._rests + 1, 10)

    def mark_broken(self, now: float, reason: Sentence) -> None:
        """Note that the relay took a connection and broke it off."""
        self._broken += 1
        if self._broken >= TRIES:
            self.mark_unreachable(now, reason, lasting=False)

    def mark_working(self) -> None:
        """Note that the relay did its work."""
        self._broken = self._rests = 0


@dataclass(slots=True)
class RelayState:
    """One relay and what all connections to it share."""

    access: RelayAccess
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    open: int = 0
    """Connections, those being opened included."""
    known: bool = False
    """The last attempt to connect succeeded."""
    probing: bool = False
    """It is not known, and somebody tries; the others wait for the outcome. So a wrong password is
    tried once, not once per connection.
    """
    limit: int = 0
    limited_until: float = float("-inf")
    """Until then at most ``limit`` connections: it said that it takes no more."""

    @property
    def name(self) -> str:
        """Return the relay's name in logs and ledger."""
        return relay_name(self.access.relay)

    def has_room(self, now: float) -> bool:
        """Tell whether another connection may be opened now."""
        most = self.access.relay.connections
        if now < self.limited_until:
            most = min(most, self.limit)
        return self.open < most and not self.probing


class RelayPool:
    """The relays of a channel in order of preference; safe between threads."""

    def __init__(self, accesses: Sequence[RelayAccess], clock: Callable[[], float]) -> None:
        self.relay_states = tuple(RelayState(access) for access in accesses)
        self._clock = clock
        self._lock = threading.Lock()
        self._halted = False

    def reserve(self, tried: Collection[str]) -> tuple[RelayState | None, bool]:
        """Reserve a connection to the first relay that is well and not among ``tried``; the caller gives it
        back with `release`. Returns that relay, and whether it had room; ``None`` when there is none, or
        after `halt`.
        """
        with self._lock:
            if self._halted:
                return None, False
            now = self._clock()
            well = (
                one for one in self.relay_states if one.name not in tried and not one.breaker.is_resting(now)
            )
            relay_state = next(well, None)
            if relay_state is None or not relay_state.has_room(now):
                return relay_state, False
            relay_state.open += 1
            relay_state.probing = not relay_state.known
            return relay_state, True

    def mark_connected(self, relay_state: RelayState) -> None:
        """Note that the connection stands: others may follow."""
        with self._lock:
            relay_state.known, relay_state.probing = True, False

    def mark_unreachable(
        self, relay_state: RelayState, reason: Sentence, *, lasting: bool, crowded: bool
    ) -> bool:
        """Note that no connection came about and give it back. ``crowded``: it was one too many, perhaps.
        Returns whether that was so, and it is worth waiting for another.
        """
        with self._lock:
            relay_state.open -= 1
            full = crowded and relay_state.open > 0
            if full:
                relay_state.limit, relay_state.limited_until = relay_state.open, self._clock() + CROWDED
            else:
                relay_state.known = relay_state.probing = False
                relay_state.breaker.mark_unreachable(self._clock(), reason, lasting=lasting)
            return full

    def mark_broken(self, relay_state: RelayState, reason: Sentence) -> None:
        """Note that the relay broke off a connection in the middle of its work."""
        with self._lock:
            relay_state.breaker.mark_broken(self._clock(), reason)

    def mark_working(self, relay_state: RelayState) -> None:
        """Note that the relay answered as a relay does."""
        with self._lock:
            relay_state.breaker.mark_working()

    def release(self, relay_state: RelayState) -> None:
        """Give back a connection that was closed."""
        with self._lock:
            relay_state.open -= 1

    def halt(self) -> None:
        """Let nobody wait any longer."""
        with self._lock:
            self._halted = True

    def trouble(self) -> Sentence:
        """Describe in one line why no relay can be had."""
        reasons = tuple(
            Sentence(N_("{name}: {reason}"), name=one.name, reason=one.breaker.reason or _NOT_REACHED)
            for one in self.relay_states
        )
        return Sentence(N_("no relay takes mail now ({reasons})"), reasons=reasons)
