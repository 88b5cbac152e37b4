"""Read what came back, from the mailboxes of a configuration, or from one that was named."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from newsfeed.app.instance import require_active
from newsfeed.bounces import process
from newsfeed.mailboxes import open_mailbox

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.settings import MailboxSettings

MOST = 10_000
"""Messages read of one mailbox: after a mail bomb the next reading goes on where this one ends."""


def read_mailboxes(
    delivery: DeliveryContext,
    mailboxes: Mapping[str, MailboxSettings],
    now: datetime,
    environment: Mapping[str, str],
) -> Sequence[process.BounceCounts]:
    """Read mailboxes (kind → settings); return what was found in each. Raises `OutsideError` when one cannot
    be read, or when the store is a copy: what came back to a server is for the original.
    """
    if "imap" in mailboxes:
        require_active(delivery)
    context = process.BounceContext(delivery.store.people, delivery.store.bounces, delivery.secret)
    counts = []
    for name, settings in mailboxes.items():
        mailbox = open_mailbox(name, delivery.root, settings, environment)
        with closing(mailbox.messages(MOST)) as messages:
            counts.append(process.read_returned_mails(context, messages, now))
    return counts
