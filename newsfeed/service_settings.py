"""The settings of what runs as a service: the store, and the pages where readers subscribe."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """``[store]``: where subscribers and the ledger are kept."""

    url: str = "sqlite:///var/newsfeed.db"
    durable: bool = False
    """Survive power loss, not only killed processes: every commit waits for the disk."""
    secret_env: str = "NEWSFEED_SECRET"  # noqa: S105 - a variable's name
    """Environment variable with the site's secret."""
    secret_file: str = "var/secret"  # noqa: S105 - a file's name
    """File with the secret when the variable is not set; made at first use."""

    @property
    def sqlite_file(self) -> str:
        """The file of a store in SQLite, relative to the site's folder; empty for another store."""
        scheme, _, path = self.url.partition(":///")
        return path if scheme == "sqlite" else ""


@dataclass(frozen=True, slots=True)
class WebSettings:
    """``[web]``: where readers subscribe, choose and leave."""

    host: str = "127.0.0.1"
    port: int = 8080
    base_url: str = ""
    """Absolute, ends with a slash; empty: there are no such pages."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose word about a visitor's address is believed."""
    frame_ancestors: tuple[str, ...] = ()
    """Origins whose pages may show the form in a frame."""


NO_WEB = WebSettings()
"""Of a site that has no such pages."""
USUAL_STORE = StoreSettings()
