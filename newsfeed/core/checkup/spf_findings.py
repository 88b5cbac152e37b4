"""Judge what SPF says about the servers that send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.checkup.finding import Finding, advice_found, good, problem_found, unanswered
from newsfeed.core.checkup.spf import MOST_LOOKUPS, MOST_VOID, SpfVerdict
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

_MEND = N_("mend the record: until then it counts as none")
_ERRORS = {
    "several": (
        N_("{detail} has several SPF records"),
        N_("join them to one: until then they count as none"),
    ),
    "syntax": (N_("“{detail}” in the SPF record of {domain} is no term"), _MEND),
    "missing": (
        N_("the SPF record of {domain} includes {detail}, which has none"),
        N_("take the include out: until then the whole record is an error"),
    ),
    "loop": (N_("the SPF record of {domain} leads in a circle, at {detail}"), _MEND),
    "names": (N_("{detail} in the SPF record of {domain} has more than ten mail servers"), _MEND),
}
"""Error → what is seen, and what to do."""


def judge_spf(
    domain: str, survey: SpfVerdict, relays: Mapping[str, SpfVerdict], *, is_direct: bool = False
) -> list[Finding]:
    """Judge a domain's record. ``survey``: of somebody it should not know; ``relays``: public address of a
    relay → the verdict about it. ``is_direct``: this machine is the relay, and sends from these addresses.
    """
    fault = _find_fault(domain, survey, relays)
    if fault is not None:
        return [fault]
    found = [
        _judge_stranger(domain, address, is_direct=is_direct)
        for address, verdict in relays.items()
        if verdict.result in ("fail", "softfail", "neutral")
    ]
    params = {"domain": domain, "number": survey.lookups, "most": MOST_LOOKUPS}
    if found:
        return found
    unsure = [verdict for verdict in relays.values() if verdict.result in ("temperror", "permerror")]
    if unsure:
        return [unanswered("spf", unsure[0].detail or domain)]
    if not relays:
        return [
            good("spf", N_("the SPF record of {domain} takes {number} of {most} look-ups"), **params),
        ]
    return [
        good(
            "spf",
            N_("the SPF record of {domain} names the relay, and takes {number} of {most} look-ups")
            if not is_direct
            else N_("the SPF record of {domain} names this machine, and takes {number} of {most} look-ups"),
            **params,
        )
    ]


def _judge_stranger(domain: str, address: str, *, is_direct: bool) -> Finding:
    """Judge an address of ours that the record does not know."""
    if is_direct:
        return problem_found(
            "spf",
            N_("the SPF record of {domain} does not name {address}, from which mails are sent"),
            N_("add it: {term}"),
            domain=domain,
            address=address,
            term=_term(address),
        )
    return advice_found(
        "spf",
        N_("the SPF record of {domain} does not name {address}, where the relay is reached"),
        N_("add it, unless the relay sends from other addresses: newsfeed doctor --send-test shows them"),
        domain=domain,
        address=address,
    )


def _term(address: str) -> str:
    return f"ip6:{address}" if ":" in address else f"ip4:{address}"


def _find_fault(domain: str, survey: SpfVerdict, relays: Mapping[str, SpfVerdict]) -> Finding | None:
    params = {"domain": domain, "detail": survey.detail, "number": survey.lookups, "most": MOST_LOOKUPS}
    if survey.result == "temperror":
        return unanswered("spf", survey.detail)
    if survey.result == "none":
        return problem_found(
            "spf",
            N_("{domain} has no SPF record"),
            N_("publish one with all servers that send for it, such as:"),
            (_propose(domain, relays),),
            **params,
        )
    if survey.error in _ERRORS:
        return problem_found("spf", *_ERRORS[survey.error], **params)
    if survey.lookups > MOST_LOOKUPS:
        return problem_found(
            "spf",
            N_("the SPF record of {domain} takes {number} look-ups; receivers stop at {most}, and it fails"),
            N_("take out includes of services that you do not use, or put addresses in their place"),
            **params,
        )
    if survey.void > MOST_VOID:
        return problem_found(
            "spf",
            N_("the SPF record of {domain} asks for {number} names without records; {most} may be"),
            N_("take out what leads nowhere"),
            **{**params, "number": survey.void, "most": MOST_VOID},
        )
    return _find_weakness(survey, params)


def _find_weakness(survey: SpfVerdict, params: Mapping[str, object]) -> Finding | None:
    if survey.result == "pass":
        return problem_found(
            "spf",
            N_("the SPF record of {domain} lets everybody send"),
            N_("let it end with ~all or -all"),
            **params,
        )
    if survey.result == "neutral":
        return advice_found(
            "spf",
            N_("the SPF record of {domain} says nothing about servers that it does not name"),
            N_("let it end with ~all or -all"),
            **params,
        )
    if survey.deprecated:
        return advice_found(
            "spf",
            N_("the SPF record of {domain} uses ptr, which many receivers do not ask for"),
            N_("put addresses in its place"),
            **params,
        )
    return None


def _propose(domain: str, relays: Mapping[str, SpfVerdict]) -> str:
    """Return a record that names the relays that are known."""
    terms = [*map(_term, relays)] or ["mx"]
    return f'{domain}. IN TXT "v=spf1 {" ".join(terms)} ~all"'
