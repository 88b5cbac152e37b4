"""Ask DNS for the servers that take a domain's mail (RFC 5321 5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.receiver_ports import MailHosts
from newsfeed.service_ports import DnsQuestion, DnsStatus

if TYPE_CHECKING:
    from newsfeed.service_ports import DnsResolver

_NULL = ("", ".")
"""The exchange of a domain that takes no mail (RFC 7505)."""


@dataclass(frozen=True, slots=True)
class DnsHostFinder:
    """Implements `newsfeed.receiver_ports.MailHostFinder`; remembers nothing."""

    resolver: DnsResolver

    def find(self, domain: str) -> MailHosts:
        """Return the servers of a domain."""
        answer = self.resolver.resolve(DnsQuestion(domain, "MX"))
        if answer.status is DnsStatus.FOUND:
            hosts = tuple(host for host in answer.values if host not in _NULL)
            return MailHosts(hosts, refuses=not hosts)
        if answer.status is DnsStatus.EMPTY:
            return self._find_own(domain)
        return MailHosts(refuses=answer.status is DnsStatus.ABSENT)

    def _find_own(self, domain: str) -> MailHosts:
        """Return a domain without MX as its own server, when it has an address."""
        answers = [self.resolver.resolve(DnsQuestion(domain, kind)) for kind in ("A", "AAAA")]
        if any(answer.status is DnsStatus.FOUND for answer in answers):
            return MailHosts((domain,))
        return MailHosts(refuses=all(answer.is_void for answer in answers))
