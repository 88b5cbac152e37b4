"""Limit how often one household, and one neighbourhood of networks, may ask."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from newsfeed.core.people.client_address import networks_of

ASKING = ("10/10 minutes", "60/hour")
"""Requests for digests: of a household, and of a neighbourhood. A whole office has subscribed in an hour."""
GUESSING = ("20/minute", "120/minute")
"""Links that are none: who tries many is guessing."""

FOLLOWING = ("120/10 minutes", "600/hour")
"""Subscriptions to feeds: a reader's service asks for many at a time."""


class Rates:
    """Counts in memory, and forgets when the time of a limit is over: nobody's address is written down."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._asking = tuple(parse(limit) for limit in ASKING)
        self._guessing = tuple(parse(limit) for limit in GUESSING)
        self._following = tuple(parse(limit) for limit in FOLLOWING)

    def ask(self, client: str) -> int:
        """Count a request for a digest; return for how many seconds there may be no other, 0 when it may."""
        return self._hit("ask", self._asking, client)

    def follow(self, client: str) -> int:
        """Count a subscription to a feed; return for how many seconds there may be no other."""
        return self._hit("follow", self._following, client)

    def guess(self, client: str) -> int:
        """Count a link that is none; return for how many seconds no link is looked at."""
        return self._hit("guess", self._guessing, client)

    def has_guessed(self, client: str) -> int:
        """Return for how many seconds no link of this client is looked at, because many were none."""
        waits = [
            0 if self._limiter.test(limit, "guess", network) else self._wait("guess", limit, network)
            for limit, network in zip(self._guessing, networks_of(client), strict=True)
        ]
        return max(waits)

    def _hit(self, kind: str, limits: tuple[RateLimitItem, ...], client: str) -> int:
        waits = [
            0 if self._limiter.hit(limit, kind, network) else self._wait(kind, limit, network)
            for limit, network in zip(limits, networks_of(client), strict=True)
        ]
        return max(waits)

    def _wait(self, kind: str, limit: RateLimitItem, network: str) -> int:
        ends = self._limiter.get_window_stats(limit, kind, network).reset_time
        return max(1, math.ceil(ends - time.time()))
