"""Guard connections to strangers: which addresses may be asked, and that each connection has an end."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_NAT64 = ip_network("64:ff9b::/96")
"""Leads to the IPv4 address in its last 32 bits (RFC 6052)."""
_REFUSED = (
    ip_network("192.0.0.0/24"),  # of protocols (RFC 6890), and a cloud's own; Python 3.11 calls it public
    ip_network("::/96"),  # IPv4-compatible (RFC 4291), long out of use; ::1 is one
    ip_network("::ffff:0:0:0/96"),  # IPv4-translated (RFC 2765)
    ip_network("64:ff9b:1::/48"),  # NAT64 of a network of one's own (RFC 8215)
    ip_network("2001::/32"),  # Teredo (RFC 4380)
    ip_network("fec0::/10"),  # site-local, long out of use (RFC 3879)
)
"""Ways that may lead to other IPv4 addresses, or into a network, which nobody on the open internet needs."""


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open internet, also when it is wrapped in another."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(ip in network for network in _REFUSED):
        return False
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


class ConnectionAlarm:
    """Ends a connection at a moment, whatever is being done with it.

    The timeout of a socket begins anew with each byte, so one that drips would be waited for without end.
    What was read until then may look whole: whoever reads looks at the clock afterwards.
    """

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        """connection: before encryption begins; deadline: by `time.monotonic`."""
        self._wire = connection.dup()
        self._timer = threading.Timer(max(deadline - time.monotonic(), 0), self._ring)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Let the connection be."""
        self._timer.cancel()
        self._wire.close()

    def _ring(self) -> None:
        with suppress(OSError):  # it has ended by itself
            self._wire.shutdown(socket.SHUT_RDWR)
