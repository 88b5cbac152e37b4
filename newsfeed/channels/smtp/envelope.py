"""Write a message's envelope as SMTP commands, with the extensions it needs and the relay has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.core.people.mail_address import normalise_address
from newsfeed.records import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.model import Message

_ADDRESS = re.compile(r"[^\x00-\x20\x7f<>@\ud800-\udfff]+@[^\x00-\x20\x7f<>@\ud800-\udfff]+")
"""Addresses that cannot end a command early; good ones or not was decided when they were stored."""


def make_envelope_commands(message: Message, features: Mapping[str, str]) -> list[bytes] | Reply:
    """Return MAIL, RCPT and DATA, or a reply that says why this relay cannot be given the message at all.

    ``features`` are the relay's EHLO keywords in lower case, with their parameters.
    """
    sender, recipient, data = _ready(message.sender), _ready(message.recipient), message.data
    if sender is None:
        return Reply(553, "5.1.7", "the sender's address is not one", "mail")
    if not recipient:
        return Reply(553, "5.1.3", "this is not an address", "rcpt")
    international = not (sender.isascii() and recipient.isascii())
    if international and "smtputf8" not in features:
        return Reply(553, "5.6.7", "the address needs SMTPUTF8, which the relay does not offer", "rcpt")
    extras = ""
    if "size" in features:
        limit = features["size"].strip()
        if limit.isdigit() and 0 < int(limit) < len(data):
            return Reply(552, "5.3.4", "the message is larger than the relay allows", "mail")
        extras += f" SIZE={len(data)}"
    if not data.isascii():
        if "8bitmime" not in features:
            return Reply(554, "5.6.3", "the message has 8-bit content, which the relay does not take", "mail")
        extras += " BODY=8BITMIME"
    if international:
        extras += " SMTPUTF8"
    return [f"MAIL FROM:<{sender}>{extras}\r\n".encode(), f"RCPT TO:<{recipient}>\r\n".encode(), b"DATA\r\n"]


def stuff_dots(data: bytes) -> bytes:
    """Double the full stop at the beginning of every line (RFC 5321 4.5.2): after bare line feeds too, so
    that no relay can be made to see an end of the message where there is none.
    """
    data = data.replace(b"\n.", b"\n..")
    return b"." + data if data.startswith(b".") else data


def _ready(address: str) -> str | None:
    """Return an address in the form SMTP takes; empty stays empty: the null return path."""
    if address and not address.isascii():
        return normalise_address(address)
    return address if not address or _ADDRESS.fullmatch(address) else None
