"""Find the group of receivers that a domain belongs to: the domains whose mail servers of one owner take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.delivery.receivers.shipped import SHIPPED_GROUPS
from newsfeed.service_settings import ReceiverGroup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsfeed.service_settings import ReceiverLimits

OTHERS = "others"
"""The table of limits for each group that has no table of its own."""
_SECOND_LEVELS = frozenset(
    (
        *("ac", "asso", "co", "com", "edu", "gob", "gouv", "gov", "gv", "ltd"),
        *("me", "mil", "ne", "net", "nom", "or", "org", "plc", "sch"),
    )
)
"""Below a country's domain these belong to nobody: whoever is below them is an owner."""


class ReceiverGroups:
    """All groups with limits of their own: the shipped ones, as a site has changed them, and the site's."""

    def __init__(self, own: Mapping[str, ReceiverGroup] | None = None) -> None:
        """``own``: name → group, as configured; these take domains and servers from shipped ones."""
        shipped = {group.name: group for group in SHIPPED_GROUPS}
        self._groups = {**shipped, **(own or {})}
        self._others = self._groups.pop(OTHERS, ReceiverGroup(name=OTHERS)).limits
        self._domains: dict[str, str] = {}
        self._ends: dict[str, str] = {}
        for group in sorted(self._groups.values(), key=lambda group: group.name in (own or {})):
            self._domains.update(dict.fromkeys(group.domains, group.name))
            self._ends.update(dict.fromkeys(group.mx, group.name))

    def __iter__(self) -> Iterator[ReceiverGroup]:
        return iter(self._groups.values())

    def limits_of(self, name: str) -> ReceiverLimits:
        """Return the limits of a group; also of one that is only known by the domain of its servers."""
        return self._groups[name].limits if name in self._groups else self._others

    def group_of(self, domain: str, hosts: Sequence[str] = ()) -> str:
        """Return the name of a domain's group. ``hosts``: its mail servers, best first, when they are known.

        A domain that a group names belongs to it. Else its best server decides, by the longest end of its
        name that a group has; when none has any, all domains of the server's owner are a group. Without
        servers the domain is a group of its own.
        """
        if domain in self._domains:
            return self._domains[domain]
        return self._owner_of(hosts[0]) if hosts else domain

    def speaks_for(self, name: str, domain: str, server: str) -> bool:
        """Tell whether an answer about a domain holds for all of its group. ``server``: who gave it, as
        ``host:port``; empty: nobody was reached.

        Whoever has a domain can name servers of others beside theirs in DNS, or some that are not there. So
        it must be one of the group's own servers, or a domain that nobody else can have brought there.
        """
        if domain == name or self._domains.get(domain) == name:
            return True
        host = server.partition(":")[0]
        return bool(host) and self._owner_of(host) == name

    def _owner_of(self, host: str) -> str:
        host = host.lower()
        return next((self._ends[end] for end in _ends_of(host) if end in self._ends), find_owner(host))


def domain_of(address: str) -> str:
    """Return the domain of an address in its normal form.

    >>> domain_of("ann@example.org")
    'example.org'
    """
    return address.rpartition("@")[2]


def find_owner(host: str) -> str:
    """Return the domain of a server's owner, as far as its name alone tells.

    >>> find_owner("mx1.mail.example.org"), find_owner("mx.example.co.uk")
    ('example.org', 'example.co.uk')
    """
    labels = host.split(".")
    is_below_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3 if is_below_country else -2 :])


def _ends_of(host: str) -> Iterator[str]:
    """Yield a name, and what is left of it without its first words, the longest first."""
    while host:
        yield host
        host = host.partition(".")[2]
