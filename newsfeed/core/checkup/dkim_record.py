"""Compare the public keys in DNS with those that sign (RFC 6376, 8301, 8463), and write them for DNS."""

from __future__ import annotations

import base64
import binascii
import enum
import re
from dataclasses import dataclass

from newsfeed.core.checkup.asking import Asking, ask
from newsfeed.core.checkup.tag_lists import parse_tags

_LINE = 70
"""Octets of a string that we write: 255 may be in one (RFC 1035 3.3.14), but terminals are narrow."""
_BLANK = re.compile(r"[ \t\r\n]+")


class KeyState(enum.Enum):
    """The state of a public key in DNS."""

    SAME = "same"
    OTHER = "other"
    REVOKED = "revoked"
    MISSING = "missing"
    SEVERAL = "several"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    """DNS could not be asked."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that signs, and where its public half belongs."""

    domain: str
    selector: str
    record: str
    """The text for DNS."""

    @property
    def name(self) -> str:
        """Return the name in DNS."""
        return f"{self.selector}._domainkey.{self.domain}"


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """The comparison of a key with its record."""

    state: KeyState
    is_testing: bool = False
    """``t=y``: receivers treat signatures as if there were none."""
    forbids: str = ""
    """The tag that forbids our use of the key: ``h`` (no SHA-256) or ``s`` (not for mail)."""


def find_published_key(key: PublicKey) -> Asking[PublishedKey]:
    """Ask DNS for a key, and compare it."""
    answer = yield from ask(key.name, "TXT")
    if answer.is_trouble:
        return PublishedKey(KeyState.UNKNOWN)
    if not answer.values:
        return PublishedKey(KeyState.MISSING)
    return compare_key(answer.values[0], key) if len(answer.values) == 1 else _compare_several(answer.values)


def _compare_several(texts: tuple[str, ...]) -> PublishedKey:
    keys = [text for text in texts if "p=" in text]
    return PublishedKey(KeyState.SEVERAL if len(keys) > 1 else KeyState.MALFORMED)


def compare_key(text: str, key: PublicKey) -> PublishedKey:
    """Compare a record with the key that it should hold."""
    there, ours = parse_tags(text), dict(parse_tags(key.record) or ())
    tags = dict(there or ())
    is_ours = "v" not in tags or (there is not None and there[0] == ("v", "DKIM1"))
    published = _decode(tags.get("p"))
    if not tags or not is_ours or published is None:
        return PublishedKey(KeyState.MALFORMED)
    if not published:
        return PublishedKey(KeyState.REVOKED)
    expected = _decode(ours["p"]) or b""
    # RFC 6376 lets RSA keys stand there bare, too: as the end of what we publish.
    is_same = published == expected or (len(published) > 200 and expected.endswith(published))
    if not is_same or tags.get("k", "rsa").lower() != ours["k"]:
        return PublishedKey(KeyState.OTHER)
    hashes, services = _words(tags.get("h", "sha256")), _words(tags.get("s", "*"))
    forbids = "h" if "sha256" not in hashes else "s" if not services & {"*", "email"} else ""
    return PublishedKey(KeyState.SAME, "y" in _words(tags.get("t", "")), forbids)


def split_strings(record: str) -> tuple[str, ...]:
    """Return a record's text in the pieces of which a TXT record is made; joined they are the text."""
    return tuple(record[at : at + _LINE] for at in range(0, len(record), _LINE))


def write_zone_lines(key: PublicKey) -> tuple[str, ...]:
    """Return the lines of a zone file that publish a key."""
    pieces = [f'"{piece}"' for piece in split_strings(key.record)]
    if len(pieces) == 1:
        return (f"{key.name}. IN TXT {pieces[0]}",)
    return (f"{key.name}. IN TXT (", *(f"  {piece}" for piece in pieces), ")")


def _decode(text: str | None) -> bytes | None:
    """Return the bytes of base64 with blanks in it; ``None`` when it is none."""
    if text is None:
        return None
    try:
        return base64.b64decode(_BLANK.sub("", text), validate=True)
    except (binascii.Error, ValueError):
        return None


def _words(text: str) -> set[str]:
    return {word.strip().lower() for word in text.split(":")}
