"""Compose the headers of a digest's mails: those a group of readers shares, and those of one reader.

RFC 5322 (messages), 2369 and 2919 (lists), 8058 (one-click), 3834 (automatic mail).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsfeed.mail import message as mime

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.core.digests.slots import Slot
    from newsfeed.settings import Digest, Settings
    from newsfeed.views import DigestView

Headers = tuple[tuple[str, str], ...]
"""(name, encoded value) in the order of the message."""


@dataclass(frozen=True, slots=True)
class PersonalValues:
    """The header values in which readers of one group differ."""

    name: str
    address: str
    message_id: str
    one_click: str = ""
    """Address of this reader's one-click page; empty when the site has no such pages."""
    stop_address: str = ""
    """Mail address that takes this reader off the list; empty to use the one that takes answers."""


def compose_group_headers(settings: Settings, digest: Digest, slot: Slot, view: DigestView) -> Headers:
    """Return the headers that all readers of a group share."""
    sender, answers = settings.mail.sender, find_reply_address(settings)
    mailbox = _mailto(answers)
    domain = sender.rpartition("@")[2]
    name = settings.mail.sender_name or view.site_title
    return (
        ("From", mime.format_address_header("From", name, sender)),
        ("Reply-To", answers),
        ("Subject", mime.format_text_header("Subject", view.subject)),
        ("Date", mime.format_date_header(slot.instant.astimezone(digest.timezone))),
        ("List-Id", mime.format_address_header("List-Id", view.title, f"{digest.name}.{domain}")),
        ("List-Help", f"<{mailbox}>"),
        ("List-Archive", f"<{view.home}>"),
        ("List-Owner", f"<{mailbox}>"),
        ("List-Post", "NO"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "All"),
        ("Feedback-ID", f"{slot.day:%Y%m%d}:{digest.name}:digest:{domain}"),
    )


def compose_personal_headers(settings: Settings, digest: Digest, person: PersonalValues) -> Headers:
    """Return the headers of one reader. One-click needs a page that answers a POST (RFC 8058 3.1): where the
    site has none, a mail does it.
    """
    mailto = f"<{make_unsubscribe_mailto(settings, digest, person.stop_address)}>"
    headers: Headers = (
        ("To", mime.format_address_header("To", person.name, person.address)),
        ("Message-ID", person.message_id),
    )
    if not person.one_click:
        return (*headers, ("List-Unsubscribe", mailto))
    return (
        *headers,
        ("List-Unsubscribe", f"<{person.one_click}>,{mime.CRLF} {mailto}"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )


def mark_as_test(headers: Headers, subject: str, moment: datetime | None = None) -> Headers:
    """Return headers whose subject says that the mail is only a test. ``moment``: its date, for one that is
    to come is taken for a mark of spam.
    """
    others = {"Subject": mime.format_text_header("Subject", f"[Test] {subject}")}
    if moment is not None:
        others["Date"] = mime.format_date_header(moment)
    return tuple((name, others.get(name, value)) for name, value in headers)


def make_unsubscribe_mailto(settings: Settings, digest: Digest, stop_address: str = "") -> str:
    """Return the address that opens a mail which asks to be taken off a digest."""
    stop = stop_address or find_reply_address(settings)
    return f"{_mailto(stop)}?subject=unsubscribe%20{digest.name}"


def _mailto(address: str) -> str:
    return f"mailto:{quote(address, safe='@+')}"


def find_reply_address(settings: Settings) -> str:
    """Return the address that answers go to."""
    return settings.mail.reply_to or settings.mail.sender
