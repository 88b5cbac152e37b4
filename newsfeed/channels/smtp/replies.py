"""Make a `Reply` of what a relay says, without the addresses that relays like to quote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.records import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

SLOW_DOWN = (421, 450, 451, 452, 454)
"""Codes that mean "not so fast" or "not now"."""
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LENGTH = 300
"""Characters kept of a reply."""


def make_reply(code: int, lines: Sequence[bytes], stage: str, relay: str) -> Reply:
    """Return the reply of a code and its ``lines`` (without codes)."""
    enhanced, texts = "", []
    for line in lines:
        text = line.decode("utf-8", "replace")
        if found := _ENHANCED.match(text):
            enhanced = enhanced or found[1]
            text = text[found.end() :]
        texts.append(text)
    return Reply(code, enhanced, clean_text(" ".join(texts)), stage, relay)


def clean_text(text: str) -> str:
    """Return a text fit for logs and ledger: one line, no addresses, not too long."""
    text = " ".join(_UNPRINTABLE.sub(" ", text).split())
    if "@" in text:
        text = _ADDRESS.sub("…", text)
    return text if len(text) <= _LENGTH else text[: _LENGTH - 1] + "…"
