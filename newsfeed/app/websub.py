"""Wire WebSub: the store's book, the published feeds, and the ways to ask others."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsfeed.core.publishing.changed_feeds import is_feed_path
from newsfeed.core.site import urls
from newsfeed.errors import OutsideError
from newsfeed.files import read_file
from newsfeed.http_client.client import HttpClient
from newsfeed.marking import N_
from newsfeed.websub.announce import announce_feeds
from newsfeed.websub.hub import HubContext
from newsfeed.websub.requests import WebSubContext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.errors import NewsfeedError
    from newsfeed.records import WebSubTask

_MEDIA_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
"""Ending of a feed → its media type."""


def is_announcing(context: DeliveryContext) -> bool:
    """Tell whether somebody is told of feeds that change."""
    return bool(context.settings.hubs)


def announce_changed_feeds(context: DeliveryContext, paths: Iterable[str], now: datetime) -> int:
    """Keep the requests that follow from a publishing; return how many. ``paths``: of feeds that changed."""
    base_url = context.settings.site.base_url
    topics = [base_url + urls.encode_path(path) for path in paths]
    return announce_feeds(context.store.websub, context.settings, topics, now)


def open_hub_context(context: DeliveryContext, output: Path) -> HubContext:
    """Return what our own hub works with. ``output``: the published site."""
    return HubContext(
        context.store.websub,
        lambda topic: _feed_file(context.settings.site.base_url, output, topic) is not None,
    )


def open_websub_context(
    context: DeliveryContext,
    output: Path,
    clock: Callable[[], datetime],
    report: Callable[[NewsfeedError], object],
) -> WebSubContext:
    """Return what requests are made with.

    ``output``: the published site; ``report``: takes the word that a hub is told no more.
    """
    settings = context.settings

    def lost(task: WebSubTask) -> None:
        host = urlsplit(task.target).hostname or ""
        report(OutsideError(N_("{host} was not told of {topic}: it did not take it for a day"),
                            host=host, topic=task.topic))  # fmt: skip

    def read_feed(topic: str) -> tuple[bytes, str] | None:
        path = _feed_file(settings.site.base_url, output, topic)
        try:
            return None if path is None else (read_file(path), _MEDIA_TYPES[path.suffix[1:]])
        except OSError:  # it went this very moment
            return None

    return WebSubContext(
        book=context.store.websub,
        hub=settings.own_hub,
        read_feed=read_feed,
        hubs=HttpClient(allow_private=True),
        strangers=HttpClient(allow_private=settings.websub.allow_private),
        new_challenge=lambda: secrets.token_urlsafe(24),
        clock=clock,
        lost=lost,
    )


def _feed_file(base_url: str, output: Path, topic: str) -> Path | None:
    """Return the file of a published feed by its address; ``None`` when it is the address of nothing."""
    if not topic.startswith(base_url):
        return None
    path = unquote(topic.removeprefix(base_url))
    if not is_feed_path(path) or urls.encode_path(path) != topic.removeprefix(base_url):
        return None
    if any(part in ("", ".", "..") for part in path.split("/")) or "\0" in path:
        return None
    file = output / path
    return file if file.is_file() else None
