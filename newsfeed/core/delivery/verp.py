"""Make and read return paths that say which delivery came back: ``bounces+<token>@example.org`` (VERP).

The token is signed (`newsfeed.core.people.tokens`, purpose ``bounce``, for ever, base32 since relays may
change the case of a local part). So it does not matter where in a report it is found, nor what a
relay has put around it: BATV and SRS prefixes, another domain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PURPOSE = "bounce"
LONGEST_LOCAL = 37
"""Octets of the configured local part: with ``+`` and a token it fills the 64 of RFC 5321 4.5.3.1."""
_TOKEN = re.compile(r"\+([a-z2-7]{26})@", re.IGNORECASE | re.ASCII)
_BOUNCE_ADDRESS = re.compile(rf"[A-Za-z0-9][A-Za-z0-9.+_-]{{0,{LONGEST_LOCAL - 1}}}@[A-Za-z0-9.-]+")


def make_return_path(bounce_address: str, token: str) -> str:
    """Return the bounce address with a token in it."""
    local, _, domain = bounce_address.rpartition("@")
    return f"{local}+{token}@{domain}"


def find_tokens(texts: Iterable[str], most: int = 5) -> tuple[str, ...]:
    """Return the tokens of return paths in some texts, in order, each once. Nothing is believed yet."""
    found: dict[str, None] = {}
    for text in texts:
        for token in _TOKEN.findall(text):
            found[token.lower()] = None
            if len(found) == most:
                return tuple(found)
    return tuple(found)


def is_bounce_address(address: str) -> bool:
    """Tell whether an address can take a token: ASCII, and short enough."""
    return bool(_BOUNCE_ADDRESS.fullmatch(address))
