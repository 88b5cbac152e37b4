"""Group receivers: those behind one group of mail servers are written to together."""

from __future__ import annotations


def receiver_group(address: str) -> str:
    """Return the group of an address in its normal form: its domain.

    >>> receiver_group("ann@example.org")
    'example.org'
    """
    return address.rpartition("@")[2]
