"""Check the way of mails: the relay, and what DNS says about the domain they come from."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING

from newsfeed.connections import is_public
from newsfeed.core.checkup import domain_findings
from newsfeed.core.checkup.dkim_record import find_published_key
from newsfeed.core.checkup.dmarc import find_refusing, walk_tree
from newsfeed.core.checkup.finding import Finding, Health
from newsfeed.core.checkup.relay_findings import judge_relay
from newsfeed.core.checkup.reverse_names import find_reverse_names
from newsfeed.core.checkup.spf import check_spf, survey_spf
from newsfeed.core.checkup.spf_findings import judge_spf
from newsfeed.core.checkup.spf_record import SpfSender
from newsfeed.core.people.hosts import is_this_machine
from newsfeed.errors import NewsfeedError
from newsfeed.service_ports import DnsQuestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.checkup.context import CheckupContext


def check_relays(context: CheckupContext) -> list[Finding]:
    """Talk with each relay, and look at the names of its address."""
    found = []
    for relay in context.relays:
        try:
            probe = context.probe_relay(relay)
        except (
            NewsfeedError
        ) as error:  # its password or certificate cannot be read: others are asked all the same
            found.append(Finding("relay", Health.UNKNOWN, error.sentence, error.advice))
            continue
        near, login = is_this_machine(relay.host), bool(relay.username)
        found.append(judge_relay(probe, context.now, is_near=near, has_login=login))
        if probe.failure and not probe.address:
            continue
        if is_public(probe.address):
            names = context.ask(find_reverse_names(ip_address(probe.address)))
            found.append(domain_findings.judge_reverse_names(probe.relay, probe.called, names))
        else:
            found.append(domain_findings.judge_unseen_address(probe.relay))
    return found


def check_sender(context: CheckupContext) -> list[Finding]:
    """Look whether the domains that write and are written back to are ours, and take mail."""
    found = []
    for domain in dict.fromkeys((context.author, context.returns)):
        servers = context.resolver.resolve(DnsQuestion(domain, "MX"))
        addresses = [context.resolver.resolve(DnsQuestion(domain, kind)) for kind in ("A", "AAAA")]
        found.append(domain_findings.judge_sender(domain, servers, addresses))
    return found


def check_spf_record(context: CheckupContext) -> list[Finding]:
    """Evaluate the record of the domain that mails come back to, for each server of ours that others see."""
    domain = context.returns
    survey = context.ask(survey_spf(domain))
    hosts = (context.direct.hello,) if context.direct else [relay.host for relay in context.relays]
    verdicts = {
        str(address): context.ask(check_spf(domain, SpfSender(address, domain=domain)))
        for host in hosts
        for address in public_addresses(context, host)
    }
    return judge_spf(domain, survey, verdicts, is_direct=context.direct is not None)


def public_addresses(context: CheckupContext, host: str) -> Iterator[IPv4Address | IPv6Address]:
    """Yield the addresses of a host that others can reach."""
    try:
        values: tuple[str, ...] = (str(ip_address(host)),)
    except ValueError:
        answers = [context.resolver.resolve(DnsQuestion(host, kind)) for kind in ("A", "AAAA")]
        values = tuple(value for answer in answers for value in answer.values)
    yield from (ip_address(value) for value in values if is_public(value))


def check_keys(context: CheckupContext) -> list[Finding]:
    """Compare the keys that sign with those in DNS."""
    if not context.settings.mail.dkim:
        return [domain_findings.judge_unsigned(is_direct=context.direct is not None)]
    return [domain_findings.judge_key(key, context.ask(find_published_key(key))) for key in context.keys]


def check_policy(context: CheckupContext) -> list[Finding]:
    """Look for the DMARC record, and whether what is proved speaks for the author."""
    author = context.ask(walk_tree(context.author))
    returns = context.ask(walk_tree(context.returns))
    signers = [context.ask(walk_tree(domain)) for domain in dict.fromkeys(key.domain for key in context.keys)]
    record = author.applied
    refusing = context.ask(find_refusing(record)) if record is not None else ()
    return [
        *domain_findings.judge_policy(author),
        *domain_findings.judge_refused_reports(record.domain if record else "", refusing),
        *domain_findings.judge_alignment(author, returns, signers),
    ]
