"""Find the mail servers of readers' domains: many at once, and in bounded time."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsfeed.receiver_ports import MailHostFinder, MailHosts

_AT_ONCE = 16
"""Questions to DNS at the same time."""
_SECONDS = 30.0
"""For which new questions are asked before an issue is planned: it must not wait for name servers that are
down."""


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
