"""Make the requests of WebSub that are due: ping hubs, ask subscribers back, send them feeds."""

from __future__ import annotations

import hmac
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.publishing.websub import (
    FORM,
    SUBSCRIBE,
    delivery_headers,
    find_pause,
    ping_body,
    verification_url,
)
from newsfeed.errors import OutsideError
from newsfeed.records import WebSubSubscription
from newsfeed.service_ports import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from newsfeed.records import WebSubTask
    from newsfeed.service_ports import HttpSender, WebSubBook

DONE, DENIED, LATER, GIVEN_UP = "done", "denied", "later", "given up"
"""It was taken; the other side does not want it; it is tried again; it is not."""
PING = "ping"
"""The kind of a request that tells somebody else's hub."""
_AT_ONCE = 8
"""Requests at the same time: one slow server must not keep the others waiting."""
_BATCH = 64
_GONE, _NOT_FOUND = 410, 404
_AGENT = {"User-Agent": "newsfeed"}


@dataclass(frozen=True, slots=True)
class WebSubContext:
    """All that requests are made with."""

    book: WebSubBook
    hub: str
    """Address of our own hub; empty when there is none."""
    read_feed: Callable[[str], tuple[bytes, str] | None]
    """Address of a feed → its bytes and media type; ``None`` when it is not published any more."""
    hubs: HttpSender
    """Asks hubs, which the configuration names."""
    strangers: HttpSender
    """Asks subscribers, whom anybody may name."""
    new_challenge: Callable[[], str]
    """Returns a text that nobody can guess."""
    clock: Callable[[], datetime]
    lost: Callable[[WebSubTask], object] = lambda _: None
    """Takes a ping that is given up; that a stranger cannot be reached is no news."""


def make_due_requests(context: WebSubContext, is_ended: Callable[[], bool] = bool) -> Mapping[str, int]:
    """Make every request that is due now; return how many ended how. ``is_ended``: tells when to stop early;
    what is left then is done later.
    """
    counts: Counter[str] = Counter()
    with ThreadPoolExecutor(_AT_ONCE, "websub") as executor:
        while not is_ended() and (tasks := context.book.due(context.clock(), _BATCH)):
            counts.update(executor.map(lambda task: _do(context, task), tasks))
    return counts


def _do(context: WebSubContext, task: WebSubTask) -> str:
    try:
        outcome = _DO[task.kind](context, task)
    except OutsideError:
        outcome = LATER
    if outcome != LATER:
        context.book.finish(task)
        return outcome
    pause = find_pause(task)
    if pause is None:
        context.book.finish(task)
        if task.kind == PING:
            context.lost(task)
        return GIVEN_UP
    context.book.reschedule(task, context.clock() + pause)
    return LATER


def _ping(context: WebSubContext, task: WebSubTask) -> str:
    headers = {"Content-Type": FORM, **_AGENT}
    answer = context.hubs.send(HttpRequest("POST", task.target, headers, ping_body(task.topic)))
    return DONE if _is_good(answer.status) else LATER


def _verify(context: WebSubContext, task: WebSubTask) -> str:
    challenge = context.new_challenge()
    answer = context.strangers.send(HttpRequest("GET", verification_url(task, challenge), _AGENT))
    if not _is_good(answer.status):
        return DENIED if answer.status in (_GONE, _NOT_FOUND) else LATER
    if not hmac.compare_digest(answer.body.strip(), challenge.encode()):
        return DENIED
    if task.mode != SUBSCRIBE:
        context.book.unsubscribe(task.topic, task.target)
        return DONE
    expires = context.clock() + timedelta(seconds=task.lease)
    context.book.subscribe(
        WebSubSubscription(topic=task.topic, callback=task.target, secret=task.secret, expires=expires)
    )
    return DONE


def _deliver(context: WebSubContext, task: WebSubTask) -> str:
    subscription = context.book.subscription(task.topic, task.target, context.clock())
    found = context.read_feed(task.topic)
    if subscription is None or found is None or not context.hub:
        return DONE
    body, media_type = found
    headers = delivery_headers(context.hub, task.topic, media_type, subscription.secret, body)
    answer = context.strangers.send(HttpRequest("POST", task.target, {**headers, **_AGENT}, body))
    if answer.status == _GONE:  # WebSub 7: they do not want it any more
        context.book.unsubscribe(task.topic, task.target)
        return DENIED
    return DONE if _is_good(answer.status) else LATER


def _is_good(status: int) -> bool:
    return 200 <= status < 300


_DO = {PING: _ping, "verify": _verify, "deliver": _deliver}
