"""Remember what time it is elsewhere: every answer of a web server has its ``Date``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.service_ports import HttpAnswer, HttpRequest, HttpSender


@dataclass(frozen=True, slots=True)
class DatedSender:
    """A sender of requests that looks at the clocks of those it asks."""

    sender: HttpSender
    clock: Callable[[], datetime]
    differences: dict[str, timedelta] = field(default_factory=dict)
    """Host → how far its clock is ahead of ours; of several answers, the last."""

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send a request on."""
        answer = self.sender.send(request)
        moment = _read(answer.headers.get("date", ""))
        if moment is not None:
            self.differences[urlsplit(request.url).hostname or ""] = moment - self.clock()
        return answer

    def clocks(self, now: datetime) -> dict[str, datetime]:
        """Return the time at each host."""
        return {host: now + difference for host, difference in self.differences.items()}


def _read(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
