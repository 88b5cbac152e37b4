"""Check mail addresses: which can be written to, and the one form they are kept in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import idna

from newsfeed.core.content.source_text import FORBIDDEN_CHARACTERS

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_LOCAL = re.compile(rf"(?:{_ATOM}|[^\x00-\x7f])+(?:\.(?:{_ATOM}|[^\x00-\x7f])+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MAX_LOCAL, MOST_ADDRESS = 64, 254
"""Octets: RFC 5321 4.5.3.1 and its erratum 1690."""


def normalise_address(text: str) -> str | None:
    """Return an address in its normal form, or ``None`` when it cannot be written to.

    The domain becomes ASCII (IDNA 2008) and lower case; the local part stays as it is, but
    composed (NFC). A local part beyond ASCII is kept: it needs a relay with SMTPUTF8 (RFC 6531).
    Quoted local parts and address literals are refused: no subscriber has one. So is a text that is only
    short enough in its normal form: whoever cuts it to the length of an address has another one.
    """
    text = text.strip()
    local, at, domain = unicodedata.normalize("NFC", text).rpartition("@")
    if len(text) > MOST_ADDRESS or not at or not _LOCAL.fullmatch(local) or not _is_visible(local):
        return None
    ascii_domain = _ascii_domain(domain)
    address = f"{local}@{ascii_domain}"
    if ascii_domain is None or len(local.encode()) > _MAX_LOCAL or len(address.encode()) > MOST_ADDRESS:
        return None
    return address


def fold_address(address: str) -> str:
    """Return the form in which addresses are compared: lower case, composed.

    No letter becomes another one: ``straße@`` and ``strasse@`` are two mailboxes, as their domains
    would be two (IDNA 2008, RFC 5894 7.2). `str.casefold` would make them one.
    """
    return unicodedata.normalize("NFC", address.lower())


def mailbox_of(address: str) -> str:
    """Return the mailbox that an address most likely leads to, to be compared: ``anna+news@`` is a name that
    Anna gives to her own (RFC 5233), and large providers take ``a.nna@`` for hers as well.
    """
    local, _, domain = fold_address(address).rpartition("@")
    return f"{(local.partition('+')[0] or local).replace('.', '')}@{domain}"


def needs_smtputf8(address: str) -> bool:
    """Tell whether only a relay with SMTPUTF8 can take the address."""
    return not address.isascii()


@lru_cache(10_000)
def _ascii_domain(domain: str) -> str | None:
    try:
        found = idna.encode(domain.rstrip("."), uts46=True).decode("ascii").lower() if domain else ""
    except (idna.IDNAError, UnicodeError):
        return None
    labels = found.split(".")
    good = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    return found if good else None


def _is_visible(text: str) -> bool:
    """Tell whether a text has no control, format, space or separator characters, which hide an address."""
    return not FORBIDDEN_CHARACTERS.search(text) and all(
        unicodedata.category(char)[0] not in "CZ" for char in text
    )
