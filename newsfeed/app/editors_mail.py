"""Write to the editors' desk, over the channel that digests leave by."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.app.channels import open_site_channel
from newsfeed.core.delivery.retry_policy import classify_reply
from newsfeed.errors import OutsideError, UsageError
from newsfeed.mail import message as mime
from newsfeed.mail.headers import find_reply_address
from newsfeed.marking import N_
from newsfeed.model import Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.settings import Settings


class EditorsMail(NamedTuple):
    """A mail to the editors who read one language."""

    subject: str
    text: str


def send_to_editors(
    root: Path,
    settings: Settings,
    mails: Mapping[str, EditorsMail],
    now: datetime,
    environment: Mapping[str, str],
) -> None:
    """Send each editor the mail in their language. Raises `OutsideError` when one is not taken: then all may
    be sent again.

    mails: by language, one for each language of ``[editors]``.
    """
    if not settings.mail.sender:
        raise UsageError(
            N_("config.toml does not say who writes"),
            N_("add to config.toml: {line}"),
            line='[mail] from = "Newsroom <news@example.org>"',
        )
    channel = open_site_channel(root, settings, environment)
    session = channel.open()
    try:
        for lang, addresses in settings.editors.addresses.items():
            for address in addresses:
                message = _compose(settings, lang, mails[lang], address, now)
                reply = session.offer(message) or session.finish()
                if classify_reply(reply) != "accepted":
                    reason = f"{reply.code} {reply.text}"
                    raise OutsideError(N_("cannot tell the editors: {reason}"), reason=reason)
    finally:
        session.close()
        channel.close()


def _compose(settings: Settings, lang: str, mail: EditorsMail, address: str, now: datetime) -> Message:
    sender, title = settings.mail.sender, settings.site.title.get(lang)
    unique = hashlib.blake2b(f"{mail.subject}\0{address}\0{mail.text}".encode(), digest_size=12).hexdigest()
    message_id = f"<editors.{unique}@{sender.rpartition('@')[2]}>"
    headers = (
        ("From", mime.format_address_header("From", settings.mail.sender_name or title, sender)),
        ("To", mime.format_address_header("To", "", address)),
        ("Reply-To", find_reply_address(settings.mail)),
        ("Subject", mime.format_text_header("Subject", mail.subject)),
        ("Date", mime.format_date_header(now)),
        ("Message-ID", message_id),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    )
    data = mime.encode_headers(headers) + mime.encode_plain_text(mail.text, lang)
    return Message(sender, address, message_id, data)
