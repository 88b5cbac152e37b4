"""Edges that returned mails come in by. `MAILBOXES` lists them; `config.mailboxes` reads their settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsfeed.mailboxes.imap import ImapMailbox
from newsfeed.mailboxes.maildir import MaildirMailbox
from newsfeed.mailboxes.stdin import StdinMailbox

if TYPE_CHECKING:
    from newsfeed.service_ports import Mailbox
    from newsfeed.settings import MailboxSettings

MailboxFactory = Callable[[Path, Any, Mapping[str, str]], "Mailbox"]
"""(the site's folder, the settings of this kind of mailbox, environment) → the mailbox."""

MAILBOXES: tuple[tuple[str, MailboxFactory], ...] = (
    ("maildir", MaildirMailbox.from_settings),
    ("imap", ImapMailbox.from_settings),
    ("stdin", StdinMailbox.from_settings),
)


def open_mailbox(name: str, root: Path, settings: MailboxSettings, environment: Mapping[str, str]) -> Mailbox:
    """Return the mailbox of a name. ``environment``: where passwords are."""
    return dict(MAILBOXES)[name](root, settings, environment)
