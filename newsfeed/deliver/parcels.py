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
        self._frozen: dict[tuple[int, str], tuple[bytes, splice.Template]] = {}

    def message(self, parcel: Parcel) -> Message:
        """The message of one delivery; the same bytes at every attempt."""
        shared, body = self._rendering(parcel)
        person = parcel.subscriber
        token = tokens.issue(
            self._secret, purpose="one-click", digest=parcel.digest, id=person.id, holder=person.key
        )
        base = self._settings.mail.unsubscribe_url
        personal = Personal(
            name=person.name,
            address=person.address,
            message_id=parcel.delivery.message_id,
            one_click=f"{base}{token}" if base else "",
        )
        digest = self._settings.digests[parcel.digest]
        head = mail.head(personal_headers(self._settings, digest, personal)) + shared
        data = head + body.fill(token)
        if self._sign is not None:
            cut = data.index(b"\r\n\r\n") + 4
            data = self._sign(data[: cut - 2], data[cut:]) + data
        return Message(self._envelope(parcel), person.address, personal.message_id, data)

    def _rendering(self, parcel: Parcel) -> tuple[bytes, splice.Template]:
        key = (parcel.delivery.issue_id, parcel.delivery.group)
        if key not in self._frozen:
            found: Rendering = self._issues.rendering(*key)
            self._frozen[key] = mail.head(found.headers), splice.template(found.body)
        return self._frozen[key]
