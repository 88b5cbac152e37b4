"""Judge what DNS says about the domain that mails come from: sender, DKIM, DMARC and alignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.checkup.dkim_record import KeyState, PublicKey, PublishedKey, write_zone_lines
from newsfeed.core.checkup.dmarc import DmarcWalk, is_aligned
from newsfeed.core.checkup.finding import (
    Finding,
    advice_found,
    good,
    not_known,
    problem_found,
    unanswered,
)
from newsfeed.core.checkup.freemail import is_freemail
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsfeed.core.checkup.reverse_names import ReverseNames
    from newsfeed.service_ports import DnsAnswer

_NO_MAIL = "."
"""The MX of a domain that takes no mail (RFC 7505)."""
_PUBLISH = N_("publish this record:")
_KEY_FAULTS = {
    KeyState.MISSING: (N_("there is no DKIM key at {name}"), _PUBLISH),
    KeyState.OTHER: (
        N_("the DKIM key at {name} is another one than that which signs"),
        N_("replace the record by this one, or sign with its key:"),
    ),
    KeyState.REVOKED: (
        N_("the DKIM key at {name} is revoked: p= is empty"),
        N_("make a new key with newsfeed dkim --selector; a name that was revoked stays so"),
    ),
    KeyState.SEVERAL: (
        N_("there are several DKIM keys at {name}: receivers take any of them"),
        N_("leave this one alone there:"),
    ),
    KeyState.MALFORMED: (N_("what is at {name} is no DKIM key"), N_("replace the record by this one:")),
}
"""State → what is seen, and what to do."""


def judge_sender(domain: str, servers: DnsAnswer, addresses: Sequence[DnsAnswer]) -> Finding:
    """Judge one of the domains that write or are answered. ``servers``: its MX; ``addresses``: A and AAAA."""
    if is_freemail(domain):
        return problem_found(
            "sender",
            N_("mails come from {domain}, where everybody can have an address"),
            N_("write from a domain of your own: such providers let others refuse mail that is not theirs"),
            domain=domain,
        )
    if servers.is_trouble:
        return unanswered("sender", domain)
    is_reached = bool(servers.values) or any(one.values or one.is_trouble for one in addresses)
    if not is_reached or servers.values == (_NO_MAIL,):
        return problem_found(
            "sender",
            N_("{domain} takes no mail: answers and bounces have nowhere to go"),
            N_("give it an MX record, or write from a domain that has one"),
            domain=domain,
        )
    return good("sender", N_("{domain} takes mail"), domain=domain)


def judge_no_author() -> Finding:
    """Judge a site that does not say who writes."""
    return problem_found(
        "sender",
        N_("config.toml does not say who writes"),
        N_("add to config.toml: {line}"),
        line='[mail] from = "Newsroom <news@example.org>"',
    )


def judge_key(key: PublicKey, published: PublishedKey) -> Finding:
    """Judge a key's record."""
    if published.state is KeyState.UNKNOWN:
        return unanswered("dkim", key.name)
    if published.state in _KEY_FAULTS:
        seen, advice = _KEY_FAULTS[published.state]
        lines = () if published.state is KeyState.REVOKED else write_zone_lines(key)
        return problem_found("dkim", seen, advice, lines, name=key.name)
    if published.forbids:
        return problem_found(
            "dkim",
            N_("the DKIM key at {name} may not be used for this: {tag}= forbids it"),
            N_("replace the record by this one:"),
            write_zone_lines(key),
            name=key.name,
            tag=published.forbids,
        )
    if published.is_testing:
        return advice_found(
            "dkim",
            N_("the DKIM key at {name} is for trials only: t=y"),
            N_("when all works, replace the record by this one:"),
            write_zone_lines(key),
            name=key.name,
        )
    return good("dkim", N_("{name} holds the key that signs"), name=key.name)


def judge_unsigned(*, is_direct: bool) -> Finding:
    """Judge a site that has no keys: its relay may have some. ``is_direct``: there is no relay."""
    if is_direct:
        return problem_found(
            "dkim", N_("nobody signs what is sent from here"), N_("make keys with newsfeed dkim")
        )
    return advice_found(
        "dkim",
        N_("newsfeed does not sign; whether the relay does cannot be seen from here"),
        N_("make keys with newsfeed dkim, or look at a mail with newsfeed doctor --send-test"),
    )


