"""Finding mail servers: many at once, and nobody waits for name servers that are down."""

import threading

from newsfeed.delivery.mail_domains import look_up
from newsfeed.receiver_ports import MailHosts


class Dns:
    """Answers as told, and counts who asked."""

    def __init__(self, **answers: MailHosts) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def find(self, domain: str) -> MailHosts:
        """The answer for a domain's first word."""
        self.asked.append(domain)
        return self.answers.get(domain.partition(".")[0], MailHosts())


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
