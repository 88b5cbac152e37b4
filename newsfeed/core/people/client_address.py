"""Find the address a request comes from, and the networks that rate limits count it under."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

UNKNOWN = "unknown"
_NEAR = {4: 32, 6: 64}
"""Bits that stand for one household: with IPv6 each has a whole network of addresses."""
_WIDE = {4: 24, 6: 48}
"""Bits that stand for a neighbourhood: what one customer can often rent cheaply."""


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
