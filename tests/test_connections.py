"""Addresses that are anybody's, and connections that have an end."""

import socket
import time

import pytest

from newsfeed.connections import ConnectionAlarm, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "192.0.0.8", "192.0.0.192", "::ffff:192.0.0.192", "::", "::1", "fe80::1%eth0", "fc00::1",
        "fec0::1", "ff02::1", "x", "",
        "::127.0.0.1", "::10.0.0.1", "::93.184.216.34", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1", "::ffff:0:7f00:1",
        "64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::1",
        "2001:0:1::1", "2001::7f00:1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:0:5db8:d822::80ff:fffe",
    ],
)  # fmt: skip
def test_addresses_of_this_machine_and_its_networks_are_no_public_ones(address: str) -> None:
    """Nor those by which a network leads to them: mapped, compatible, translated, 6to4, NAT64, Teredo."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_those_of_the_open_internet_are(address: str) -> None:
    """Also as an IPv6 network leads to them."""
    assert is_public(address)


def test_an_alarm_ends_a_connection_that_waits() -> None:
    """However much time its socket has."""
    one, other = socket.socketpair()
    with one, other:
        alarm = ConnectionAlarm(one, time.monotonic() + 0.2)
        one.settimeout(30)
        assert one.recv(1) == b""
        alarm.stop()


def test_one_that_was_stopped_does_not() -> None:
    """The connection goes on."""
    one, other = socket.socketpair()
    with one, other:
        alarm = ConnectionAlarm(one, time.monotonic() + 0.2)
        alarm.stop()
        time.sleep(0.4)
        other.sendall(b"x")
        assert one.recv(1) == b"x"
