"""Read SPF records (RFC 7208): their terms, and the macros in these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Address, IPv6Address

LOOKING_UP = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})
"""Terms that ask DNS, and are counted (4.6.4)."""
_VERSION = "v=spf1"
_TERM = re.compile(r"([+?~-])?(all|include|a|mx|ptr|ip4|ip6|exists)(?![a-z0-9_.-]*=)([:/].*)?", re.IGNORECASE)
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE)
_PREFIXES = re.compile(r"(.*?)(?:/(\d{1,2}))?(?://(\d{1,3}))?", re.DOTALL)
_MACRO = re.compile(r"%(?:\{([slodiphcrtv])(\d*)(r?)([.+,/_=-]*)\}|([%_-]))", re.IGNORECASE)
_LITERAL = {"%": "%", "_": " ", "-": "%20"}
_VISIBLE = re.compile(r"[!-~]+")
_LONGEST = 253


@dataclass(frozen=True, slots=True)
class SpfTerm:
    """A term of a record: a mechanism, or one of the modifiers that count."""

    name: str
    qualifier: str = "+"
    value: str = ""
    """Domain, with its macros, or address; empty: the record's own domain."""
    prefix4: int = 32
    prefix6: int = 128


@dataclass(frozen=True, slots=True)
class SpfSender:
    """The client that SPF is asked about, as a receiver sees it."""

    address: IPv4Address | IPv6Address
    local: str = "postmaster"
    domain: str = ""
    """Of the return path."""
    helo: str = ""


def select_spf(texts: Iterable[str]) -> tuple[str, ...]:
    """Return those of a name's texts that are SPF records (4.5)."""
    return tuple(
        text for text in texts if text.lower() == _VERSION or text.lower().startswith(f"{_VERSION} ")
    )


def parse_spf(text: str) -> tuple[SpfTerm, ...]:
    """Return the terms of a record; `ValueError` names the first that is none (4.6.1)."""
    terms = [found for word in text.split(" ")[1:] if word and (found := _parse_term(word)) is not None]
    for name in ("redirect", "exp"):
        if sum(term.name == name for term in terms) > 1:
            raise ValueError(name)
    return tuple(terms)


def _parse_term(word: str) -> SpfTerm | None:
    """Return a term; ``None`` for a modifier that nobody knows."""
    mechanism = _TERM.fullmatch(word)
    if mechanism:
        return _parse_mechanism(word, mechanism[1] or "+", mechanism[2].lower(), mechanism[3] or "")
    modifier = _MODIFIER.fullmatch(word)
    if not modifier or not _is_macro_text(modifier[2]):
        raise ValueError(word)
    name = modifier[1].lower()
    if name not in ("redirect", "exp"):
        return None
    if not modifier[2]:
        raise ValueError(word)
    return SpfTerm(name, value=modifier[2])


def _parse_mechanism(word: str, qualifier: str, name: str, rest: str) -> SpfTerm:
    if name == "all":
        if rest:
            raise ValueError(word)
        return SpfTerm(name, qualifier)
    given, value = rest.startswith(":"), rest.removeprefix(":")
    prefix4, prefix6 = 32, 128
    if name in ("a", "mx"):
        found = _PREFIXES.fullmatch(value)
        assert found is not None  # it matches everything
        value = found[1]
        prefix4, prefix6 = int(found[2] or 32), int(found[3] or 128)
    needed = name in ("include", "exists", "ip4", "ip6")
    if (needed or given) and not value:
        raise ValueError(word)
    is_wrong = (value and not given) or prefix4 > 32 or prefix6 > 128 or not _is_macro_text(value)
    if is_wrong or (name in ("ip4", "ip6") and not _is_network(name, value)):
        raise ValueError(word)
    return SpfTerm(name, qualifier, value, prefix4, prefix6)


def _is_network(name: str, value: str) -> bool:
    """Tell whether a value is an address or network of the kind that a mechanism is about."""
    try:
        return ip_network(value, strict=False).version == int(name[-1])
    except ValueError:
        return False


def _is_macro_text(text: str) -> bool:
    return not text or (bool(_VISIBLE.fullmatch(text)) and "%" not in _MACRO.sub("", text))


def expand_macros(text: str, sender: SpfSender, domain: str) -> str:
    """Return a text with its macros filled (section 7). ``domain``: whose record it stands in. What would be
    too long for a name of DNS loses labels at its left.
    """
    values = {
        "s": f"{sender.local}@{sender.domain}",
        "l": sender.local,
        "o": sender.domain,
        "d": domain,
        "i": _dotted(sender.address),
        "p": "unknown",
        "v": "in-addr" if sender.address.version == 4 else "ip6",
        "h": sender.helo or sender.domain,
        "c": str(sender.address),
        "r": "unknown",
        "t": "0",
    }
    expanded = _MACRO.sub(lambda found: _fill(found, values), text).rstrip(".")
    while len(expanded) > _LONGEST and "." in expanded:
        expanded = expanded.partition(".")[2]
    return expanded


def _fill(found: re.Match[str], values: dict[str, str]) -> str:
    if found[5]:
        return _LITERAL[found[5]]
    letter, digits, reverse, delimiters = found[1], found[2], found[3], found[4]
    parts = re.split(f"[{re.escape(delimiters or '.')}]", values[letter.lower()])
    if reverse:
        parts.reverse()
    if digits and int(digits):
        parts = parts[-int(digits) :]
    filled = ".".join(parts)
    return quote(filled, safe="") if letter.isupper() else filled


def _dotted(address: IPv4Address | IPv6Address) -> str:
    """Return an address as macros write it: of IPv6, hexadecimal digits with full stops between them."""
    return str(address) if address.version == 4 else ".".join(f"{int(address):032x}")
