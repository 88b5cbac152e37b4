"""Edges that returned mails come in by. `MAILBOXES` lists them: adding one is one module and one line,
here and in `newsfeed.config.mailboxes`, which checks its table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from newsfeed.mailboxes.imap import ImapMailbox
from newsfeed.mailboxes.maildir import MaildirMailbox
from newsfeed.mailboxes.stdin import StdinMailbox

if TYPE_CHECKING:
    from newsfeed.ports import Mailbox

MailboxFactory = Callable[[Path, Mapping[str, object], Mapping[str, str]], "Mailbox"]
"""(the site's folder, the mailbox's own table of the configuration, environment) → the mailbox."""

MAILBOXES: tuple[tuple[str, MailboxFactory], ...] = (
    ("maildir", MaildirMailbox.from_table),
    ("imap", ImapMailbox.from_table),
    ("stdin", StdinMailbox.from_table),
)


def open_mailbox(
    name: str, root: Path, table: Mapping[str, object], environment: Mapping[str, str]
) -> Mailbox:
    """The mailbox of a name. ``environment``: where passwords are."""
    return dict(MAILBOXES)[name](root, table, environment)
