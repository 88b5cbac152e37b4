"""Read ``[mail]`` and ``[store]``: who writes, and where people and the ledger are kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.config.channels import CHANNEL_NAMES, read_dkim_key
from newsfeed.core.delivery.verp import is_bounce_address
from newsfeed.marking import N_
from newsfeed.service_settings import StoreSettings
from newsfeed.settings import MailSettings

if TYPE_CHECKING:
    from newsfeed.config.table import Table

_ADDRESS = re.compile(
    r"""(?:"?([^"<>\r\n]*?)"?\s*<)?([\w!#$%&'*+/=?^`{|}~.-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+)>?""", re.ASCII
)
"""What headers can say without SMTPUTF8: ASCII, and no quoted local part."""
_PAGE = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?/[!-;=?-~]*", re.ASCII)
_PASSWORD = re.compile(r"(?<=://)(?!/).*:.*(?=@)|(?<=password=)[^&]*", re.IGNORECASE)


def read_mail(table: Table) -> MailSettings:
    """Read ``[mail]``: who writes, and how it leaves."""
    name, sender = read_address(table, "from")
    _, reply_to = read_address(table, "reply_to")
    found = MailSettings(
        sender_name=name,
        sender=sender,
        reply_to=reply_to,
        channel=table.choice("channel", CHANNEL_NAMES, "folder"),
        unsubscribe_url=_page(table, "unsubscribe_url"),
        confirm_url=_page(table, "confirm_url"),
        subscribe_url=_page(table, "subscribe_url"),
        preferences_url=_page(table, "preferences_url"),
        bounce_address=read_bounce_address(table),
        dkim=tuple(read_dkim_key(one) for one in table.array("dkim")),
    )
    table.close()
    return found


def read_store(table: Table) -> StoreSettings:
    """Read ``[store]``: where people and the ledger are kept, and the secret beside them."""
    usual = StoreSettings()
    found = StoreSettings(
        url=_store_url(table, usual.url),
        durable=table.flag("durable", default=usual.durable),
        secret_env=table.text("secret_env", default=usual.secret_env),
        secret_file=table.text("secret_file", default=usual.secret_file),
        instance_file=table.text("instance_file", default=usual.instance_file),
    )
    table.close()
    return found


def _store_url(table: Table, usual: str) -> str:
    url = table.text("url", default=usual)
    if _PASSWORD.search(url):
        expected = N_("no password: it belongs in PGPASSWORD or a .pgpass file")
        table.report("config-value", "url", value=_PASSWORD.sub("…", url), expected=expected)
    return url


def _page(table: Table, key: str) -> str:
    """Read an address that a token is put behind; one-click needs HTTPS (RFC 8058 3.1)."""
    url = table.text(key)
    if url and not _PAGE.fullmatch(url):
        expected = N_("an HTTPS address such as https://www.example.org/unsubscribe/")
        table.report("config-value", key, value=url, expected=expected)
    return url


def read_bounce_address(table: Table) -> str:
    """Read the address that mails come back to; there must be room in it for a token."""
    _, address = read_address(table, "bounce_address")
    if address and not is_bounce_address(address):
        expected = N_("an address with at most 37 characters before the @, such as bounces@example.org")
        table.report("config-value", "bounce_address", value=address, expected=expected)
    return address


def read_address(table: Table, key: str) -> tuple[str, str]:
    """Read a mail address with a name or without one; return both."""
    text = table.text(key)
    found = _ADDRESS.fullmatch(text.strip())
    if text and not found:
        expected = N_("an address such as “Example newsroom <news@example.org>”")
        table.report("config-value", key, value=text, expected=expected)
    return ((found[1] or "").strip(), found[2]) if found else ("", "")
