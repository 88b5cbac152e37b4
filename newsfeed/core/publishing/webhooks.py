"""Check a webhook: whether a forge signed it, and whether it is about the branch that is published.

All that a webhook can do is to make somebody look; what is published is what the repository has.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FORGED, OTHER, PUSHED = "forged", "other", "pushed"
"""Nobody who knows the secret has sent it; it is about something else; there may be a new commit."""
KEPT = 30_000
"""Bytes of a body in which its branch is looked for; a longer one makes somebody look in any case."""
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class WebhookVerdict:
    """The result of checking a webhook."""

    kind: str
    names: tuple[str, ...] = ()
    """The forge's name for this one, where it has one, and last the hash of what is signed: when it is sent
    again, one of them comes again. No signature is about the first, so anybody can choose another.
    """


class WebhookBody:
    """The body of a webhook, piece by piece as it comes: all of it is signed, and only a short one is kept.
    Whoever sends it has proved nothing yet, and there may be thousands.
    """

    def __init__(self, secret: str) -> None:
        self._signed = hmac.new(secret.encode(), digestmod=hashlib.sha256)
        self._hashed = hashlib.sha256()
        self._kept = bytearray()
        self._size = 0

    def take(self, piece: bytes) -> None:
        """Take the next piece."""
        self._signed.update(piece)
        self._hashed.update(piece)
        self._size += len(piece)
        self._kept += piece[: max(KEPT - len(self._kept), 0)]

    @property
    def signature(self) -> str:
        """Return what only those who know the secret can make of it."""
        return self._signed.hexdigest()

    @property
    def digest(self) -> str:
        """Return its hash."""
        return self._hashed.hexdigest()

    @property
    def text(self) -> bytes:
        """Return it; nothing of a long one."""
        return bytes(self._kept) if self._size <= KEPT else b""


def check_webhook(
    forge: str, headers: Mapping[str, str], body: WebhookBody, secret: str, branch: str
) -> WebhookVerdict:
    """Check a webhook. ``headers``: by names in small letters; ``branch``: the one that is published."""
    if not secret or not _CHECKS[forge](headers, body, secret):
        return WebhookVerdict(FORGED)
    delivery = _first(headers, _DELIVERIES[forge])[:_LONGEST_ID]
    event = _first(headers, _EVENTS[forge])
    ref = _ref_of(body.text)
    is_other = event not in _PUSHES or (ref and ref != f"refs/heads/{branch}")
    names = (delivery, f"sha256:{body.digest}")
    return WebhookVerdict(OTHER if is_other else PUSHED, tuple(filter(None, names)))


def _is_github(headers: Mapping[str, str], body: WebhookBody, secret: str) -> bool:
    given = headers.get("x-hub-signature-256", "")
    return _is_equal(given, f"sha256={body.signature}")


def _is_gitlab(headers: Mapping[str, str], body: WebhookBody, secret: str) -> bool:
    return _is_equal(headers.get("x-gitlab-token", ""), secret)


def _is_forgejo(headers: Mapping[str, str], body: WebhookBody, secret: str) -> bool:
    given = _first(headers, ("x-forgejo-signature", "x-gitea-signature"))
    return _is_equal(given, body.signature)


def _is_equal(given: str, expected: str) -> bool:
    """Compare in a time that says nothing about how much of it is right."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _first(headers: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((headers[name] for name in names if headers.get(name)), "")


def _ref_of(body: bytes) -> str:
    """Return the branch or tag that a push was to; empty when it is not said in a way that we know."""
    try:
        found = json.loads(body)
        ref = found.get("ref", "") if isinstance(found, dict) else ""
    except (ValueError, RecursionError):
        return ""
    return ref if isinstance(ref, str) else ""


_CHECKS = {"github": _is_github, "gitlab": _is_gitlab, "forgejo": _is_forgejo}
_DELIVERIES = {
    "github": ("x-github-delivery",),
    "gitlab": ("idempotency-key", "x-gitlab-webhook-uuid", "x-gitlab-event-uuid"),
    "forgejo": ("x-forgejo-delivery", "x-gitea-delivery"),
}
_EVENTS = {
    "github": ("x-github-event",),
    "gitlab": ("x-gitlab-event",),
    "forgejo": ("x-forgejo-event", "x-gitea-event"),
}
_PUSHES = ("push", "Push Hook", "System Hook")
