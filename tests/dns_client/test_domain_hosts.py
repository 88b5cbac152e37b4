"""Which servers take a domain's mail, from a real name server on the loopback interface."""

from collections.abc import Iterator

import pytest

from newsfeed.dns_client.domain_hosts import DnsHostFinder
from newsfeed.dns_client.resolver import SystemResolver
from newsfeed.receiver_ports import MailHosts
from newsfeed.service_ports import DnsStatus
from tests.core.checkup.names import Zone
from tests.dns_client.name_server import serving

ZONE: Zone = {
    ("two.test", "MX"): ("20 second.test.", "10 first.test."),
    ("null.test", "MX"): ("0 .",),
    ("own.test", "AAAA"): ("2001:db8::1",),
    ("text.test", "TXT"): ("no mail here",),
    ("unsure.test", "A"): DnsStatus.FAILED,
    ("bad.test", "MX"): DnsStatus.FAILED,
}


@pytest.fixture(scope="module")
def finder() -> Iterator[DnsHostFinder]:
    """One that asks our own server."""
    with serving(ZONE) as server:
        yield DnsHostFinder(SystemResolver(server, remembers=False))


@pytest.mark.parametrize(
    ("domain", "hosts"),
    [
        ("two.test", MailHosts(("first.test", "second.test"))),
        ("null.test", MailHosts(refuses=True)),
        ("own.test", MailHosts(("own.test",))),
        ("text.test", MailHosts(refuses=True)),
        ("nobody.test", MailHosts(refuses=True)),
        ("unsure.test", MailHosts()),
        ("bad.test", MailHosts()),
    ],
)
def test_a_domain_has_servers_takes_no_mail_or_is_not_known(
    finder: DnsHostFinder, domain: str, hosts: MailHosts
) -> None:
    """MX first, the null MX of RFC 7505, and a domain that is its own server; trouble is no refusal."""
    assert finder.find(domain) == hosts
