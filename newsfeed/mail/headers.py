"""Compose the headers of a digest's mails: those a group of readers shares, and those of one reader.

RFC 5322 (messages), 2369 and 2919 (lists), 8058 (one-click), 3834 (automatic mail).
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsfeed.core.delivery.senders import find_mail_settings
from newsfeed.mail import message as mime

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.core.digests.slots import Slot
    from newsfeed.settings import Digest, MailSettings, Settings
    from newsfeed.views import DigestView

_SENDER_ID = range(5, 16)
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
    mail = find_mail_settings(settings.mail, digest)
    sender, answers = mail.sender, find_reply_address(mail)
    mailbox = _mailto(answers)
    domain = sender.rpartition("@")[2]
    name = mail.sender_name or view.site_title
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
        ("Feedback-ID", _feedback_id(digest.name, f"{slot.day:%Y%m%d}", view.lang, domain)),
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
    stop = stop_address or find_reply_address(find_mail_settings(settings.mail, digest))
    return f"{_mailto(stop)}?subject=unsubscribe%20{digest.name}"


def _mailto(address: str) -> str:
    return f"mailto:{quote(address, safe='@+')}"


def find_reply_address(mail: MailSettings) -> str:
    """Return the address that answers go to."""
    return mail.reply_to or mail.sender


def _feedback_id(digest: str, day: str, lang: str, domain: str) -> str:
    """Return what Gmail counts complaints by, from the narrowest to the widest and no two alike: an issue, a
    digest in one language, a digest, a sender. Nothing is about a person.
    """
    return f"{digest}.{day}:{digest}.{lang}:{digest}:{_make_sender_id(domain)}"


def _make_sender_id(domain: str) -> str:
    """Return the domain if it has the 5 to 15 characters that Gmail wants, else a name made of it."""
    if len(domain) in _SENDER_ID:
        return domain
    return base64.b32encode(hashlib.sha256(domain.encode()).digest()).decode().lower()[:12]
