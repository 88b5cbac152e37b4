"""Render a digest view as one mail: text and HTML, both complete and in one language.

The parts are equal for everybody in a group: only headers differ between its readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.digests.views import keep_newest
from newsfeed.mail.message import Alternative, compose_alternative, encode_entity, encode_headers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsfeed.render.templates import Templates
    from newsfeed.views import DigestView

HTML_LIMIT = 80_000
"""Bytes of the encoded HTML part: well below what Gmail clips (102,400)."""


@dataclass(frozen=True, slots=True)
class DigestMail:
    """The encoded parts of a digest in one language, and the view they show."""

    view: DigestView
    parts: Alternative


def render_digest_mail(
    templates: Templates,
    view: DigestView,
    footer: Sequence[str],
    unsubscribe: str = "",
    preferences: str = "",
) -> DigestMail:
    """Render both parts; when the HTML would be clipped, with fewer stories and "more on the site".

    ``unsubscribe``, ``preferences``: the addresses of a reader's pages with markers, or empty.
    """
    links = {"unsubscribe": unsubscribe, "preferences": preferences}
    digest_mail = _render(templates, view, footer, links)
    if digest_mail.parts.html_size <= HTML_LIMIT:
        return digest_mail
    low, high = 0, view.stories
    while low < high:  # the most stories that fit
        middle = (low + high + 1) // 2
        shorter = _render(templates, keep_newest(view, middle), footer, links)
        low, high = (middle, high) if shorter.parts.html_size <= HTML_LIMIT else (low, middle - 1)
    return _render(templates, keep_newest(view, max(low, 1)), footer, links)


def _render(
    templates: Templates, view: DigestView, footer: Sequence[str], links: Mapping[str, str]
) -> DigestMail:
    values = {"view": view, "reasons": tuple(footer), **links}
    text = templates.render_text("mail/digest.txt", view.lang, **values)
    html = templates.render("mail/digest.html", view.lang, **values)
    return DigestMail(view, compose_alternative(text, html, view.lang))


def encode_shared_part(digest_mail: DigestMail) -> bytes:
    """Return what all readers of a digest mail share: the MIME headers, the empty line, the parts."""
    return encode_entity(digest_mail.parts, digest_mail.view.lang)


def encode_digest_message(digest_mail: DigestMail, headers: Sequence[tuple[str, str]]) -> bytes:
    """Return the whole message: personal headers (already encoded), then what all readers share."""
    return encode_headers(headers) + encode_shared_part(digest_mail)
