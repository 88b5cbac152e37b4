"""Evaluate SPF as receivers do (RFC 7208), and count what it costs them."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from newsfeed.core.checkup.asking import Asking, ask
from newsfeed.core.checkup.spf_record import (
    LOOKING_UP,
    SpfSender,
    SpfTerm,
    expand_macros,
    parse_spf,
    select_spf,
)
from newsfeed.core.people.hosts import is_domain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsfeed.service_ports import DnsAnswer

MOST_LOOKUPS, MOST_VOID = 10, 2
"""RFC 7208 4.6.4: what is more is an error for good."""
_MOST_NAMES = 10
"""Servers that one ``mx`` may name, and names of one ``ptr`` that are looked at."""
NOBODY = ip_address("192.0.2.1")
"""An address for documentation: whose record lets it send lets everybody."""
_RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


@dataclass(frozen=True, slots=True)
class SpfVerdict:
    """The result of an evaluation, and why it is an error if it is one."""

    result: str
    """``pass``, ``fail``, ``softfail``, ``neutral``, ``none``, ``temperror`` or ``permerror``."""
    error: str = ""
    """``several``, ``syntax``, ``lookups``, ``void``, ``loop``, ``missing`` (an include without a record),
    ``names`` (too many servers of one ``mx``) or ``dns``.
    """
    detail: str = ""
    """The term or name that is wrong."""
    lookups: int = 0
    void: int = 0
    deprecated: bool = False
    """It uses ``ptr``."""


@dataclass(slots=True)
class _Evaluation:
    """One evaluation on its way: whom it is about, and what it has cost."""

    sender: SpfSender
    most_lookups: int
    most_void: int
    lookups: int = 0
    void: int = 0
    deprecated: bool = False
    path: list[str] = field(default_factory=list)
    """Domains whose records are being evaluated: one that comes again is a loop."""


def check_spf(domain: str, sender: SpfSender) -> Asking[SpfVerdict]:
    """Evaluate a domain's record for a client, within the limits of receivers."""
    return (yield from _check(domain, _Evaluation(sender, MOST_LOOKUPS, MOST_VOID)))


def survey_spf(domain: str, most: int = 40) -> Asking[SpfVerdict]:
    """Evaluate a domain's record for somebody it should not know, which costs the most; go on beyond the
    limits of receivers, up to ``most`` look-ups, so that it can be said by how much they are missed.
    """
    sender = SpfSender(NOBODY, domain=domain)
    return (yield from _check(domain, _Evaluation(sender, most, most)))


def _check(domain: str, run: _Evaluation) -> Asking[SpfVerdict]:
    domain = domain.lower().rstrip(".")
    if domain in run.path:
        return _verdict(run, "permerror", error="loop", detail=domain)
    if not is_domain(domain) or "." not in domain:
        return _verdict(run, "none")
    answer = yield from ask(domain, "TXT")
    if answer.is_trouble:
        return _verdict(run, "temperror", error="dns", detail=domain)
    records = select_spf(answer.values)
    if len(records) != 1:
        several = _verdict(run, "permerror", error="several", detail=domain)
        return several if records else _verdict(run, "none")
    try:
        terms = parse_spf(records[0])
    except ValueError as error:
        return _verdict(run, "permerror", "syntax", str(error))
    run.path.append(domain)
    verdict = yield from _evaluate(domain, terms, run)
    run.path.pop()
    return verdict


def _evaluate(domain: str, terms: Iterable[SpfTerm], run: _Evaluation) -> Asking[SpfVerdict]:
    redirect = ""
    for term in terms:
        if term.name == "exp":
            continue
        if term.name == "redirect":
            redirect = term.value
            continue
        if error := _count(term, run):
            return _verdict(run, "permerror", error, term.value or domain)
        found = yield from _match(term, domain, run)
        if isinstance(found, SpfVerdict):
            return _verdict(run, found.result, found.error, found.detail)
        if run.void > run.most_void:
            return _verdict(run, "permerror", "void", term.value or domain)
        if found:
            return _verdict(run, _RESULTS[term.qualifier])
    if redirect:
        return (yield from _redirect(domain, redirect, run))
    return _verdict(run, "neutral")


