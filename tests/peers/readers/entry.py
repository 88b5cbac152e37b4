"""The few facts that every feed client must agree on."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Entry:
    """One entry as a client shows it; `published` is in UTC."""

    id: str
    title: str
    link: str
    published: datetime
    enclosure: str | None = None
