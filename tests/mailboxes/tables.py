"""Mailboxes opened from tables of a configuration, as a site opens them."""

from collections.abc import Mapping
from pathlib import Path

from newsfeed.config.mailboxes import MAILBOX_READERS
from newsfeed.config.table import Table
from newsfeed.mailboxes import open_mailbox
from newsfeed.service_ports import Mailbox


def open_from_table(
    name: str, root: Path, values: Mapping[str, object], environment: Mapping[str, str] | None = None
) -> Mailbox:
    """The mailbox with these keys in its table, which must be right."""
    table = Table.of(values)
    settings = dict(MAILBOX_READERS)[name](table)
    assert table.problems == []
    return open_mailbox(name, root, settings, environment or {})
