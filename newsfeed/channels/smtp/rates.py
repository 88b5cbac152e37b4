"""Limit the rate: token buckets per relay and per recipient domain that slow down when relays ask for it.

A bucket keeps the moment from which its next token may be used (the "virtual scheduling" form,
ITU-T I.371): no timer, no thread, and every answer is a pure function of the moments given. Told
to slow down, it halves its rate and recovers in a straight line, as TCP does.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FLOOR = 0.1
"""Messages a second below which no slow-down goes."""
RECOVERY = 120.0
"""Seconds from nothing to the full rate: after one halving it takes half of that."""
COOLING = 1.0
"""Seconds in which several complaints count as one: connections hear of the same trouble together."""
PATIENCE = 1.0
"""Seconds an offer waits for a recipient domain's turn; beyond that the message is put off, so that
the connection can serve others.
"""
ASSUMED_RATE = 10.0
"""Messages a second that are supposed where there is no limit and little traffic to observe."""
_BURST = 10
"""A bucket holds the tokens of a tenth of a second, and never less than one."""


class TokenBucket:
    """The token bucket of one relay or domain. Moments are seconds of a monotonic clock. Not safe between
    threads.
    """

    def __init__(self, rate: float = 0.0) -> None:
        """``rate``: messages a second at best; 0 for no limit until somebody complains."""
        self._asked = rate
        self._top = rate
        self._low = rate
        self._slowed = float("-inf")
        self._next = float("-inf")
        self._since, self._count, self._seen = float("-inf"), 0, 0.0

    def rate(self, now: float) -> float:
        """Return the messages a second at this moment; 0 for no limit."""
        if not self._top:
            return 0.0
        grown = self._low + max(now - self._slowed, 0.0) * self._top / RECOVERY
        if grown < self._top:
            return grown
        self._top = self._low = self._asked  # recovered; an invented limit goes away again
        return self._top

    def seconds_to_wait(self, now: float) -> float:
        """Return the seconds until a token could be used, without taking it."""
        rate = self.rate(now)
        return max(self._next - _burst_seconds(rate) - now, 0.0) if rate else 0.0

    def take(self, now: float) -> float:
        """Take a token; return the seconds until it may be used."""
        self._observe(now)
        rate = self.rate(now)
        if not rate:
            return 0.0
        wait = max(self._next - _burst_seconds(rate) - now, 0.0)
        self._next = max(self._next, now) + 1 / rate
        return wait

    def slow_down(self, now: float, observed: float = 0.0) -> None:
        """Halve the rate. Where there was no limit, half of what was ``observed_rate`` becomes one."""
        if now - self._slowed < COOLING:
            return
        rate = self.rate(now) or observed or self.observed_rate()
        self._top = max(self._top, rate, FLOOR)
        self._low = max(rate / 2, FLOOR)
        self._slowed = now

    def observed_rate(self) -> float:
        """Return the messages a second seen lately, and not less than `ASSUMED_RATE`."""
        return max(self._seen, self._count, ASSUMED_RATE)

    def is_idle(self, now: float) -> bool:
        """Tell whether forgetting this bucket would change nothing."""
        return self.rate(now) == self._asked and self._next <= now

    def _observe(self, now: float) -> None:
        if now - self._since >= 1.0:
            self._seen = self._count / (now - self._since)
            self._since, self._count = now, 0
        self._count += 1


class RateLimits:
    """The buckets of all relays and of recipient domains; safe between threads."""

    def __init__(
        self, relays: Mapping[str, float], per_domain: float = 0.0, *, most_domains: int = 10_000
    ) -> None:
        """``relays``: relay → messages a second; ``per_domain``: messages a second to any one recipient
        domain. 0 for no limit. ``most_domains``: when there are more, idle ones are forgotten.
        """
        self._most_domains = most_domains
        self._relays = {name: TokenBucket(rate) for name, rate in relays.items()}
        self._per_domain = per_domain
        self._domains: dict[str, TokenBucket] = {}
        self._lock = threading.Lock()

    def take_turn(self, relay: str, domain: str, now: float) -> float | None:
        """Take a turn; return the seconds to wait, or ``None`` when the domain's turn is too far away."""
        with self._lock:
            bucket = self._domain(domain, now)
            if bucket is not None and bucket.seconds_to_wait(now) > PATIENCE:
                return None
            wait = bucket.take(now) if bucket is not None else 0.0
            return max(wait, self._relays[relay].take(now))

    def take_free_turn(self, relay: str, domain: str, now: float) -> bool:
        """Take a turn if there is one without waiting; tell whether there was."""
        with self._lock:
            buckets = [self._relays[relay]]
            bucket = self._domain(domain, now)
            if bucket is not None:
                buckets.append(bucket)
            if any(one.seconds_to_wait(now) > 0 for one in buckets):
                return False
            for one in buckets:
                one.take(now)
            return True

    def slow_relay(self, relay: str, now: float) -> None:
        """Slow down to a relay that asked for it."""
        with self._lock:
            self._relays[relay].slow_down(now)

    def slow_domain(self, relay: str, domain: str, now: float) -> None:
        """Slow down to one domain, because a relay asked for it."""
        with self._lock:
            self._forget(now)
            bucket = self._domains.setdefault(domain, TokenBucket(self._per_domain))
            bucket.slow_down(now, self._relays[relay].observed_rate())

    def _domain(self, domain: str, now: float) -> TokenBucket | None:
        """Return a domain's bucket; there is one only where a limit is set or a relay complained."""
        found = self._domains.get(domain)
        if found is None and self._per_domain:
            self._forget(now)
            found = self._domains[domain] = TokenBucket(self._per_domain)
        return found

    def _forget(self, now: float) -> None:
        if len(self._domains) >= self._most_domains:
            self._domains = {
                name: bucket for name, bucket in self._domains.items() if not bucket.is_idle(now)
            }


def _burst_seconds(rate: float) -> float:
    """Return the seconds a bucket may run ahead: the time its stock is worth, less the token in use."""
    return (max(rate / _BURST, 1.0) - 1) / rate
