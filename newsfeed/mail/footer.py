"""Compose the footer of every digest: why somebody gets this mail, and how to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.mail.headers import find_reply_address

if TYPE_CHECKING:
    from newsfeed.ports import Texts
    from newsfeed.settings import MailSettings


def compose_footer(mail: MailSettings, words: Texts, title: str, unsubscribe: str = "") -> tuple[str, ...]:
    """Return the footer's lines in the reader's language. With an ``unsubscribe`` page the template says the
    rest; where a mail does it, the address is named, too, for whom the link opens no mail program.
    """
    why = words.gettext("You are receiving this email because your address is on the list “{title}”.")
    if unsubscribe and not unsubscribe.startswith("mailto:"):
        return (why.format(title=title),)
    stop = words.gettext("To stop receiving it, write to {address}.")
    return (why.format(title=title), stop.format(address=find_reply_address(mail)))
