"""Finding mail servers: what is known is not asked for, and nobody waits for name servers that are down."""

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from newsfeed.delivery.mail_domains import RememberedHostFinder, look_up
from newsfeed.errors import OutsideError
from newsfeed.receiver_ports import KnownHosts, MailHosts

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOSTS = MailHosts(("mx.example.net",))


class MemoryMailDomains:
    """Knows what it was told."""

    def __init__(self, known: Mapping[str, KnownHosts] | None = None) -> None:
        self.known = dict(known or {})

    def of_readers(self) -> Sequence[str]:
        """Those it knows."""
        return list(self.known)

    def find(self, domain: str) -> KnownHosts | None:
        """What it knows of one."""
        return self.known.get(domain)

    def read(self) -> Mapping[str, KnownHosts]:
        """All it knows."""
        return self.known

    def keep(self, found: Mapping[str, KnownHosts]) -> None:
        """Know that, too."""
        self.known.update(found)


class Dns:
    """Answers as told, and counts who asked."""

    def __init__(self, **answers: MailHosts) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def find(self, domain: str) -> MailHosts:
        """The answer for a domain's first word."""
        self.asked.append(domain)
        return self.answers.get(domain.partition(".")[0], MailHosts())


@pytest.fixture
def moments() -> list[datetime]:
    """The clock's next answers are the last of these."""
    return [NOW]


def test_an_answer_is_asked_for_once_an_hour(moments: list[datetime]) -> None:
    """By all processes together: it is in the store."""
    dns, domains = Dns(a=HOSTS), MemoryMailDomains()
    first, second = (RememberedHostFinder(dns, domains, lambda: moments[-1]) for _ in range(2))
    assert first.find("a.example") == HOSTS
    assert second.find("a.example") == HOSTS
    assert dns.asked == ["a.example"]
    moments.append(NOW + HOUR)
    assert second.find("a.example") == HOSTS
    assert dns.asked == ["a.example"] * 2


def test_servers_stay_while_dns_is_in_trouble(moments: list[datetime]) -> None:
    """Mail goes on to where it went yesterday."""
    dns, domains = Dns(), MemoryMailDomains({"a.example": KnownHosts(HOSTS, NOW - HOUR)})
    finder = RememberedHostFinder(dns, domains, lambda: moments[-1])
    assert finder.find("a.example") == HOSTS
    moments.append(NOW + HOUR)
    assert finder.find("a.example") == HOSTS
    assert dns.asked == ["a.example"] * 2


def test_a_store_that_is_away_stops_no_mail() -> None:
    """DNS is asked each time."""

    class Away(MemoryMailDomains):
        def find(self, domain: str) -> KnownHosts | None:
            raise OutsideError("locked")

        def keep(self, found: Mapping[str, KnownHosts]) -> None:
            raise OutsideError("locked")

    dns = Dns(a=HOSTS)
    finder = RememberedHostFinder(dns, Away(), lambda: NOW)
    assert finder.find("a.example") == finder.find("a.example") == HOSTS
    assert len(dns.asked) == 2


def test_many_domains_are_asked_for_at_once() -> None:
    """Each once; while one has to wait, others go on."""
    together = threading.Barrier(8, timeout=30)

    class Slow(Dns):
        def find(self, domain: str) -> MailHosts:
            together.wait()
            return super().find(domain)

    dns = Slow()
    names = [f"d{number}.example" for number in range(16)]
    assert look_up(dns, names) == dict.fromkeys(names, MailHosts())
    assert sorted(dns.asked) == sorted(names)


def test_name_servers_that_are_down_cost_bounded_time() -> None:
    """When the time is over no new question is asked; the domains of most readers came first."""
    dns = Dns()
    assert look_up(dns, [f"d{number}.example" for number in range(1000)], seconds=0) == {}
    assert look_up(dns, []) == {}
    assert dns.asked == []
