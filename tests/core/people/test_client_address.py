"""Who asks, as far as rate limits need to know."""

from ipaddress import ip_network

import pytest

from newsfeed.core.people.client_address import find_client, networks_of

TRUSTED = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.1", (), "192.0.2.1"),
        ("192.0.2.1", ("203.0.113.9",), "192.0.2.1"),
        ("127.0.0.1", ("203.0.113.9",), "203.0.113.9"),
        ("127.0.0.1", ("198.51.100.1, 203.0.113.9, 10.1.2.3",), "203.0.113.9"),
        ("127.0.0.1", ("198.51.100.1", "203.0.113.9:4711"), "203.0.113.9"),
        ("127.0.0.1", ("[2001:db8::1]:443",), "2001:db8::1"),
        ("127.0.0.1", ("nonsense",), "127.0.0.1"),
        ("::ffff:127.0.0.1", ("203.0.113.9",), "203.0.113.9"),
        ("127.0.0.1", (), "127.0.0.1"),
        ("", ("203.0.113.9",), "unknown"),
    ],
)
def test_only_a_trusted_proxy_is_believed(peer: str, forwarded: tuple[str, ...], expected: str) -> None:
    """And of what it hands on, only the last address that is not a proxy's."""
    assert find_client(peer, forwarded, TRUSTED) == expected


def test_a_household_has_many_addresses() -> None:
    """With IPv6 its provider gives it a /64, or more."""
    assert networks_of("2001:db8:1:2:3::4") == ("2001:db8:1:2::/64", "2001:db8:1::/48")
    assert networks_of("192.0.2.77") == ("192.0.2.77/32", "192.0.2.0/24")
