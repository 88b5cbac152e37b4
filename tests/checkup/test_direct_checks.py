"""Checks of a machine that sends straight to readers' servers."""

from dataclasses import replace

import pytest

from newsfeed.checkup import direct_checks, mail_checks
from newsfeed.core.checkup.finding import Health
from newsfeed.marking import Sentence
from newsfeed.service_ports import DnsAnswer, DnsStatus, RelayProbe
from newsfeed.settings import RelaySettings
from tests.checkup.sites import CONFIG, REVERSE, ZONE, World, told
from tests.checkup.test_checks import run

DIRECT = CONFIG.replace('channel = "smtp"', 'channel = "mx"').replace(
    '[channels.smtp]\nhost = "relay.news.test"\nusername = "news"', '[channels.mx]\nhello = "relay.news.test"'
)
SERVED = {**ZONE, ("mx.news.test", "A"): ("9.9.9.10",)}
PROBE = RelayProbe(relay="mx.news.test:25", address="9.9.9.10", own_address="9.9.9.9")


def checked(world: World) -> list[tuple[str, str, str]]:
    """What is found about the way out."""
    return told(direct_checks.check_way_out(world.context(DIRECT)))


def test_a_machine_in_order_is_told_so() -> None:
    """It can call others, its name and address lead to one another, and SPF knows it."""
    found = run(World(zone=SERVED, probe=PROBE), DIRECT)
    assert told(found)[:3] == [
        ("relay", "good", "servers of others can be called from here, such as mx.news.test:25"),
        ("sender", "good", "news.test takes mail"),
        ("spf", "good", "the SPF record of news.test names this machine, and takes 1 of 10 look-ups"),
    ]
    assert ("reverse-dns", "good", "9.9.9.9 and relay.news.test lead to one another") in told(found)
    assert {one.health for one in found} == {Health.GOOD}


def test_the_server_that_is_called_takes_our_own_mail_and_is_called_as_in_sending() -> None:
    """Nobody else is bothered, and nobody's certificate is asked for."""
    asked: list[RelaySettings] = []

    def probe(relay: RelaySettings) -> RelayProbe:
        asked.append(relay)
        return PROBE

    context = replace(World(zone=SERVED).context(DIRECT), probe_relay=probe)
    direct_checks.check_way_out(context)
    assert [(one.host, one.port, one.security) for one in asked] == [("mx.news.test", 25, "opportunistic")]


def test_a_network_that_keeps_port_25_to_itself_is_told() -> None:
    """As those of most clouds do."""
    probe = RelayProbe(relay="mx.news.test:25", failure=Sentence("it does not answer"), stage="connect")
    assert checked(World(zone=SERVED, probe=probe))[0] == (
        "relay",
        "problem",
        "a server that takes mail cannot be called from here: mx.news.test:25: it does not answer",
    )


@pytest.mark.parametrize("address", ["9.9.9.9", "127.0.0.1"])
def test_a_server_of_our_own_proves_nothing(address: str) -> None:
    """To call oneself is easy."""
    found = checked(World(zone={**ZONE, ("mx.news.test", "A"): (address,)}))
    assert found[0][:2] == ("relay", "unknown")


def test_a_machine_that_sends_from_another_address_is_told() -> None:
    """Receivers see that one, and not the one in DNS. One behind an address of its network is not seen here."""
    found = checked(World(zone=SERVED, probe=replace(PROBE, own_address="9.9.9.77")))
    assert found[-1] == (
        "reverse-dns",
        "problem",
        "mails are sent from 9.9.9.77, which is no address of relay.news.test",
    )
    assert len(checked(World(zone=SERVED, probe=replace(PROBE, own_address="10.0.0.7")))) == 2


def test_a_name_that_dns_does_not_know_is_told() -> None:
    """Nobody believes it in a greeting, and SPF is asked about no address."""
    zone = {key: value for key, value in SERVED.items() if key != ("relay.news.test", "A")}
    found = checked(World(zone=zone, probe=replace(PROBE, own_address="10.0.0.7")))
    assert found[1] == (
        "reverse-dns",
        "problem",
        "DNS knows no public address of relay.news.test, the name that this machine says in greetings",
    )


def test_an_address_without_a_name_is_told() -> None:
    """Gmail refuses it."""
    found = checked(World(zone={**SERVED, (REVERSE, "PTR"): DnsStatus.ABSENT}, probe=PROBE))
    assert found[1] == ("reverse-dns", "problem", "9.9.9.9 of relay.news.test has no name")


def test_without_a_relay_spf_has_to_name_the_machine_and_somebody_has_to_sign() -> None:
    """What is only advice with a relay is a fault here."""
    world = World(zone={**SERVED, ("news.test", "TXT"): ("v=spf1 ip4:9.9.9.1 -all",)}, probe=PROBE)
    (spf,) = mail_checks.check_spf_record(world.context(DIRECT))
    assert (spf.health, str(spf.seen)) == (
        Health.PROBLEM,
        "the SPF record of news.test does not name 9.9.9.9, from which mails are sent",
    )
    assert str(spf.advice) == "add it: ip4:9.9.9.9"
    unsigned = world.context(DIRECT.partition("[mail.dkim]")[0], keys=())
    (dkim,) = mail_checks.check_keys(unsigned)
    assert (dkim.health, str(dkim.seen)) == (Health.PROBLEM, "nobody signs what is sent from here")


def test_dns_in_trouble_is_no_fault_of_the_machine() -> None:
    """It is told that nobody could be asked."""
    silent = World(zone=SERVED, probe=PROBE)
    silent.resolve = lambda question: DnsAnswer(DnsStatus.SILENT)  # type: ignore[method-assign]
    found = checked(silent)
    assert found[0][:2] == ("relay", "unknown")
