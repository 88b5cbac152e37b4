"""Compose a mail to one person about their own subscription: sentences and links, and no visitor's words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.site.brand import make_mail_brand
from newsfeed.mail import message as mime
from newsfeed.mail.headers import find_reply_address
from newsfeed.model import Message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.ports import Texts
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Settings
    from newsfeed.views import Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The words of such a mail, in its reader's language."""

    address: str
    subject: str
    paragraphs: Sequence[str]
    links: Sequence[Anchor]
    ending: Sequence[str]
    """Paragraphs below the links."""
    at: datetime


def compose_notice(settings: Settings, templates: Templates, words: Texts, notice: Notice) -> Message:
    """Return the mail. It has no List-* headers: it is no list's mail."""
    lang = words.code
    site_title = settings.languages[lang].title or settings.site.title.get(lang)
    values = {
        "language": lang,
        "direction": words.direction,
        "subject": notice.subject,
        "paragraphs": notice.paragraphs,
        "links": notice.links,
        "ending": notice.ending,
        "brand": make_mail_brand(settings, site_title),
        "imprint": settings.site.imprint.get(lang),
        "site_title": site_title,
        "home": f"{settings.site.base_url}{lang.lower()}/",
    }
    sender, message_id = settings.mail.sender, _message_id(settings, notice)
    headers = (
        ("From", mime.format_address_header("From", settings.mail.sender_name or site_title, sender)),
        ("To", mime.format_address_header("To", "", notice.address)),
        ("Reply-To", find_reply_address(settings.mail)),
        ("Subject", mime.format_text_header("Subject", notice.subject)),
        ("Date", mime.format_date_header(notice.at)),
        ("Message-ID", message_id),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    )
    text = templates.render_text("mail/notice.txt", lang, **values)
    html = templates.render("mail/notice.html", lang, **values)
    parts = mime.compose_alternative(text, html, lang)
    return Message(
        sender, notice.address, message_id, mime.encode_headers(headers) + mime.encode_entity(parts, lang)
    )


def _message_id(settings: Settings, notice: Notice) -> str:
    words = (notice.subject, *(link.href for link in notice.links), notice.address, notice.at.isoformat())
    unique = hashlib.blake2b("\0".join(words).encode(), digest_size=12).hexdigest()
    return f"<notice.{unique}@{settings.mail.sender.rpartition('@')[2]}>"
