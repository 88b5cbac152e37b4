"""The checks there are, and what one finds: seen, and what to do about it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.marking import N_, NOTHING, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable


class Health(enum.Enum):
    """The outcome of a check: only a *problem* makes the command fail."""

    GOOD = "good"
    ADVICE = "advice"
    PROBLEM = "problem"
    UNKNOWN = "unknown"
    """It could not be checked, or there is nothing to check."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found."""

    check: str
    """One of `CHECKS`."""
    health: Health
    seen: Sentence
    advice: Sentence = NOTHING
    """Empty when there is nothing to do."""
    lines: tuple[str, ...] = ()
    """To be copied as they are: records for DNS, lines for the configuration."""

    @property
    def why(self) -> str:
        """Return why the check matters."""
        return CHECKS[self.check]


CHECKS: dict[str, str] = {
    "configuration": N_(
        "Nothing else can be judged, nor sent, before config.toml and its secrets can be read."
    ),
    "rights": N_("Other users of this machine could read secrets and the addresses of readers."),
    "disk": N_("On a full disk nothing is published, and no outcome of a mail can be written down."),
    "clock": N_("Digests go out, links expire and certificates are believed by the clock."),
    "store": N_("Who reads what, and who has had which issue, is known nowhere else."),
    "backup": N_("A disk that dies takes all consents with it, and nobody may be written to again."),
    "network": N_("What others see of this site can only be judged by asking them."),
    "relay": N_("No digest leaves unless a server takes our mails, over an encrypted connection."),
    "sender": N_("Receivers refuse mail from an address whose domain is not yours, or cannot be answered."),
    "spf": N_("SPF says which servers may send for your domain; without it Gmail, Yahoo and Outlook refuse."),
    "dkim": N_("DKIM proves that mails come from you and were not changed; large receivers demand it."),
    "dmarc": N_(
        "DMARC says what becomes of mail that is forged in your name; large receivers demand a record."
    ),
    "alignment": N_("DMARC counts SPF and DKIM only for the domain that readers see in From."),
    "reverse-dns": N_("Receivers refuse servers whose address has no name, or whose name leads elsewhere."),
    "one-click": N_(
        "Mail programs unsubscribe by themselves with a POST; where it fails, readers report spam."
    ),
    "site": N_("Links in feeds and mails lead to the site as others reach it."),
    "feeds": N_("Feed readers are programs: they pass no bot wall and solve no riddle."),
    "test-mail": N_("Only a receiver can say how a mail arrives, and what it proved."),
}
"""Check → why it matters, in the order in which they are shown."""


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order of the checks."""
    order = {name: number for number, name in enumerate(CHECKS)}
    return sorted(findings, key=lambda one: order[one.check])


def is_well(findings: Iterable[Finding]) -> bool:
    """Tell whether no finding is a problem."""
    return all(one.health is not Health.PROBLEM for one in findings)


def good(check: str, seen: str, /, **params: object) -> Finding:
    """Return a finding that all is well."""
    return Finding(check, Health.GOOD, Sentence(seen, **params))


def problem_found(
    check: str, seen: str, advice: str, lines: tuple[str, ...] = (), /, **params: object
) -> Finding:
    """Return a finding of something that has to be mended."""
    return Finding(check, Health.PROBLEM, Sentence(seen, **params), Sentence(advice, **params), lines)


def advice_found(
    check: str, seen: str, advice: str, lines: tuple[str, ...] = (), /, **params: object
) -> Finding:
    """Return a finding of something that works, and could be better."""
    return Finding(check, Health.ADVICE, Sentence(seen, **params), Sentence(advice, **params), lines)


def not_known(check: str, seen: str, advice: str = "", /, **params: object) -> Finding:
    """Return a finding that nothing can be said."""
    return Finding(check, Health.UNKNOWN, Sentence(seen, **params), Sentence(advice, **params))


def unanswered(check: str, name: str) -> Finding:
    """Return a finding that DNS said nothing about a name."""
    return not_known(
        check,
        N_("DNS says nothing about {name} at the moment"),
        N_("try again later, or ask another name server with --dns"),
        name=name,
    )
