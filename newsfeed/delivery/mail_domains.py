"""Find the mail servers of readers' domains: many at once, in bounded time, and not again for every mail."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.delivery.receivers.lookups import is_fresh, remember
from newsfeed.errors import OutsideError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from newsfeed.receiver_ports import MailDomains, MailHostFinder, MailHosts

_AT_ONCE = 16
"""Questions to DNS at the same time."""
_SECONDS = 30.0
"""For which new questions are asked before an issue is planned: it must not wait for name servers that are
down."""


@dataclass(frozen=True, slots=True)
class RememberedHostFinder:
    """Implements `newsfeed.receiver_ports.MailHostFinder`: asks another one, and keeps what it says."""

    finder: MailHostFinder
    domains: MailDomains
    clock: Callable[[], datetime]

    def find(self, domain: str) -> MailHosts:
        """Return the servers of a domain. While the store is away, DNS is asked each time."""
        known = None
        with suppress(OutsideError):
            known = self.domains.find(domain)
        if known is not None and is_fresh(known, self.clock()):
            return known.found
        answer = self.finder.find(domain)
        kept = remember(answer, known, self.clock())
        with suppress(OutsideError):
            self.domains.keep({domain: kept})
        return kept.found


def look_up(
    finder: MailHostFinder, domains: Iterable[str], seconds: float = _SECONDS
) -> Mapping[str, MailHosts]:
    """Find the servers of domains, many at once; begin with none any more after some seconds. Returns those
    that were found out in time.
    """
    waiting = deque(domains)
    found: dict[str, MailHosts] = {}
    end = time.monotonic() + seconds

    def work() -> None:
        with suppress(IndexError):
            while time.monotonic() < end:
                domain = waiting.popleft()
                found[domain] = finder.find(domain)

    number = min(_AT_ONCE, len(waiting))
    threads = [threading.Thread(target=work, name="mail-hosts", daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
