"""Check a webhook: whether a forge signed it, and whether it is about the branch that is published.

All that a webhook can do is to make somebody look; what is published is what the repository has.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

FORGED, OTHER, PUSHED = "forged", "other", "pushed"
"""Nobody who knows the secret has sent it; it is about something else; there may be a new commit."""
KEPT = 30_000
"""Bytes of a body in which its branch is looked for; a longer one makes somebody look in any case."""
_LONGEST_ID = 200
_SIGNING_TOKEN, _SHORTEST_KEY = "whsec_", 16
"""The beginning of a signing token of GitLab's, before a key in base64; bytes of the shortest one."""
_ID, _TIMESTAMP, _SIGNATURES = "webhook-id", "webhook-timestamp", "webhook-signature"
_MOST_SIGNATURES = 10
"""There are several while a token is exchanged."""
_FRESH = 300
"""Seconds for which a call that says when it was sent counts."""


@dataclass(frozen=True, slots=True)
class WebhookVerdict:
    """The result of checking a webhook."""

    kind: str
    names: tuple[str, ...] = ()
    """The forge's name for this one, where it has one, and last the hash of what is signed: when it is sent
    again, one of them comes again. No signature is about the first, so anybody can choose another; where one
    is, there is no hash.
    """


class WebhookBody:
    """The body of a webhook, piece by piece as it comes: all of it is signed, and only a short one is kept.
    Whoever sends it has proved nothing yet, and there may be thousands.
    """

    def __init__(self, key: bytes, before: bytes = b"") -> None:
        """key: what it is signed with; before: what is signed together with it, and comes first."""
        self._signed = hmac.new(key, before, hashlib.sha256)
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
    def signature(self) -> bytes:
        """Return what only those who know the secret can make of it."""
        return self._signed.digest()

    @property
    def digest(self) -> str:
        """Return its hash."""
        return self._hashed.hexdigest()

    @property
    def text(self) -> bytes:
        """Return it; nothing of a long one."""
        return bytes(self._kept) if self._size <= KEPT else b""


def open_body(forge: str, headers: Mapping[str, str], secret: str) -> WebhookBody:
    """Return what takes the body of a webhook. ``headers``: by names in small letters."""
    if not _has_signing_token(forge, headers, secret):
        return WebhookBody(secret.encode())
    try:
        key = base64.b64decode(secret.removeprefix(_SIGNING_TOKEN), validate=True)
    except ValueError:
        key = b""
    if len(key) < _SHORTEST_KEY:  # it is no token of GitLab's, and a key that anybody can guess is none
        key = secret.encode()
    return WebhookBody(key, f"{headers.get(_ID, '')}.{headers.get(_TIMESTAMP, '')}.".encode())


def check_webhook(
    forge: str, headers: Mapping[str, str], body: WebhookBody, secret: str, branch: str, now: datetime
) -> WebhookVerdict:
    """Check a webhook. ``headers``: by names in small letters; ``branch``: the one that is published."""
    is_standard = _has_signing_token(forge, headers, secret)
    check = partial(_is_standard, now=now) if is_standard else _CHECKS[forge]
    if not secret or not check(headers, body, secret):
        return WebhookVerdict(FORGED)
    delivery = _first(headers, (_ID,) if is_standard else _DELIVERIES[forge])[:_LONGEST_ID]
    event = _first(headers, _EVENTS[forge])
    ref = _ref_of(body.text)
    is_other = event not in _PUSHES or (ref and ref != f"refs/heads/{branch}")
    # what the signature is about: the name of a call, or nothing but its body
    names = (delivery,) if is_standard else (delivery, f"sha256:{body.digest}")
    return WebhookVerdict(OTHER if is_other else PUSHED, tuple(filter(None, names)))


def _is_github(headers: Mapping[str, str], body: WebhookBody, secret: str) -> bool:
    given = headers.get("x-hub-signature-256", "")
    return _is_equal(given, f"sha256={body.signature.hex()}")


def _is_gitlab(headers: Mapping[str, str], body: WebhookBody, secret: str) -> bool:
    return _is_equal(headers.get("x-gitlab-token", ""), secret)


def _is_forgejo(headers: Mapping[str, str], body: WebhookBody, secret: str) -> bool:
    given = _first(headers, ("x-forgejo-signature", "x-gitea-signature"))
    return _is_equal(given, body.signature.hex())


def _has_signing_token(forge: str, headers: Mapping[str, str], secret: str) -> bool:
    """Tell whether GitLab has signed by a token (Standard Webhooks), instead of showing a secret."""
    return forge == "gitlab" and secret.startswith(_SIGNING_TOKEN) and _SIGNATURES in headers


def _is_standard(headers: Mapping[str, str], body: WebhookBody, secret: str, *, now: datetime) -> bool:
    sent = headers.get(_TIMESTAMP, "")
    if not headers.get(_ID) or not re.fullmatch(r"[0-9]{1,12}", sent):
        return False
    expected = f"v1,{base64.b64encode(body.signature).decode()}"
    given = headers[_SIGNATURES].split(" ", _MOST_SIGNATURES)[:_MOST_SIGNATURES]
    is_signed = any(_is_equal(one, expected) for one in given)
    return is_signed and abs(now.timestamp() - int(sent)) <= _FRESH


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
