"""The settings of the pages where readers subscribe, choose and leave."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSettings:
    """``[web]``: where readers subscribe, choose and leave."""

    host: str = "127.0.0.1"
    port: int = 8080
    base_url: str = ""
    """Absolute, ends with a slash; empty: there are no such pages."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose word about a visitor's address is believed."""


NO_WEB = WebSettings()
"""Of a site that has no such pages."""
