"""Read ``[mailboxes.*]``: where mails come back to.

A table is read and typed here, once; the mailbox is handed the settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.people.hosts import is_host, is_this_machine
from newsfeed.marking import N_
from newsfeed.service_settings import DoctorSettings, ImapSettings
from newsfeed.settings import FolderSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsfeed.config.table import Table
    from newsfeed.settings import MailboxSettings

PORTS = {"tls": 993, "starttls": 143, "none": 143}


DOCTOR_PASSWORD = "NEWSFEED_DOCTOR_PASSWORD"  # noqa: S105 - a variable's name


def read_imap(table: Table) -> ImapSettings:
    """Read ``[mailboxes.imap]``."""
    found = _read_login(table)
    table.close()
    return found


def read_doctor(table: Table, *, present: bool) -> DoctorSettings | None:
    """Read ``[doctor]``: a mailbox, and who says there what a mail proved; ``None`` without the table."""
    if not present:
        return None
    found = DoctorSettings(
        mailbox=_read_login(table, DOCTOR_PASSWORD), authserv_id=table.text("authserv_id").lower()
    )
    table.close()
    return found


def _read_login(table: Table, password_env: str = "") -> ImapSettings:
    host = table.text("host", required=True, example='"mail.example.org"').lower()
    security = table.choice("security", tuple(PORTS), "tls")
    username = table.text("username", required=True, example='"bounces@example.org"')
    usual = ImapSettings(host=host, username=username)
    found = ImapSettings(
        host=host,
        port=table.number("port", PORTS[security], 1, 65_535),
        security=security,
        username=username,
        password_env=table.text("password_env", default=password_env or usual.password_env),
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
    return found


def read_maildir(table: Table) -> FolderSettings:
    """Read ``[mailboxes.maildir]``: the path of the Maildir."""
    path = table.text("path", required=True, example='"/var/mail/bounces/Maildir"')
    table.close()
    return FolderSettings(path)


MAILBOX_READERS: tuple[tuple[str, Callable[[Table], MailboxSettings]], ...] = (
    ("maildir", read_maildir),
    ("imap", read_imap),
)
"""Mailbox → what reads its table. Standard input has none."""
MAILBOX_NAMES = tuple(name for name, _ in MAILBOX_READERS)


def read_mailboxes(root: Table) -> Mapping[str, MailboxSettings]:
    """Read ``[mailboxes.*]``."""
    readers = dict(MAILBOX_READERS)
    return {name: readers[name](table) for name, table in root.tables("mailboxes", MAILBOX_NAMES)}
