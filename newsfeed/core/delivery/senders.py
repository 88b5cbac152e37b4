"""Say who writes a digest: the site, or somebody of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.settings import Digest, MailSettings


def find_mail_settings(mail: MailSettings, digest: Digest) -> MailSettings:
    """Return the settings of mails as they are for one digest: what it says itself counts more."""
    if not (digest.sender or digest.reply_to or digest.bounce_address):
        return mail
    return replace(
        mail,
        sender_name=digest.sender_name if digest.sender else mail.sender_name,
        sender=digest.sender or mail.sender,
        reply_to=digest.reply_to or ("" if digest.sender else mail.reply_to),
        bounce_address=digest.bounce_address or mail.bounce_address,
    )