def judge_policy(walk: DmarcWalk) -> list[Finding]:
    """Judge the DMARC record for a domain."""
    record = walk.applied
    if record is None:
        return [_judge_no_policy(walk)]
    if not record.policy:
        return [
            problem_found(
                "dmarc",
                N_("the DMARC record of {name} says nothing: it has no p= that means something"),
                N_("write p=none, p=quarantine or p=reject into it"),
                name=record.domain,
            )
        ]
    own = record.domain == walk.domain
    policy = record.policy if own or not record.subdomain_policy else record.subdomain_policy
    if not record.reports:
        return [
            advice_found(
                "dmarc",
                N_("the DMARC record of {name} says {policy}, and nobody gets reports"),
                N_("add rua=mailto: and an address: reports show who sends in your name, and what fails"),
                name=record.domain,
                policy=policy,
            )
        ]
    return [good("dmarc", N_("the DMARC record of {name} says {policy}"), name=record.domain, policy=policy)]


def judge_refused_reports(name: str, refusing: Iterable[str]) -> list[Finding]:
    """Judge the domains that do not accept reports about another one."""
    return [
        advice_found(
            "dmarc",
            N_("reports about {name} are not sent to {other}, which has not agreed to get them"),
            N_("take an address of your own domain for rua=, or let {other} publish this:"),
            (f'{name}._report._dmarc.{other}. IN TXT "v=DMARC1"',),
            name=name,
            other=other,
        )
        for other in refusing
    ]


def _judge_no_policy(walk: DmarcWalk) -> Finding:
    if walk.trouble:
        return unanswered("dmarc", f"_dmarc.{walk.trouble}")
    if walk.several:
        return problem_found(
            "dmarc",
            N_("{name} has several DMARC records, which count as none"),
            N_("leave one of them at _dmarc.{name}"),
            name=walk.several,
        )
    line = f'_dmarc.{walk.domain}. IN TXT "v=DMARC1; p=none; rua=mailto:postmaster@{walk.domain}"'
    return problem_found(
        "dmarc",
        N_("there is no DMARC record for {name}, nor for a domain above it"),
        N_("publish one, for a start this; the address gets reports:"),
        (line,),
        name=walk.domain,
    )


def judge_alignment(author: DmarcWalk, returns: DmarcWalk, signers: Iterable[DmarcWalk]) -> list[Finding]:
    """Judge which of the domains that are proved speak for the author's. Without a DMARC record it does not
    matter yet, and there is no finding.
    """
    record = author.applied
    if record is None:
        return []
    signing = list(signers)
    signed = [one for one in signing if is_aligned(author, one, strict=record.strict_dkim)]
    returned = is_aligned(author, returns, strict=record.strict_spf)
    params = {"author": author.domain, "returns": returns.domain, "signer": (signing or [author])[0].domain}
    if signed and returned:
        return [good("alignment", N_("SPF and DKIM both speak for {author}"), **params)]
    if signed:
        return [
            advice_found(
                "alignment",
                N_("DKIM speaks for {author}; SPF does not: mails come back to {returns}"),
                N_("take a bounce_address at {author}, so that one may fail"),
                **params,
            )
        ]
    if not returned:
        return [
            problem_found(
                "alignment",
                N_("neither SPF nor DKIM speaks for {author}: every mail fails DMARC"),
                N_("sign for {author}, and take a bounce_address there"),
                **params,
            )
        ]
    if signing:
        return [
            advice_found(
                "alignment",
                N_("SPF speaks for {author}; DKIM does not: {signer} signs"),
                N_("sign for {author}: SPF fails wherever mail is forwarded"),
                **params,
            )
        ]
    return [good("alignment", N_("SPF speaks for {author}"), **params)]


def judge_reverse_names(relay: str, called: str, found: ReverseNames) -> Finding:
    """Judge the names of a relay's address. ``called``: what it calls itself."""
    params = {"relay": relay, "address": found.address, "name": (found.names or ("",))[0], "called": called}
    if found.is_unknown:
        return unanswered("reverse-dns", found.address)
    if not found.names:
        return problem_found(
            "reverse-dns",
            N_("{address} of {relay} has no name"),
            N_("let whoever runs its network publish a PTR record with the relay’s name"),
            **params,
        )
    if not found.confirmed:
        return problem_found(
            "reverse-dns",
            N_("{address} of {relay} is called {name}, which does not lead back there"),
            N_("give {name} an address record with {address}, or let the PTR record be changed"),
            **params,
        )
    if called and called.lower() not in found.confirmed:
        return advice_found(
            "reverse-dns",
            N_("{address} is called {name}, but {relay} calls itself {called}"),
            N_("let both names be the same, where the relay is yours"),
            **params,
        )
    return good(
        "reverse-dns",
        N_("{address} and {name} lead to one another"),
        **{**params, "name": found.confirmed[0]},
    )


def judge_unseen_address(relay: str) -> Finding:
    """Judge a relay inside our own network: what it sends from is known to others only."""
    return not_known(
        "reverse-dns",
        N_("{relay} is in this network: from which address it sends cannot be seen here"),
        N_("look at a mail with newsfeed doctor --send-test"),
        relay=relay,
    )
