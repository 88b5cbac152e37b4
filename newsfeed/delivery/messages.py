"""Compose the message of one delivery: personal headers and tokens put into a frozen body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.people import tokens
from newsfeed.mail import personalise
from newsfeed.mail.dkim import BodyHash
from newsfeed.mail.headers import PersonalValues, compose_personal_headers
from newsfeed.mail.message import encode_headers
from newsfeed.model import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from newsfeed.mail.dkim import DkimSigner
    from newsfeed.ports import Issues
    from newsfeed.records import AddressedDelivery, Rendering
    from newsfeed.settings import Digest, Settings

_STAND_IN = "smtputf8@newsfeed.invalid"
"""Holds the place of an address beyond ASCII while headers are put together."""


@dataclass(frozen=True, slots=True)
class _PreparedRendering:
    """A rendering, parsed once for all of its readers."""

    shared: bytes
    """The headers all of them get, but for those that begin with ``MIME-Version``."""
    template: personalise.MarkedBody
    """From ``MIME-Version`` on."""
    cut: int
    """Offset of the end of the template's headers, without the blank line."""
    dotless: bool
    """No line begins with a full stop: tokens have none, so no message needs to be looked through."""
    hash: BodyHash | None
    """Of what is below the headers, where messages are signed."""
    stories: frozenset[str]


class MessageComposer:
    """Composes messages. One object serves several threads: each rendering is read once."""

    def __init__(
        self,
        settings: Settings,
        issues: Issues,
        secret: bytes,
        envelope: Callable[[AddressedDelivery, Digest], str],
        signer: DkimSigner | None = None,
        moves: Callable[[], Mapping[str, str]] = dict,
        withdrawn: Callable[[], AbstractSet[str]] = frozenset,
    ) -> None:
        """``envelope``: the envelope's sender of a delivery. ``signer``: signs with DKIM. ``moves``: former
        name → name of digests, asked for when the configuration does not have one. ``withdrawn``: ids of
        stories that no message brings any more.
        """
        self._settings = settings
        self._issues = issues
        self._secret = secret
        self._envelope = envelope
        self._signer = signer
        self._moves = moves
        self._withdrawn = withdrawn
        self._known: dict[tuple[int, str], _PreparedRendering] = {}

    def has_digest(self, outgoing: AddressedDelivery) -> bool:
        """Tell whether the configuration still has the message's digest, under this name or a later one."""
        return self._digest(outgoing) is not None

    def _digest(self, outgoing: AddressedDelivery) -> Digest | None:
        known = self._settings.digests
        if outgoing.digest in known:
            return known[outgoing.digest]
        return known.get(self._moves().get(outgoing.digest, ""))

    def compose(self, outgoing: AddressedDelivery) -> Message:
        """Return the message of one delivery: equal bytes at every attempt. Raises `ValueError` when this
        reader's message cannot be written.
        """
        frozen = self._frozen(outgoing)
        if not frozen.stories.isdisjoint(self._withdrawn()):  # it is made anew before it is tried again
            raise ValueError("it holds a story that was withdrawn")
        person = outgoing.subscriber
        token = self._token(outgoing, "one-click")
        choices = self._token(outgoing, "change") if any(frozen.template.choices) else ""
        base = self._settings.mail.unsubscribe_url
        personal = PersonalValues(
            name=person.name,
            address=person.address if person.address.isascii() else _STAND_IN,
            message_id=outgoing.delivery.message_id,
            one_click=f"{base}{token}" if base else "",
        )
        digest = self._digest(outgoing)
        if digest is None:
            raise ValueError("the configuration does not have its digest")
        head = encode_headers(compose_personal_headers(self._settings, digest, personal)) + frozen.shared
        if not person.address.isascii():  # RFC 6532: such an address stands in headers as UTF-8
            head = head.replace(_STAND_IN.encode(), person.address.encode(), 1)
        data = head + frozen.template.fill(token, choices)
        if self._signer is not None and frozen.hash is not None:
            data = (
                self._signer.make_signatures_for_hash(
                    data[: len(head) + frozen.cut], frozen.hash.digest(token, choices)
                )
                + data
            )
        dotless = frozen.dotless and b"\n." not in head
        return Message(
            self._envelope(outgoing, digest), person.address, personal.message_id, data, dotless=dotless
        )

    def _token(self, outgoing: AddressedDelivery, purpose: str) -> str:
        person = outgoing.subscriber
        return tokens.make_token(
            self._secret, purpose=purpose, digest=outgoing.digest, id=person.id, holder=person.key
        )

    def _frozen(self, outgoing: AddressedDelivery) -> _PreparedRendering:
        key = (outgoing.delivery.issue_id, outgoing.delivery.group)
        if key not in self._known:
            self._known[key] = self._prepared(self._issues.rendering(*key))
        return self._known[key]

    def _prepared(self, found: Rendering) -> _PreparedRendering:
        cut = found.body.index(b"\r\n\r\n") + 2
        return _PreparedRendering(
            shared=encode_headers(found.headers),
            template=personalise.split_at_markers(found.body),
            cut=cut,
            dotless=b"\n." not in found.body and not found.body.startswith(b"."),
            hash=BodyHash(found.body[cut + 2 :]) if self._signer is not None else None,
            stories=frozenset(found.stories),
        )
