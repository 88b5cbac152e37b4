"""Find the group of receivers that an address belongs to: those behind the servers of one owner."""

from __future__ import annotations


def domain_of(address: str) -> str:
    """Return the domain of an address in its normal form.

    >>> domain_of("ann@example.org")
    'example.org'
    """
    return address.rpartition("@")[2]
