"""``[mailboxes.*]``: where mails come back to, read from tables of the configuration.

As with channels, a mailbox reads its own table when it is opened; here it is read before, so that
``newsfeed check`` tells what is wrong with it, and where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.people.hosts import is_host, is_this_machine
from newsfeed.marking import N_
from newsfeed.settings import ImapSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsfeed.config.table import Table

PORTS = {"tls": 993, "starttls": 143, "none": 143}


def imap(table: Table) -> ImapSettings:
    """``[mailboxes.imap]``."""
    host = table.text("host", required=True, example='"mail.example.org"').lower()
    security = table.choice("security", tuple(PORTS), "tls")
    username = table.text("username", required=True, example='"bounces@example.org"')
    usual = ImapSettings(host=host, username=username)
    found = ImapSettings(
        host=host,
        port=table.number("port", PORTS[security], 1, 65_535),
        security=security,
        username=username,
        password_env=table.text("password_env", default=usual.password_env),
        password_file=table.text("password_file"),
        ca_file=table.text("ca_file"),
        folder=table.text("folder", default=usual.folder),
        timeout=table.number("timeout", usual.timeout, 1, 600),
    )
    if host and not is_host(host):
        expected = N_("the name or address of a server, such as mail.example.org")
        table.report("config-value", "host", value=host, expected=expected)
    if security == "none" and not is_this_machine(host):
        expected = N_("starttls or tls: else everybody on the way sees the password")
        table.report("config-value", "security", value=security, expected=expected)
    if not (found.folder.isascii() and found.folder.isprintable()):
        expected = N_("the name of a folder, of characters of ASCII")
        table.report("config-value", "folder", value=found.folder, expected=expected)
    table.close()
    return found


def maildir(table: Table) -> str:
    """``[mailboxes.maildir]``: the path of the Maildir."""
    path = table.text("path", required=True, example='"/var/mail/bounces/Maildir"')
    table.close()
    return path


CHECKS: Mapping[str, Callable[[Table], object]] = {"maildir": maildir, "imap": imap}
"""Mailbox → what reads its table. Standard input has none."""
