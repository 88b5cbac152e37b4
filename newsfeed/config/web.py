"""Read ``[web]``: where readers subscribe, choose and leave; the addresses in mails follow from it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.marking import N_
from newsfeed.service_settings import WebSettings

if TYPE_CHECKING:
    from newsfeed.config.table import Table
    from newsfeed.settings import MailSettings

_BASE_URL = re.compile(
    r"(?:https://[A-Za-z0-9.-]+|http://(?:localhost|127\.0\.0\.1))(?::[1-9]\d{0,4})?(?:/[\w.~-]+)*/?",
    re.ASCII,
)
"""Mail programs post to HTTPS only (RFC 8058 3.1); without it pages are for looking at on this machine."""
_ORIGIN = re.compile(
    r"(?:https://(?:\*\.)?[A-Za-z0-9.-]+|http://(?:localhost|127\.0\.0\.1))(?::[1-9]\d{0,4})?", re.ASCII
)
_HOST = re.compile(r"[A-Za-z0-9.-]+|[0-9A-Fa-f:.]+", re.ASCII)


def read_web(table: Table) -> WebSettings:
    """Read ``[web]``."""
    usual = WebSettings()
    found = WebSettings(
        host=_host(table, usual.host),
        port=table.number("port", usual.port, 1, 65_535),
        base_url=_base_url(table),
        trusted_proxies=_networks(table, "trusted_proxies"),
        metrics_port=table.number("metrics_port", usual.metrics_port, 0, 65_535),
        frame_ancestors=_origins(table, "frame_ancestors"),
    )
    table.close()
    return found


def complete_mail(mail: MailSettings, web: WebSettings) -> MailSettings:
    """Return the settings of mail with the addresses of the service's own pages, where none are given."""
    if not web.base_url:
        return mail
    return replace(
        mail,
        unsubscribe_url=mail.unsubscribe_url or f"{web.base_url}one-click/",
        confirm_url=mail.confirm_url or f"{web.base_url}confirm/",
        preferences_url=mail.preferences_url or f"{web.base_url}preferences/",
        subscribe_url=mail.subscribe_url or f"{web.base_url}{{lang}}/subscribe",
    )


def _host(table: Table, usual: str) -> str:
    host = table.text("host", default=usual)
    if not _HOST.fullmatch(host):
        table.report(
            "config-value", "host", value=host, expected=N_("a name or an address such as 127.0.0.1")
        )
    return host


def _base_url(table: Table) -> str:
    url = table.text("base_url")
    if url and not _BASE_URL.fullmatch(url):
        expected = N_("an HTTPS address such as https://mail.example.org/")
        table.report("config-value", "base_url", value=url, expected=expected)
    return url.rstrip("/") + "/" if url else ""


def _networks(table: Table, key: str) -> tuple[str, ...]:
    networks = table.list_of_texts(key, example='["127.0.0.1"]')
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            expected = N_("an address or a network such as 10.0.0.0/8")
            table.report("config-value", key, value=network, expected=expected)
    return networks


def _origins(table: Table, key: str) -> tuple[str, ...]:
    origins = table.list_of_texts(key, example='["https://www.example.org"]')
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            expected = N_("an origin such as https://www.example.org, without a path")
            table.report("config-value", key, value=origin, expected=expected)
    return origins
