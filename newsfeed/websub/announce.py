"""Announce feeds that have changed: to hubs of others, and to those who follow them over our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.records import WebSubTask

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from newsfeed.service_ports import WebSubBook
    from newsfeed.settings import Settings


def announce_feeds(book: WebSubBook, settings: Settings, topics: Iterable[str], now: datetime) -> int:
    """Keep a task for every request that is to be made; return how many. ``topics``: addresses of feeds."""
    tasks = []
    for topic in topics:
        targets = [("ping", hub) for hub in settings.websub.hubs]
        if settings.own_hub:
            targets += [("deliver", one.callback) for one in book.subscribers(topic, now)]
        tasks += [
            WebSubTask(kind=kind, topic=topic, target=target, created=now, next_try=now)
            for kind, target in targets
        ]
    book.add(tasks)
    return len(tasks)
