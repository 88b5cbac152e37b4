"""Check that an address and a name lead to one another: PTR, and back (RFC 8601 3, “forward-confirmed”)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.checkup.asking import Asking, ask

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

_MOST = 10


@dataclass(frozen=True, slots=True)
class ReverseNames:
    """The names of an address."""

    address: str
    names: tuple[str, ...] = ()
    """All that PTR says."""
    confirmed: tuple[str, ...] = ()
    """Those that lead back to the address."""
    is_unknown: bool = False
    """DNS could not be asked."""


def find_reverse_names(address: IPv4Address | IPv6Address) -> Asking[ReverseNames]:
    """Ask for the names of an address, and for theirs."""
    answer = yield from ask(address.reverse_pointer, "PTR")
    if answer.is_trouble:
        return ReverseNames(str(address), is_unknown=True)
    names = tuple(name.lower() for name in answer.values[:_MOST])
    confirmed = []
    is_unknown = False
    for name in names:
        back = yield from ask(name, "A" if address.version == 4 else "AAAA")
        is_unknown = is_unknown or back.is_trouble
        if str(address) in back.values:
            confirmed.append(name)
    return ReverseNames(str(address), names, tuple(confirmed), is_unknown and not confirmed)