def _redirect(domain: str, value: str, run: _Evaluation) -> Asking[SpfVerdict]:
    target = expand_macros(value, run.sender, domain)
    if error := _count(SpfTerm("redirect"), run):
        return _verdict(run, "permerror", error, target)
    found = yield from _check(target, run)
    if found.result == "none":
        return _verdict(run, "permerror", "missing", target)
    return _verdict(run, found.result, found.error, found.detail)


def _count(term: SpfTerm, run: _Evaluation) -> str:
    """Count a look-up; return the error when it is one too many."""
    run.deprecated = run.deprecated or term.name == "ptr"
    if term.name in LOOKING_UP:
        run.lookups += 1
    return "lookups" if run.lookups > run.most_lookups else ""


def _match(term: SpfTerm, domain: str, run: _Evaluation) -> Asking[bool | SpfVerdict]:
    """Tell whether a term is about the client; a verdict ends everything."""
    if term.name == "all":
        return True
    if term.name in ("ip4", "ip6"):
        return run.sender.address in ip_network(term.value, strict=False)
    target = expand_macros(term.value or domain, run.sender, domain)
    if term.name == "include":
        return (yield from _match_include(target, run))
    if term.name == "exists":
        answer = yield from _look_up(target, "A", run)
        return _trouble(run, target) if answer.is_trouble else bool(answer.values)
    if term.name == "a":
        return (yield from _match_addresses((target,), term, run))
    if term.name == "mx":
        return (yield from _match_servers(target, term, run))
    return (yield from _match_reverse(target, run))


def _match_include(target: str, run: _Evaluation) -> Asking[bool | SpfVerdict]:
    found = yield from _check(target, run)
    if found.result == "none":
        return _verdict(run, "permerror", error="missing", detail=target)
    if found.result in ("temperror", "permerror"):
        return found
    return found.result == "pass"


def _match_addresses(names: Iterable[str], term: SpfTerm, run: _Evaluation) -> Asking[bool | SpfVerdict]:
    client = run.sender.address
    kind, prefix = ("A", term.prefix4) if client.version == 4 else ("AAAA", term.prefix6)
    for name in names:
        answer = yield from _look_up(name, kind, run)
        if answer.is_trouble:
            return _trouble(run, name)
        if any(client in _network(value, prefix) for value in answer.values):
            return True
    return False


def _match_servers(target: str, term: SpfTerm, run: _Evaluation) -> Asking[bool | SpfVerdict]:
    answer = yield from _look_up(target, "MX", run)
    if answer.is_trouble:
        return _trouble(run, target)
    if len(answer.values) > _MOST_NAMES:
        return _verdict(run, "permerror", error="names", detail=target)
    return (yield from _match_addresses(answer.values, term, run))


def _match_reverse(target: str, run: _Evaluation) -> Asking[bool | SpfVerdict]:
    """Match the deprecated ``ptr``; its trouble means that it does not match (5.5)."""
    answer = yield from _look_up(run.sender.address.reverse_pointer, "PTR", run)
    names = [name for name in answer.values[:_MOST_NAMES] if f".{name.lower()}".endswith(f".{target}")]
    for name in names:
        found = yield from _match_addresses((name,), SpfTerm("a"), run)
        if found is True:
            return True
    return False


def _look_up(name: str, kind: str, run: _Evaluation) -> Asking[DnsAnswer]:
    answer = yield from ask(name, kind)
    run.void += answer.is_void
    return answer


def _network(value: str, prefix: int) -> IPv4Network | IPv6Network:
    return ip_network(f"{value}/{prefix}", strict=False)


def _trouble(run: _Evaluation, name: str) -> SpfVerdict:
    return _verdict(run, "temperror", error="dns", detail=name)


def _verdict(run: _Evaluation, result: str, error: str = "", detail: str = "") -> SpfVerdict:
    return SpfVerdict(result, error, detail, run.lookups, run.void, run.deprecated)
