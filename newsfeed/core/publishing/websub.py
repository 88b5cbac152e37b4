"""WebSub (W3C Recommendation of 2018): what is asked of a hub, and what a hub asks, as values.

A subscriber asks a hub for a feed (its *topic*); the hub asks back at the *callback* whether it was them;
then it sends them the feed whenever that changes, signed with the *secret* they gave.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.records import WebSubTask

SUBSCRIBE, UNSUBSCRIBE = "subscribe", "unsubscribe"
SHORTEST_LEASE, USUAL_LEASE, LONGEST_LEASE = 3_600, 10 * 86_400, 30 * 86_400
"""Seconds."""
_LONGEST_URL, _LONGEST_SECRET = 2_000, 199
"""Characters; bytes (WebSub 5.1: less than 200)."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""Between two tries of a request; after the last of them it is given up: about a day."""
_VERIFY_TRIES = 3
"""Whoever asks for a feed is there; a stranger who was named is not called for a day."""
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class SubscriptionRequest:
    """The request of somebody who wants to follow a feed, or no longer."""

    mode: str
    topic: str
    callback: str
    secret: str = ""
    lease: int = USUAL_LEASE
    """Seconds."""


@dataclass(frozen=True, slots=True)
class BadSubscription:
    """A request that makes no sense; the reason is for programmers, in English as the protocol is."""

    reason: str


def read_subscription(fields: Mapping[str, str]) -> SubscriptionRequest | BadSubscription:
    """Read the form that is sent to a hub (WebSub 5.1)."""
    mode, callback = fields.get("hub.mode", ""), fields.get("hub.callback", "")
    if mode not in (SUBSCRIBE, UNSUBSCRIBE):
        return BadSubscription("hub.mode must be subscribe or unsubscribe")
    if not is_callback(callback):
        return BadSubscription("hub.callback must be a web address without a fragment")
    secret = fields.get("hub.secret", "")
    if len(secret.encode()) > _LONGEST_SECRET:
        return BadSubscription("hub.secret must have less than 200 bytes")
    lease = fields.get("hub.lease_seconds", "") or str(USUAL_LEASE)
    if not lease.isascii() or not lease.isdecimal():
        return BadSubscription("hub.lease_seconds must be a whole number")
    seconds = min(max(int(lease[:12]), SHORTEST_LEASE), LONGEST_LEASE)
    return SubscriptionRequest(mode, fields.get("hub.topic", ""), callback, secret, seconds)


def is_callback(url: str) -> bool:
    """Tell whether an address can be called: http or https, of printable ASCII, with nothing hidden in it."""
    if (
        len(url) > _LONGEST_URL
        or not url.isascii()
        or any(char <= " " or char in '"<>\\^`{|}\x7f' for char in url)
    ):
        return False
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.username is None
            and "#" not in url
            and parts.port != 0
        )
    except ValueError:  # brackets that hold no address, a port that is no number
        return False


def callback_origin(callback: str) -> str:
    """Return the beginning that all callbacks of one host share."""
    parts = urlsplit(callback)
    return f"{parts.scheme}://{parts.netloc}/"


def verification_url(task: WebSubTask, challenge: str) -> str:
    """Return the address at which a subscriber is asked whether it was them (WebSub 5.3)."""
    asked = {"hub.mode": task.mode, "hub.topic": task.topic, "hub.challenge": challenge}
    if task.mode == SUBSCRIBE:
        asked["hub.lease_seconds"] = str(task.lease)
    separator = "&" if urlsplit(task.target).query else "" if task.target.endswith("?") else "?"
    return f"{task.target}{separator}{urlencode(asked)}"


def signature(secret: str, body: bytes) -> str:
    """Return what proves to a subscriber that a feed comes from the hub (WebSub 7.1)."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def delivery_headers(hub: str, topic: str, media_type: str, secret: str, body: bytes) -> Mapping[str, str]:
    """Return the headers of a feed that is sent to a subscriber (WebSub 7)."""
    signed = {"X-Hub-Signature": signature(secret, body)} if secret else {}
    links = f'<{hub}>; rel="hub", <{topic}>; rel="self"'
    return {"Content-Type": media_type, "Link": links, **signed}


def ping_body(topic: str) -> bytes:
    """Return the form that tells a hub of others that a feed has changed."""
    return urlencode({"hub.mode": "publish", "hub.topic": topic, "hub.url": topic}).encode()


def find_pause(task: WebSubTask) -> timedelta | None:
    """Return the pause before the next try of a request that failed; ``None`` when it is given up."""
    if task.kind == "verify" and task.attempts + 1 >= _VERIFY_TRIES:
        return None
    return PAUSES[task.attempts] if task.attempts < len(PAUSES) else None
