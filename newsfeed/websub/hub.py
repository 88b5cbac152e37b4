"""Take the wish of somebody to follow a feed, or to follow it no longer; they are asked back later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.publishing.websub import BadSubscription, callback_origin, read_subscription
from newsfeed.records import WebSubTask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from newsfeed.service_ports import WebSubBook

MOST, MOST_OF_HOST = 10_000, 1_000
"""Subscriptions, and those of one host: a stranger can fill neither the store nor the time of the hub."""


@dataclass(frozen=True, slots=True)
class HubContext:
    """All that our own hub works with."""

    book: WebSubBook
    is_feed: Callable[[str], bool]
    """Tells whether an address is that of a published feed."""


def request_subscription(
    context: HubContext, fields: Mapping[str, str], now: datetime
) -> BadSubscription | None:
    """Keep the task to ask back; return why there is none. ``fields``: the form."""
    found = read_subscription(fields)
    if isinstance(found, BadSubscription):
        return found
    if not context.is_feed(found.topic):
        return BadSubscription("hub.topic is no feed of this site")
    # who has a subscription can keep or end it, however many there are
    is_known = context.book.subscription(found.topic, found.callback, now) is not None
    if not is_known and _is_full(context.book, callback_origin(found.callback)):
        return BadSubscription("there are too many subscriptions")
    task = WebSubTask(
        kind="verify",
        topic=found.topic,
        target=found.callback,
        mode=found.mode,
        secret=found.secret,
        lease=found.lease,
        created=now,
        next_try=now,
    )
    context.book.add([task])
    return None


def _is_full(book: WebSubBook, origin: str) -> bool:
    return book.count() >= MOST or book.count(origin) >= MOST_OF_HOST
