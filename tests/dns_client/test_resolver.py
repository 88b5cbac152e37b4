"""Asking a real name server, on the loopback interface."""

from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from newsfeed.dns_client.resolver import SystemResolver
from newsfeed.errors import UsageError
from newsfeed.service_ports import DnsAnswer, DnsQuestion, DnsStatus
from tests.core.checkup.names import Zone
from tests.dns_client.name_server import serving

LONG = "v=DKIM1; p=" + "ABCDefgh" * 90
POINTER = ip_address("192.0.2.1").reverse_pointer
ZONE: Zone = {
    ("news.test", "A"): ("192.0.2.1", "192.0.2.2"),
    ("news.test", "AAAA"): ("2001:db8::1",),
    ("news.test", "MX"): ("20 second.test.", "10 first.test."),
    ("null.test", "MX"): ("0 .",),
    ("news.test", "TXT"): ("v=spf1 -all", 'with "quotes"'),
    ("long.test", "TXT"): (LONG,),
    ("bad.test", "A"): DnsStatus.FAILED,
    ("silent.test", "A"): DnsStatus.SILENT,
    (POINTER, "PTR"): ("mx.news.test",),
}


@pytest.fixture(scope="module")
def resolver() -> Iterator[SystemResolver]:
    """One that asks our own server."""
    with serving(ZONE) as server:
        yield SystemResolver(server)


@pytest.mark.parametrize(
    ("name", "kind", "answer"),
    [
        ("news.test", "A", DnsAnswer(DnsStatus.FOUND, ("192.0.2.1", "192.0.2.2"))),
        ("news.test", "AAAA", DnsAnswer(DnsStatus.FOUND, ("2001:db8::1",))),
        ("news.test", "MX", DnsAnswer(DnsStatus.FOUND, ("first.test", "second.test"))),
        ("null.test", "MX", DnsAnswer(DnsStatus.FOUND, (".",))),
        ("news.test", "TXT", DnsAnswer(DnsStatus.FOUND, ("v=spf1 -all", 'with "quotes"'))),
        ("long.test", "TXT", DnsAnswer(DnsStatus.FOUND, (LONG,))),
        (POINTER, "PTR", DnsAnswer(DnsStatus.FOUND, ("mx.news.test",))),
        ("news.test", "PTR", DnsAnswer(DnsStatus.EMPTY)),
        ("nobody.test", "A", DnsAnswer(DnsStatus.ABSENT)),
        ("bad.test", "A", DnsAnswer(DnsStatus.FAILED)),
        ("a..test", "A", DnsAnswer(DnsStatus.ABSENT)),
        ("x" * 64 + ".test", "A", DnsAnswer(DnsStatus.ABSENT)),
        (".".join(["label"] * 60), "A", DnsAnswer(DnsStatus.ABSENT)),
        ("\\999.test", "A", DnsAnswer(DnsStatus.ABSENT)),
    ],
)
def test_each_kind_of_answer_is_told_from_the_others(
    resolver: SystemResolver, name: str, kind: str, answer: DnsAnswer
) -> None:
    """No name, no record, a server in trouble; long texts come over TCP, joined."""
    found = resolver.resolve(DnsQuestion(name, kind))
    assert found.status is answer.status
    assert set(found.values) == set(answer.values) if kind != "MX" else found.values == answer.values


@pytest.mark.slow
def test_silence_is_no_answer(resolver: SystemResolver) -> None:
    """After some seconds."""
    assert resolver.resolve(DnsQuestion("silent.test", "A")) == DnsAnswer(DnsStatus.SILENT)


@pytest.mark.parametrize(
    "server", ["dns.example.org", "9.9.9.9:0", "9.9.9.9:x", "9.9.9.9:70000", "…", "1.2.3"]
)
def test_a_server_that_is_no_address_is_refused(server: str) -> None:
    """The name of one would have to be asked for first."""
    with pytest.raises(UsageError, match="is no address of a name server"):
        SystemResolver(server)


@pytest.mark.parametrize("server", ["", "9.9.9.9", "9.9.9.9:53", "2620:fe::fe", "[2620:fe::fe]:53"])
def test_a_server_is_named_by_its_address(server: str) -> None:
    """With a port, if one likes."""
    SystemResolver(server)


def test_one_that_remembers_nothing_hears_what_is_new() -> None:
    """A service lives for months; a check wants one and the same answer."""
    zone = {("new.test", "A"): ("192.0.2.1",)}
    question = DnsQuestion("new.test", "A")
    with serving(zone) as server:
        forgetful, faithful = SystemResolver(server, remembers=False), SystemResolver(server)
        assert forgetful.resolve(question) == faithful.resolve(question)
    with serving({}) as other:
        forgetful._resolver = faithful._resolver = SystemResolver(other)._resolver
        assert forgetful.resolve(question).status is DnsStatus.ABSENT
        assert faithful.resolve(question).values == ("192.0.2.1",)


def test_servers_of_one_preference_share_the_load() -> None:
    """RFC 5321 5.1: in an order left to chance, before those of a worse one."""
    zone: Zone = {("many.test", "MX"): ("20 last.test.", *(f"10 mx{number}.test." for number in range(5)))}
    with serving(zone) as server:
        fresh = SystemResolver(server, remembers=False)
        found = {fresh.resolve(DnsQuestion("many.test", "MX")).values for _ in range(30)}
    assert {one[-1] for one in found} == {"last.test"}
    assert len({one[0] for one in found}) > 1
