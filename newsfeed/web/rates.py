"""Limit how often one household, and one neighbourhood of networks, may ask."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from limits import parse
from limits.strategies import MovingWindowRateLimiter

from newsfeed.core.people.client_address import networks_of
from newsfeed.web.rate_store import MOST, RateStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from limits import RateLimitItem

ASKING, GUESSING, FOLLOWING = "asking", "guessing", "following"
FORGING, GARBLING, NOTING = "forging", "garbling", "noting"
"""What is counted, each by itself."""
LIMITS = {
    ASKING: ("10/10 minutes", "60/hour"),
    GUESSING: ("20/minute", "120/minute"),
    FOLLOWING: ("120/10 minutes", "600/hour"),
    FORGING: ("20/minute", "120/minute"),
    GARBLING: ("20/minute", "120/minute"),
    NOTING: ("1/minute", "10/minute"),
}
"""Kind → limits of a household, and of a neighbourhood: requests for digests (a whole office has subscribed
in an hour); links that are none; subscriptions to feeds, for which a reader's service asks many at a time;
webhooks that nobody signed; forms that cannot be read; lines of the log
about them.
"""


ALIASES = 2
"""Further names of one mailbox, such as ``anna+news@``, that get mail from strangers' requests in a day."""

NAMED = 3
"""Readers who can have an address asked in a day whether it is their new one, each of them once."""


class Rates:
    """Counts in memory, and forgets when the time of a limit is over: nobody's address is written down."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        """``most``: moments that are remembered for limits of one length."""
        self._clock = clock
        self._store = RateStore(clock, most)
        self._limiter = MovingWindowRateLimiter(self._store)
        self._daily, self._aliases = parse("1/day"), parse(f"{ALIASES}/day")
        self._named = parse(f"{NAMED}/day")
        self._limits = {kind: tuple(map(parse, limits)) for kind, limits in LIMITS.items()}

    def __len__(self) -> int:
        """Return how many moments are remembered."""
        return len(self._store)

    def count(self, kind: str, client: str) -> int:
        """Count something that a client does; return for how many seconds it may not be done again, 0 when it
        may.
        """
        return max(
            0 if self._limiter.hit(limit, kind, network) else self._seconds(kind, limit, network)
            for limit, network in self._networks(kind, client)
        )

    def wait(self, kind: str, client: str) -> int:
        """Return for how many seconds a client may not do something, and count nothing."""
        return max(
            0 if self._limiter.test(limit, kind, network) else self._seconds(kind, limit, network)
            for limit, network in self._networks(kind, client)
        )

    def may_write(self, address: str, mailbox: str) -> bool:
        """Tell whether an address that anybody may have entered can be written to. One that could today can
        once more; other limits say how often. Of a mailbox's further names only few can.

        address, mailbox: their hashes; the same one when the address is no further name.
        """
        if address == mailbox or not self._limiter.test(self._daily, "address", address):
            return True
        if not self._limiter.hit(self._aliases, "mailbox", mailbox):
            return False
        self._limiter.hit(self._daily, "address", address)
        return True

    def may_name(self, mailbox: str, reader: str) -> bool:
        """Tell whether a mailbox can be asked once more whether it is some reader's new one; count it. Each
        reader counts once, so that nobody alone can use up what others may need.

        mailbox: its hash, whatever further names it has; reader: the key of who names it.
        """
        if not self._limiter.hit(self._daily, "naming", mailbox, reader):
            return False
        return self._limiter.hit(self._named, "named", mailbox)

    def _networks(self, kind: str, client: str) -> Iterable[tuple[RateLimitItem, str]]:
        return zip(self._limits[kind], networks_of(client), strict=True)

    def _seconds(self, kind: str, limit: RateLimitItem, network: str) -> int:
        ends = self._limiter.get_window_stats(limit, kind, network).reset_time
        return max(1, math.ceil(ends - self._clock()))
