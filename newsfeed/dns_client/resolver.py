"""Ask name servers: those of the system, or one that was named."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Any

import dns.exception
import dns.name
import dns.resolver

from newsfeed.core.people.hosts import is_host
from newsfeed.errors import UsageError
from newsfeed.marking import N_
from newsfeed.service_ports import DnsAnswer, DnsQuestion, DnsStatus

_TRY, _ALL_TRIES = 1.5, 4.0
"""Seconds for one try with one name server, and for the whole question."""
_PORT = 53


class SystemResolver:
    """Implements `newsfeed.service_ports.DnsResolver`. Threads may share it."""

    def __init__(self, server: str = "", *, remembers: bool = True) -> None:
        """``server``: an IP address, perhaps with a port behind it; empty: what the system is set to. Raises
        `UsageError` when it is none. ``remembers``: what was answered once is not asked again.
        """
        self._resolver = _make_resolver(server)
        self._remembers = remembers
        self._known: dict[DnsQuestion, DnsAnswer] = {}

    def resolve(self, question: DnsQuestion) -> DnsAnswer:
        """Return the answer; never raises, and takes some seconds at most."""
        if not self._remembers:
            return self._ask(question)
        if question not in self._known:
            self._known[question] = self._ask(question)
        return self._known[question]

    def _ask(self, question: DnsQuestion) -> DnsAnswer:
        if self._resolver is None:
            return DnsAnswer(DnsStatus.SILENT)
        try:
            name = dns.name.from_text(question.name)
            found = self._resolver.resolve(name, question.kind, raise_on_no_answer=False, search=False)
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            return DnsAnswer(_status_of(error))
        if found.rrset is None:
            return DnsAnswer(DnsStatus.EMPTY)
        return DnsAnswer(DnsStatus.FOUND, _values(question.kind, list(found.rrset)))


def _status_of(error: Exception) -> DnsStatus:
    if isinstance(error, dns.resolver.NXDOMAIN | dns.name.LabelTooLong | dns.name.NameTooLong):
        return DnsStatus.ABSENT
    if isinstance(error, dns.name.EmptyLabel | dns.name.BadEscape | UnicodeError):  # nobody can have it
        return DnsStatus.ABSENT
    if isinstance(error, dns.resolver.NoNameservers):
        return DnsStatus.FAILED if _has_answer(error) else DnsStatus.SILENT
    return DnsStatus.SILENT if isinstance(error, dns.exception.Timeout) else DnsStatus.FAILED


def _make_resolver(server: str) -> dns.resolver.Resolver | None:
    if server:
        host, port = _split(server)
        resolver = dns.resolver.Resolver(configure=False)
        try:
            resolver.nameservers = [host]
        except ValueError as error:
            raise _no_server(server) from error
        resolver.port = port
    else:
        try:
            resolver = dns.resolver.Resolver()
        except dns.resolver.NoResolverConfiguration:
            return None
    resolver.timeout, resolver.lifetime = _TRY, _ALL_TRIES
    return resolver


def _split(server: str) -> tuple[str, int]:
    """Return address and port of ``192.0.2.1``, ``192.0.2.1:53``, ``2001:db8::1`` or ``[2001:db8::1]:53``."""
    host, port = server, ""
    if server.startswith("["):
        host, _, port = server[1:].partition("]")
        port = port.removeprefix(":")
    elif server.count(":") == 1:
        host, _, port = server.partition(":")
    number = int(port) if port.isascii() and port.isdigit() else 0 if port else _PORT
    if not 0 < number < 65_536 or not is_host(host) or host.rpartition(".")[2].isalpha():
        raise _no_server(server)
    return host, number


def _no_server(server: str) -> UsageError:
    sentence = N_("“{server}” is no address of a name server")
    return UsageError(sentence, N_("write it like {example}"), server=server, example="9.9.9.9")


def _has_answer(error: dns.resolver.NoNameservers) -> bool:
    """Tell whether some server answered, and said that it cannot."""
    errors = error.kwargs.get("errors", ())
    return any(len(one) > 4 and one[4] is not None for one in errors)


def _values(kind: str, records: list[Any]) -> tuple[str, ...]:
    """Return the values of records of one kind, each of which has its own fields."""
    if kind == "TXT":
        return tuple(b"".join(one.strings).decode("utf-8", "replace") for one in records)
    if kind == "MX":
        # Servers that are as good as each other share the load (RFC 5321 5.1).
        shuffled = random.sample(records, len(records))
        return tuple(_bare(one.exchange) for one in sorted(shuffled, key=lambda one: int(one.preference)))
    if kind in ("PTR", "NS"):
        return tuple(_bare(one.target) for one in records)
    return tuple(one.address for one in records)


def _bare(name: dns.name.Name) -> str:
    with suppress(UnicodeError):
        return str(name.to_text(omit_final_dot=True))
    return ""
