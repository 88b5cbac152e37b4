"""Check names and addresses of servers, as a configuration gives them."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")


def is_domain(name: str) -> bool:
    """Tell whether DNS can have a (lower-case) name."""
    return bool(_HOST.fullmatch(name))


def is_host(host: str) -> bool:
    """Tell whether a server can be called so: by name or by address."""
    return is_domain(host) or is_address(host)


def is_address(host: str) -> bool:
    """Tell whether a host is an IP address."""
    return _address_of(host) is not None


def is_this_machine(host: str) -> bool:
    """Tell whether a host is this machine, so that nobody listens on the way."""
    address = _address_of(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _address_of(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
