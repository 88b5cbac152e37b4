"""Compose the mail that asks whether somebody wants a digest (double opt-in).

It names nobody: what a visitor typed as a name would else be a way to send strangers a text.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.site.brand import make_mail_brand
from newsfeed.mail import message as mime
from newsfeed.mail.headers import find_reply_address
from newsfeed.marking import msgid
from newsfeed.model import Message

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.ports import Texts
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Settings

SUBJECT = msgid("Please confirm: {title}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationRequest:
    """The digest, the address and the link that a confirmation mail is about."""

    address: str
    digest: str
    link: str
    days: int
    """How long the link is good for."""
    at: datetime


LINK_SHOWN = "…"
"""Stands for the link where a mail is shown to whom it was not sent."""


def render_confirmation_text(
    settings: Settings, templates: Templates, words: Texts, digest: str, days: int
) -> str:
    """Return what everybody's mail says who asks for a digest: its text, without anybody's link."""
    return templates.render_text(
        "mail/confirm.txt", words.code, **_values(settings, words, digest, LINK_SHOWN, days)
    )


def compose_confirmation(
    settings: Settings, templates: Templates, words: Texts, request: ConfirmationRequest
) -> Message:
    """Return the mail in the language asked for. It has no List-* headers: it is no list's mail."""
    lang = words.code
    values = _values(settings, words, request.digest, request.link, request.days)
    site_title, subject = str(values["site_title"]), str(values["subject"])
    sender, message_id = settings.mail.sender, _message_id(settings, request)
    headers = (
        ("From", mime.format_address_header("From", settings.mail.sender_name or site_title, sender)),
        ("To", mime.format_address_header("To", "", request.address)),
        ("Reply-To", find_reply_address(settings.mail)),
        ("Subject", mime.format_text_header("Subject", subject)),
        ("Date", mime.format_date_header(request.at)),
        ("Message-ID", message_id),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    )
    text = templates.render_text("mail/confirm.txt", lang, **values)
    html = templates.render("mail/confirm.html", lang, **values)
    parts = mime.compose_alternative(text, html, lang)
    return Message(
        sender,
        request.address,
        message_id,
        mime.encode_headers(headers) + mime.encode_entity(parts, lang),
    )


def _values(settings: Settings, words: Texts, digest: str, link: str, days: int) -> dict[str, object]:
    """Return what the templates are given."""
    lang, language = words.code, settings.languages[words.code]
    site_title = language.title or settings.site.title.get(lang)
    title = settings.digests[digest].title.get(lang) or site_title
    return {
        "language": lang,
        "direction": words.direction,
        "subject": words.gettext(SUBJECT).format(title=title),
        "title": title,
        "link": link,
        "days": days,
        "brand": make_mail_brand(settings, site_title),
        "imprint": settings.site.imprint.get(lang),
        "site_title": site_title,
        "home": f"{settings.site.base_url}{lang.lower()}/",
    }


def _message_id(settings: Settings, request: ConfirmationRequest) -> str:
    source = "\0".join((request.digest, request.link, request.at.isoformat())).encode()
    unique = hashlib.blake2b(source, digest_size=12).hexdigest()
    return f"<confirm.{unique}@{settings.mail.sender.rpartition('@')[2]}>"
