"""Tell what a reply says of a whole group of receivers: that they want less mail, or do not know somebody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsfeed.records import Reply

_CROWDED = ("4.3.2", "4.4.1", "4.4.2", "4.4.5")
"""The servers are overloaded, or nobody can be reached (RFC 3463 3.4, 3.5)."""
_OURS = range(4, 28)
"""Numbers after 4.7. that are about keys, passwords and signatures: a pause changes nothing."""
_FLOOD = 28
"""From here on, and below `_OURS`, 4.7.x is about how much we send (RFC 7372; Gmail, Microsoft)."""
_PATIENT = 2
"""Tries after which "not now" to one recipient is no greylisting any more: that lasts some minutes."""
_WORDS = re.compile(
    r"\btoo (?:many|much|fast|quick)|rate.?limit|\bthrottl|\bslow(?:ing)? down|\btrop (?:de|vite)",
    re.IGNORECASE,
)
_NOBODY = ("5.1.1", "5.1.2", "5.1.10", "5.1.6", "5.2.1")
_BARE_NOBODY = (550, 551, 553)
_UNKNOWN_WORDS = re.compile(
    r"unknown|no such|not (?:exist|found)|unbekannt|inconnu|invalid (?:recipient|mailbox)", re.IGNORECASE
)


def wants_less(reply: Reply, tries: int) -> bool:
    """Tell whether the group's servers want less of our mail, or none for a while. ``tries``: how often this
    message was tried before; to one recipient "not now" is greylisting at first.
    """
    if _refuses_us(reply):
        return True
    if not 400 <= reply.code < 500 or reply.stage == "held":
        return False
    number = _policy_number(reply.enhanced)
    if reply.code == 421 or reply.enhanced in _CROWDED or number >= _FLOOD:
        return True
    if number in _OURS:
        return False
    if reply.stage == "rcpt":
        return number >= 0 and tries >= _PATIENT
    return number >= 0 or bool(_WORDS.search(reply.text))


def knows_nobody(reply: Reply) -> bool:
    """Tell whether a recipient is unknown to the servers; they count such, to find those who guess."""
    if not 500 <= reply.code < 600 or reply.stage not in ("rcpt", "dot", "data"):
        return False
    if reply.enhanced:
        return is_of_nobody(reply.enhanced)
    return reply.stage == "rcpt" and reply.code in _BARE_NOBODY and bool(_UNKNOWN_WORDS.search(reply.text))


def is_of_nobody(status: str) -> bool:
    """Tell whether a status says that there is no such mailbox."""
    return status in _NOBODY


def describe(reply: Reply) -> str:
    """Return a reply in one line, as the reason of a pause."""
    code = str(reply.code) if reply.code else "not reached"
    return " ".join(part for part in (code, reply.enhanced, reply.text) if part)


def _refuses_us(reply: Reply) -> bool:
    """Tell whether nobody is there, or nobody for us, whatever the message."""
    if reply.stage == "connect":
        return reply.code == 0 or reply.code >= 500
    return reply.stage == "mail" and reply.enhanced.startswith("5.7.")


def _policy_number(enhanced: str) -> int:
    """Return the last number of 4.7.x; -1 for any other status."""
    return int(enhanced[4:]) if enhanced.startswith("4.7.") and enhanced[4:].isdigit() else -1
