"""Decide which domains' mail servers DNS is asked for, and how long its answers are good."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from newsfeed.core.delivery.receivers.groups import domain_of
from newsfeed.receiver_ports import KnownHosts, MailHosts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from newsfeed.core.delivery.receivers.groups import ReceiverGroups

GOOD = timedelta(hours=1)
"""How long servers that were found are taken for right: a domain may move to those of another group."""
NONE = timedelta(minutes=30)
"""How long a domain is believed that it takes no mail: it may be a mistake that somebody mends."""
TROUBLE = timedelta(minutes=10)
"""How long nobody is asked again who could not answer."""


def is_fresh(known: KnownHosts | None, now: datetime) -> bool:
    """Tell whether an answer is good still. A clock that was set back makes none good for longer."""
    return known is not None and now < known.good_until <= now + GOOD


def remember(answer: MailHosts, before: KnownHosts | None, now: datetime) -> KnownHosts:
    """Return what to keep of an answer. Where DNS is in trouble, the servers that were known stay."""
    if answer.hosts:
        return KnownHosts(answer, now + GOOD)
    if answer.refuses:
        return KnownHosts(answer, now + NONE)
    hosts = before.found.hosts if before is not None else ()
    return KnownHosts(MailHosts(hosts), now + TROUBLE)


def choose_domains(domains: Iterable[str], known: Mapping[str, KnownHosts], now: datetime) -> list[str]:
    """Return the domains to ask for, in their order."""
    return [domain for domain in domains if not is_fresh(known.get(domain), now)]


def name_receivers(groups: ReceiverGroups, known: Mapping[str, KnownHosts]) -> Callable[[str], str]:
    """Return what names the group of an address."""
    name_group = cache(name_domains(groups, known))
    return lambda address: name_group(domain_of(address))


def name_domains(groups: ReceiverGroups, known: Mapping[str, KnownHosts]) -> Callable[[str], str]:
    """Return what names the group of a domain, by what is known of it; an old answer is better than none."""

    def name_group(domain: str) -> str:
        found = known.get(domain)
        return groups.group_of(domain, () if found is None else found.found.hosts)

    return name_group
