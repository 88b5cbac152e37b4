"""Addresses and names that lead to one another."""

from ipaddress import ip_address

from newsfeed.core.checkup.asking import run_asking
from newsfeed.core.checkup.reverse_names import ReverseNames, find_reverse_names
from newsfeed.service_ports import DnsStatus
from tests.core.checkup.names import Zone, answering

POINTER = ("7.100.51.198.in-addr.arpa", "PTR")


def found(zone: Zone) -> ReverseNames:
    """The names of one address."""
    return run_asking(find_reverse_names(ip_address("198.51.100.7")), answering(zone))


def test_a_name_counts_that_leads_back() -> None:
    """Anybody can give their address any name."""
    zone = {
        POINTER: ("mx.example.org", "MX.Example.com"),
        ("mx.example.org", "A"): ("198.51.100.7", "198.51.100.8"),
        ("mx.example.com", "A"): ("203.0.113.9",),
    }
    assert found(zone).names == ("mx.example.org", "mx.example.com")
    assert found(zone).confirmed == ("mx.example.org",)


def test_no_name_is_told_from_no_answer() -> None:
    """Only the first is a fault."""
    assert found({}) == ReverseNames("198.51.100.7")
    assert found({POINTER: DnsStatus.SILENT}).is_unknown
    assert found({POINTER: ("mx.example.org",), ("mx.example.org", "A"): DnsStatus.FAILED}).is_unknown


def test_addresses_of_the_new_kind_have_names_too() -> None:
    """Asked for digit by digit."""
    address = ip_address("2001:db8::7")
    zone = {
        (address.reverse_pointer, "PTR"): ("mx.example.org",),
        ("mx.example.org", "AAAA"): ("2001:db8::7",),
    }
    assert run_asking(find_reverse_names(address), answering(zone)).confirmed == ("mx.example.org",)
