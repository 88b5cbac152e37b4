"""Find the address a request comes from, and the networks that rate limits count it under."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

UNKNOWN = "unknown"
_NEAR = {4: 32, 6: 64}
"""Bits that stand for one household: with IPv6 each has a whole network of addresses."""
_WIDE = {4: 24, 6: 48}
"""Bits that stand for a neighbourhood: what one customer can often rent cheaply."""


_PAIR = re.compile(r'\s*([!#$%&\'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s",;=]+))\s*', re.ASCII)
"""One parameter of ``Forwarded`` (RFC 7239 4)."""


def read_forwarded(lines: Sequence[str]) -> list[str]:
    """Return who sent a request, as each proxy says in ``Forwarded`` (RFC 7239), the last one last; nothing
    when it is malformed. A proxy that does not say leaves an empty place.
    """
    hops, at, text = [""], 0, ", ".join(lines)
    if not text:
        return []
    while found := _PAIR.match(text, at):
        if found[1].lower() == "for":
            hops[-1] = found[3] or re.sub(r"\\(.)", r"\1", found[2])
        at = found.end()
        if text[at : at + 1] == ",":
            hops.append("")
        elif text[at : at + 1] != ";":
            break
        at += 1
    return hops if at == len(text) else []


def find_forwarded_client(
    peer: str,
    forwarded: Sequence[str],
    x_forwarded_for: Sequence[str],
    trusted: Sequence[IPv4Network | IPv6Network],
) -> str:
    """Return the address of whoever asks, from the headers ``Forwarded`` and ``X-Forwarded-For``.

    A proxy writes one of them, and may hand on the other as a visitor made it up. So where both are there and
    do not agree, neither is believed.
    """
    older = find_client(peer, x_forwarded_for, trusted)
    if not forwarded:
        return older
    newer = find_client(peer, read_forwarded(forwarded), trusted)
    return newer if newer == older or not x_forwarded_for else find_client(peer, (), trusted)


def find_client(peer: str, forwarded: Sequence[str], trusted: Sequence[IPv4Network | IPv6Network]) -> str:
    """Return the address of whoever asks. A proxy's word is taken only when it is trusted, and of a chain
    the last address that no trusted proxy has.
    """
    address = _parse(peer)
    if address is None:
        return UNKNOWN
    hops = [hop.strip() for line in forwarded for hop in line.split(",")]
    while hops and any(address in network for network in trusted):
        found = _parse(hops.pop())
        if found is None:
            break
        address = found
    return str(address)


def networks_of(client: str) -> tuple[str, str]:
    """Return the household and the neighbourhood of an address."""
    address = _parse(client)
    if address is None:
        return UNKNOWN, UNKNOWN
    near, wide = (
        ipaddress.ip_network((address, bits[address.version]), strict=False) for bits in (_NEAR, _WIDE)
    )
    return str(near), str(wide)


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address as proxies write it: with a port, in brackets, or as IPv4 inside of IPv6."""
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
