"""Read ``[websub]`` and ``[fediverse]``: hubs that tell of changed feeds, and where a bridge answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.marking import N_
from newsfeed.service_settings import FediverseSettings, WebSubSettings

if TYPE_CHECKING:
    from newsfeed.config.table import Table
    from newsfeed.service_settings import WebSettings

_ADDRESS = re.compile(
    r"(?:https://[A-Za-z0-9.-]+|http://(?:localhost|127\.0\.0\.1))(?::\d{1,5})?(?:/[!-~]*)?", re.ASCII
)


def read_websub(table: Table, web: WebSettings) -> WebSubSettings:
    """Read ``[websub]``. ``web``: without its address there can be no hub of our own."""
    found = WebSubSettings(
        hubs=table.list_of_texts("hubs", example='["https://hub.example.org/"]'),
        hub=table.flag("hub", default=False),
        allow_private=table.flag("allow_private", default=False),
    )
    for hub in found.hubs:
        _check(table, "hubs", hub)
    if found.hub and not web.base_url:
        expected = N_("false, or [web] base_url must say where the hub is")
        table.report("config-value", "hub", value="true", expected=expected)
    table.close()
    return found


def read_fediverse(table: Table) -> FediverseSettings:
    """Read ``[fediverse]``."""
    found = FediverseSettings(webfinger=table.text("webfinger"), host_meta=table.text("host_meta"))
    for key, address in (("webfinger", found.webfinger), ("host_meta", found.host_meta)):
        if address:
            _check(table, key, address)
    table.close()
    return found


def _check(table: Table, key: str, address: str) -> None:
    if not _ADDRESS.fullmatch(address) or any(char in address for char in '"<>#'):
        expected = N_("an HTTPS address such as https://hub.example.org/")
        table.report("config-value", key, value=address, expected=expected)
