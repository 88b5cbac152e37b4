"""Read what came back, from the mailboxes of a configuration, or from one that was named."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from newsfeed.app.instance import require_active
from newsfeed.bounces import process
from newsfeed.core.delivery.receivers.groups import ReceiverGroups
from newsfeed.delivery.receiver_traffic import ReceiverTraffic
from newsfeed.mailboxes import open_mailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.receiver_ports import ReceiverState
    from newsfeed.settings import MailboxSettings

MOST = 10_000
"""Messages read of one mailbox: after a mail bomb the next reading goes on where this one ends."""


def read_mailboxes(
    delivery: DeliveryContext,
    mailboxes: Mapping[str, MailboxSettings],
    now: datetime,
    environment: Mapping[str, str],
    paused: Callable[[ReceiverState], None] = lambda _: None,
) -> Sequence[process.BounceCounts]:
    """Read mailboxes (kind → settings); return what was found in each. Raises `OutsideError` when one cannot
    be read, or when the store is a copy: what came back to a server is for the original. ``paused`` hears of
    groups of receivers that are left alone from now on, because too much came back from them.
    """
    if "imap" in mailboxes:
        require_active(delivery)
    limits_of = ReceiverGroups(delivery.settings.receivers).limits_of
    traffic = ReceiverTraffic(delivery.store.receiver_book, "", limits_of, lambda: now, paused)
    context = process.BounceContext(
        delivery.store.people, delivery.store.bounces, delivery.secret, traffic.note_returned
    )
    counts = []
    for name, settings in mailboxes.items():
        mailbox = open_mailbox(name, delivery.root, settings, environment)
        with closing(mailbox.messages(MOST)) as messages:
            counts.append(process.read_returned_mails(context, messages, now))
    return counts
