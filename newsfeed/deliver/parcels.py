"""A delivery → the message that goes on the wire: personal headers and tokens on a frozen body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core import tokens
from newsfeed.model import Message
from newsfeed.render import mail, splice
from newsfeed.render.headers import Personal, personal_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.model import Parcel, Rendering
    from newsfeed.ports import Issues
    from newsfeed.settings import Settings

_STAND_IN = "smtputf8@newsfeed.invalid"
"""Holds the place of an address beyond ASCII while headers are put together."""


class Parcels:
    """Makes messages. One object serves one thread or several: renderings are read once each."""

    def __init__(
        self,
        settings: Settings,
        issues: Issues,
        secret: bytes,
        envelope: Callable[[Parcel], str],
        sign: Callable[[bytes, bytes], bytes] | None = None,
    ) -> None:
        self._settings = settings
        self._issues = issues
        self._secret = secret
        self._envelope = envelope
        self._sign = sign
        self._frozen: dict[tuple[int, str], tuple[bytes, splice.Template, bool]] = {}

    def knows(self, parcel: Parcel) -> bool:
        """Whether the configuration still has the digest."""
        return parcel.digest in self._settings.digests

    def message(self, parcel: Parcel) -> Message:
        """The message of one delivery; the same bytes at every attempt. Raises `ValueError` when this
        reader's message cannot be written.
        """
        shared, body, dotless = self._rendering(parcel)
        person = parcel.subscriber
        token = tokens.issue(
            self._secret, purpose="one-click", digest=parcel.digest, id=person.id, holder=person.key
        )
        base = self._settings.mail.unsubscribe_url
        personal = Personal(
            name=person.name,
            address=person.address if person.address.isascii() else _STAND_IN,
            message_id=parcel.delivery.message_id,
            one_click=f"{base}{token}" if base else "",
        )
        digest = self._settings.digests[parcel.digest]
        head = mail.head(personal_headers(self._settings, digest, personal)) + shared
        if not person.address.isascii():  # RFC 6532: such an address stands in headers as UTF-8
            head = head.replace(_STAND_IN.encode(), person.address.encode(), 1)
        data = head + body.fill(token)
        if self._sign is not None:
            cut = data.index(b"\r\n\r\n") + 4
            data = self._sign(data[: cut - 2], data[cut:]) + data
        dotless = dotless and b"\n." not in head
        return Message(self._envelope(parcel), person.address, personal.message_id, data, dotless=dotless)

    def _rendering(self, parcel: Parcel) -> tuple[bytes, splice.Template, bool]:
        """Shared headers, body, and whether no line of the body begins with a full stop: tokens have
        none, so that this need not be looked for in every message.
        """
        key = (parcel.delivery.issue_id, parcel.delivery.group)
        if key not in self._frozen:
            found: Rendering = self._issues.rendering(*key)
            dotless = b"\n." not in found.body and not found.body.startswith(b".")
            self._frozen[key] = mail.head(found.headers), splice.template(found.body), dotless
        return self._frozen[key]
