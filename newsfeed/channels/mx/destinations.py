"""Know the way to a domain: its servers, their addresses, and which of them are left alone for a while.

All sessions of a channel share it. Answers are kept for some minutes.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from newsfeed.channels.smtp.relays import CircuitBreaker
from newsfeed.connections import is_public
from newsfeed.core.delivery.receivers.mta_sts import sort_out
from newsfeed.core.people.hosts import is_domain
from newsfeed.errors import OutsideError
from newsfeed.marking import N_, NOTHING, Sentence
from newsfeed.records import Reply
from newsfeed.service_ports import DnsQuestion, DnsStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsfeed.channels.mx.policies import PolicyBook
    from newsfeed.service_ports import MailLookups

T = TypeVar("T")

_KEPT, _TROUBLE_KEPT = 300.0, 30.0
"""Seconds for which an answer is believed, and for which DNS is not asked again when it gave none."""
_MOST = 10_000
"""Domains, or servers, that are kept in mind."""

MOST_HOSTS = 6
"""Servers of a domain that are looked at: somebody may name thousands in DNS, to keep us busy."""
MOST_SILENT = 20
"""Domains in a row of which nobody is reached; more are no chance."""
_ALONE = N_("nobody could be reached for {number} domains in a row")
_LOOK = N_("see whether DNS answers here, and whether the network lets port 25 out; what is due waits")

_TAKES_NONE = Reply(556, "5.1.10", "the domain takes no mail, or there is no such domain", "rcpt")
_NOT_BELIEVED = Reply(
    450, "4.4.3", "DNS knows neither this domain nor our own name, so it is not believed", "connect"
)
_NO_ANSWER = Reply(450, "4.4.3", "DNS does not say which servers take the domain's mail", "connect")
_NOT_ALLOWED = Reply(450, "4.4.4", "DNS names no server that the domain's MTA-STS policy allows", "connect")
_PRIVATE = Sentence(N_("its address is a private one"))
_NO_ADDRESS = Sentence(N_("its name is not known"))
_DNS_TROUBLE = Sentence(N_("DNS does not say its address"))


@dataclass(frozen=True, slots=True)
class Route:
    """The servers of a domain, or why it cannot have mail now, or ever."""

    domain: str
    hosts: tuple[str, ...] = ()
    """Best first."""
    refusal: Reply | None = None
    is_silent: bool = False
    """DNS said nothing."""
    is_strict: bool = False
    """They must encrypt and prove their names: the domain has a policy that says so."""


@dataclass(frozen=True, slots=True)
class ServerAddresses:
    """The addresses of a server that may be called."""

    addresses: tuple[str, ...] = ()
    trouble: Sentence = NOTHING
    """Why there are none."""
    is_silent: bool = False
    """DNS said nothing."""


class Destinations:
    """Finds servers, and remembers how they were; safe between threads."""

    def __init__(
        self,
        lookups: MailLookups,
        policies: PolicyBook,
        own_name: str,
        clock: Callable[[], float],
        *,
        allow_private: bool,
    ) -> None:
        """``own_name``: must be known to DNS, or DNS is not believed when it does not know others.
        ``clock``: monotonic seconds. ``allow_private``: servers of this machine and its networks may be
        called, which is for tests.
        """
        self._lookups = lookups
        self._policies = policies
        self._own_name = own_name
        self._allow_private = allow_private
        self._clock = clock
        self._routes = _Memory[Route](clock)
        self._servers = _Memory[ServerAddresses](clock)
        self._trust = _Memory[bool](clock)
        self._breakers: dict[str, CircuitBreaker] = {}
        self._silent: set[str] = set()
        """Domains of which nobody was reached, since somebody was."""
        self._lock = threading.Lock()

    def known_route(self, domain: str) -> Route | None:
        """Return the way to a domain when it is known already; asks nobody."""
        return self._routes.get(domain)

    def find_route(self, domain: str) -> Route:
        """Return the way to a domain; may take some seconds."""
        route = self._routes.get(domain)
        if route is None:
            route = self._ask_route(domain)
            trouble = route.refusal is not None and route.refusal.code < 500
            self._routes.put(domain, route, _TROUBLE_KEPT if trouble else _KEPT)
        return route

    def find_addresses(self, host: str) -> ServerAddresses:
        """Return the addresses of a server; may take some seconds."""
        found = self._servers.get(host)
        if found is None:
            found = self._ask_addresses(host)
            self._servers.put(host, found, _KEPT if found.addresses else _TROUBLE_KEPT)
        return found

    def reason_to_rest(self, address: str) -> Sentence:
        """Return why an address is left alone; empty when it may be called."""
        with self._lock:
            breaker = self._breakers.get(address)
            return breaker.reason if breaker and breaker.is_resting(self._clock()) else NOTHING

    def mark_unreachable(self, address: str, reason: Sentence) -> None:
        """Note that nobody answered there, or that we were turned away."""
        with self._lock:
            self._breaker(address).mark_unreachable(self._clock(), reason, lasting=False)

    def mark_broken(self, address: str, reason: Sentence) -> None:
        """Note that a server broke off a connection in the middle of its work."""
        with self._lock:
            self._breaker(address).mark_broken(self._clock(), reason)

    def mark_working(self, address: str) -> None:
        """Note that a server answered as one does."""
        with self._lock:
            self._breakers.pop(address, None)

    def note_contact(self) -> None:
        """Note that some server was reached: the network is there."""
        with self._lock:
            self._silent.clear()

    def note_silence(self, domain: str) -> None:
        """Note that nobody was reached, neither DNS nor a server. Raises `OutsideError` when that went so for
        many domains in a row: then the trouble is ours, and no message is to blame. Counting begins anew, so
        that of domains that are really gone some are done with each time.
        """
        with self._lock:
            self._silent.add(domain)
            if len(self._silent) < MOST_SILENT:
                return
            self._silent.clear()
        raise OutsideError(_ALONE, _LOOK, number=MOST_SILENT)

    def _breaker(self, address: str) -> CircuitBreaker:
        if len(self._breakers) >= _MOST:
            now = self._clock()
            self._breakers = {name: one for name, one in self._breakers.items() if one.is_resting(now)}
        return self._breakers.setdefault(address, CircuitBreaker())

    def _ask_route(self, domain: str) -> Route:
        if not is_domain(domain):
            return Route(domain, refusal=_TAKES_NONE)
        found = self._lookups.hosts.find(domain)
        if found.refuses:
            if self._is_believed():
                return Route(domain, refusal=_TAKES_NONE)
            return Route(domain, refusal=_NOT_BELIEVED, is_silent=True)
        hosts = tuple(host for host in map(str.lower, found.hosts) if is_domain(host))
        if not hosts:
            return Route(domain, refusal=_NO_ANSWER, is_silent=True)
        policy = self._policies.find(domain)
        allowed = sort_out(hosts, policy)[:MOST_HOSTS]
        if not allowed:
            return Route(domain, refusal=_NOT_ALLOWED)
        return Route(domain, allowed, is_strict=policy is not None and policy.is_binding)

    def _is_believed(self) -> bool:
        """Tell whether DNS knows our own name: one that does not would end every subscription."""
        believed = self._trust.get("")
        if believed is None:
            answer = self._lookups.resolver.resolve(DnsQuestion(self._own_name, "A"))
            believed = answer.status in (DnsStatus.FOUND, DnsStatus.EMPTY)
            self._trust.put("", believed, _KEPT if believed else _TROUBLE_KEPT)
        return believed

    def _ask_addresses(self, host: str) -> ServerAddresses:
        """Ask for IPv4 first: receivers know more of us by it, and doubt strangers less."""
        answers = [self._lookups.resolver.resolve(DnsQuestion(host, kind)) for kind in ("A", "AAAA")]
        found = [address for answer in answers for address in answer.values]
        allowed = tuple(one for one in found if self._allow_private or is_public(one))
        if allowed:
            return ServerAddresses(allowed)
        trouble = any(answer.is_trouble for answer in answers)
        reason = _PRIVATE if found else _DNS_TROUBLE if trouble else _NO_ADDRESS
        return ServerAddresses(trouble=reason, is_silent=trouble and not found)


class _Memory(Generic[T]):
    """Keeps values until they are too old."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, T]] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> T | None:
        """Return a value that is not too old."""
        with self._lock:
            ends, value = self._kept.get(key, (0.0, None))
            return value if self._clock() < ends else None

    def put(self, key: str, value: T, seconds: float) -> None:
        """Keep a value for some seconds."""
        with self._lock:
            now = self._clock()
            if len(self._kept) >= _MOST:
                self._kept = {name: one for name, one in self._kept.items() if one[0] > now}
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[key] = now + seconds, value


def describe_troubles(troubles: Sequence[tuple[str, Sentence]], *, is_strict: bool) -> str:
    """Return why none of some servers could be reached, in one line for the ledger."""
    said = "none of the domain's servers can be reached"
    if is_strict:
        said += " as its MTA-STS policy demands"
    reasons = "; ".join(f"{host}: {reason}" for host, reason in dict(troubles).items())
    return f"{said} ({reasons})" if reasons else said
