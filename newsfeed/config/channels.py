"""Read ``[channels.*]`` and ``[mail.dkim]``: how mail leaves.

A table is read and typed here, once; the channel is handed the settings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.config.table import Table
from newsfeed.core.people.hosts import is_address, is_domain, is_host, is_this_machine
from newsfeed.marking import N_
from newsfeed.service_settings import DkimKeySettings, MxSettings
from newsfeed.settings import FolderSettings, NoSettings, RelaySettings, SmtpSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsfeed.settings import ChannelSettings

_WITH_PORT = re.compile(r"(?:\[(.+)\]|([^:]+)):([0-9]{1,5})")
PORTS = {"none": 25, "opportunistic": 25, "starttls": 587, "tls": 465}


def read_smtp(table: Table) -> SmtpSettings:
    """Read ``[channels.smtp]``: the first relay; ``[[channels.smtp.relays]]``: those that stand in for it."""
    further = table.array("relays")
    tables = [table, *further] if "host" in table or not further else further
    relays: list[RelaySettings] = []
    for one in tables:
        relay = _relay(one)
        if any((relay.host, relay.port) == (other.host, other.port) for other in relays):
            expected = N_("another relay than those before it")
            one.report("config-value", "host", value=relay.host, expected=expected)
        relays.append(relay)
    per_domain = table.quantity("domain_per_second", 0.0, 0.0, 10_000.0)
    limits = table.flag("receiver_limits", default=False)
    for one in (table, *further):
        one.close()
    return SmtpSettings(tuple(relays), per_domain, limits)


def read_mx(table: Table) -> MxSettings:
    """Read ``[channels.mx]``: mails go straight to the readers' servers."""
    hello = table.text("hello", required=True, example='"news.example.org"').lower()
    if hello and ("." not in hello or not is_domain(hello)):
        expected = N_("the full name of this machine, such as news.example.org")
        table.report("config-value", "hello", value=hello, expected=expected)
    usual = MxSettings(hello=hello)
    found = MxSettings(
        hello=hello,
        connections=table.number("connections", usual.connections, 1, 100),
        timeout=table.number("timeout", usual.timeout, 1, 600),
        name_server=_name_server(table),
        port=table.number("port", usual.port, 1, 65_535),
        allow_private=table.flag("allow_private", default=usual.allow_private),
    )
    table.close()
    return found


def _name_server(table: Table) -> str:
    """Read an address, perhaps with a port: ``192.0.2.1``, ``192.0.2.1:53`` or ``[2001:db8::1]:53``."""
    text = table.text("name_server")
    found = _WITH_PORT.fullmatch(text)
    host, port = (found[1] or found[2], int(found[3])) if found else (text, 53)
    if text and not (is_address(host) and 0 < port < 65_536):
        expected = N_("the address of a name server, such as 9.9.9.9 or 127.0.0.1:5353")
        table.report("config-value", "name_server", value=text, expected=expected)
    return text


def read_dkim_key(table: Table) -> DkimKeySettings:
    """Read one ``[mail.dkim]``."""
    domain = table.text("domain", required=True, example='"example.org"').lower()
    selector = table.text("selector", required=True, example='"news2026"').lower()
    for key, value in (("domain", domain), ("selector", selector)):
        if value and not is_domain(value):
            expected = N_("a name of DNS: letters a–z, digits, hyphens and full stops")
            table.report("config-value", key, value=value, expected=expected)
    found = DkimKeySettings(
        domain=domain,
        selector=selector,
        algorithm=table.choice("algorithm", ("rsa", "ed25519"), "rsa"),
        key_file=table.text("key_file"),
        key_env=table.text("key_env"),
    )
    if not found.key_file and not found.key_env:
        table.report("config-key-missing", "key_file", example='key_file = "var/dkim.pem"')
    table.close()
    return found


def _relay(table: Table) -> RelaySettings:
    host = table.text("host", required=True, example='"mail.example.org"')
    security = table.choice("security", tuple(PORTS), "starttls")
    username = table.text("username")
    usual = RelaySettings(host=host)
    relay = RelaySettings(
        host=host.lower(),
        port=table.number("port", PORTS[security], 1, 65_535),
        security=security,
        username=username,
        password_env=table.text("password_env", default="NEWSFEED_SMTP_PASSWORD" if username else ""),
        password_file=table.text("password_file"),
        ca_file=table.text("ca_file"),
        connections=table.number("connections", usual.connections, 1, 100),
        per_second=table.quantity("per_second", 0.0, 0.0, 10_000.0),
        timeout=table.number("timeout", usual.timeout, 1, 600),
    )
    if host and not is_host(relay.host):
        expected = N_("the name or address of a server, such as mail.example.org")
        table.report("config-value", "host", value=host, expected=expected)
    if username and security in ("none", "opportunistic") and not is_this_machine(relay.host):
        expected = N_(
            "starttls or tls where there is a username: else everybody on the way sees the password"
        )
        table.report("config-value", "security", value=security, expected=expected)
    return relay


def read_path(table: Table, default: str) -> FolderSettings:
    """Read a table whose only key is ``path``."""
    path = table.text("path", default=default)
    table.close()
    return FolderSettings(path)


def read_nothing(table: Table) -> NoSettings:
    """Read a table without keys."""
    table.close()
    return NoSettings()


CHANNEL_READERS: tuple[tuple[str, Callable[[Table], ChannelSettings]], ...] = (
    ("folder", lambda table: read_path(table, "var/outbox")),
    ("maildir", lambda table: read_path(table, "var/maildir")),
    ("mx", read_mx),
    ("smtp", read_smtp),
    ("stdout", read_nothing),
)
"""Channel → what reads its table."""
CHANNEL_NAMES = tuple(name for name, _ in CHANNEL_READERS)


def read_channels(root: Table) -> Mapping[str, ChannelSettings]:
    """Read ``[channels.*]``. A channel that needs no key may be used without a table."""
    readers = dict(CHANNEL_READERS)
    settings = {name: readers[name](table) for name, table in root.tables("channels", CHANNEL_NAMES)}
    for name, reader in CHANNEL_READERS:
        if name not in settings:
            absent = Table.empty()
            defaults = reader(absent)
            if not absent.problems:
                settings[name] = defaults
    return settings
