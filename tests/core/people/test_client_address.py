"""Who asks, as far as rate limits need to know."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.people.client_address import (
    find_client,
    find_forwarded_client,
    networks_of,
    read_forwarded,
)

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


@pytest.mark.parametrize(
    ("lines", "hops"),
    [
        ((), []),
        (("for=192.0.2.60;proto=http;by=203.0.113.43",), ["192.0.2.60"]),
        (('For="[2001:db8:cafe::17]:4711"',), ["[2001:db8:cafe::17]:4711"]),
        (("for=192.0.2.43, for=198.51.100.17",), ["192.0.2.43", "198.51.100.17"]),
        (("for=192.0.2.43", "for=_hidden;by=10.0.0.1"), ["192.0.2.43", "_hidden"]),
        (("proto=https, for=unknown",), ["", "unknown"]),
        (('for="a\\"b, c"; by=x',), ['a"b, c']),
        (("for=192.0.2.43;",), ["192.0.2.43"]),
        (("for=192.0.2.43 by=x",), []),
        (('for="192.0.2.43',), []),
        (("for",), []),
    ],
)
def test_each_proxy_says_for_whom(lines: tuple[str, ...], hops: list[str]) -> None:
    """RFC 7239: quoted or not, in any order, on several lines; what is malformed says nothing."""
    assert read_forwarded(lines) == hops


@given(st.lists(st.text(max_size=40), max_size=3))
def test_no_header_breaks_anything(lines: list[str]) -> None:
    """Whoever sends it: there is an address in the end, and it is the peer's or one that was written there."""
    found = find_forwarded_client("127.0.0.1", lines, lines, TRUSTED)
    assert found == "127.0.0.1" or networks_of(found)[0] != "unknown"


@pytest.mark.parametrize(
    ("peer", "forwarded", "older", "expected"),
    [
        ("127.0.0.1", ("for=203.0.113.9",), (), "203.0.113.9"),
        ("127.0.0.1", ('for=198.51.100.1, for="203.0.113.9:80", for=10.1.2.3',), (), "203.0.113.9"),
        ("127.0.0.1", ('for="[2001:db8::1]:443"',), ("2001:db8::1",), "2001:db8::1"),
        ("127.0.0.1", ("for=198.51.100.1",), ("203.0.113.9",), "127.0.0.1"),
        ("127.0.0.1", ("for=_hidden",), (), "127.0.0.1"),
        ("127.0.0.1", ("nonsense",), (), "127.0.0.1"),
        ("192.0.2.1", ("for=203.0.113.9",), (), "192.0.2.1"),
        ("127.0.0.1", (), ("203.0.113.9",), "203.0.113.9"),
    ],
)
def test_two_headers_must_agree(
    peer: str, forwarded: tuple[str, ...], older: tuple[str, ...], expected: str
) -> None:
    """A proxy writes one, and may hand on the other as a visitor made it up."""
    assert find_forwarded_client(peer, forwarded, older, TRUSTED) == expected
