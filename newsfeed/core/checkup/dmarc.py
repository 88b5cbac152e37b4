"""Find a domain's DMARC policy and its organisational domain by the tree walk of RFC 9989 (section 4.10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.checkup.asking import Asking, ask
from newsfeed.core.checkup.tag_lists import parse_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

POLICIES = ("none", "quarantine", "reject")
_MOST_REPORTS = 5
"""Domains that get reports: who names more is not served by all senders of them."""
_MOST_LABELS = 8
"""Longer domains lose all but one less at the first step up: eight questions in all."""


@dataclass(frozen=True, slots=True)
class DmarcRecord:
    """A record, with the defaults of what it does not say."""

    domain: str
    policy: str = ""
    """Empty: it has none that means something, and reports are not wanted either: it says nothing."""
    subdomain_policy: str = ""
    psd: str = "u"
    strict_spf: bool = False
    strict_dkim: bool = False
    reports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DmarcWalk:
    """All that a walk from a domain up to the root found, the longest name first."""

    domain: str
    records: tuple[DmarcRecord, ...] = ()
    several: str = ""
    """The first name with more than one record: they count as none."""
    trouble: str = ""
    """The first name that DNS said nothing about."""

    @property
    def organisation(self) -> str:
        """Return the organisational domain (4.10.2)."""
        for record in self.records:
            if record.psd == "n":
                return record.domain
            if record.psd == "y" and record.domain != self.domain:
                labels = self.domain.split(".")
                return ".".join(labels[-record.domain.count(".") - 2 :])
        return self.records[-1].domain if self.records else self.domain

    @property
    def applied(self) -> DmarcRecord | None:
        """Return the record that counts for mails from the domain: its own, that of its organisation, or that
        of the public suffix above (4.10.1).
        """
        wanted = [self.domain, self.organisation]
        suffixes = [record.domain for record in self.records if record.psd == "y"]
        by_domain = {record.domain: record for record in self.records}
        return next((by_domain[name] for name in (*wanted, *suffixes) if name in by_domain), None)


def walk_tree(domain: str) -> Asking[DmarcWalk]:
    """Ask for the records of a domain and of those above it."""
    domain = domain.lower().rstrip(".")
    records: list[DmarcRecord] = []
    several = trouble = ""
    for name in list_targets(domain):
        answer = yield from ask(f"_dmarc.{name}", "TXT")
        found = [record for text in answer.values if (record := parse_dmarc(name, text)) is not None]
        if answer.is_trouble:
            trouble = trouble or name
        elif len(found) > 1:
            several = several or name
        elif found:
            records.append(found[0])
            if found[0].psd in ("y", "n"):
                break
    return DmarcWalk(domain, tuple(records), several, trouble)


def list_targets(domain: str) -> Iterator[str]:
    """Yield the names that a walk asks at, eight at most."""
    labels = domain.split(".")
    yield domain
    rest = labels[1:] if len(labels) < _MOST_LABELS else labels[-_MOST_LABELS + 1 :]
    for at in range(len(rest)):
        yield ".".join(rest[at:])


def parse_dmarc(domain: str, text: str) -> DmarcRecord | None:
    """Return the record in a text; ``None`` when it is none. What is wrong in it counts as not said (4.7)."""
    tags: dict[str, str] = {}
    for number, part in enumerate(text.split(";")):
        found = parse_tags(part) if part.strip() else []
        if number == 0 and found != [("v", "DMARC1")]:
            return None
        for name, value in found or ():
            tags.setdefault(name.lower(), value)
    reports = tuple(
        one.strip() for one in tags.get("rua", "").split(",") if one.strip().lower().startswith("mailto:")
    )
    policy, sub = tags.get("p", "").lower(), tags.get("sp", "").lower()
    is_whole = policy in POLICIES and sub in ("", *POLICIES)
    if not is_whole:  # 4.10.1: reports are wanted, so mails are only looked at
        policy, sub = ("none", "") if reports else ("", "")
    psd = tags.get("psd", "u").lower()
    return DmarcRecord(
        domain,
        policy,
        sub,
        psd if psd in ("y", "n") else "u",
        strict_spf=tags.get("aspf", "r").lower() == "s",
        strict_dkim=tags.get("adkim", "r").lower() == "s",
        reports=reports,
    )


def find_refusing(record: DmarcRecord) -> Asking[tuple[str, ...]]:
    """Return the domains that reports are wanted at and that have not agreed to it (RFC 9990, section 4):
    nothing is sent there.
    """
    addresses = (one.partition("!")[0].rpartition("@") for one in record.reports)
    wanted = (domain.lower().rstrip(".") for local, _, domain in addresses if local)
    own = yield from walk_tree(record.domain)
    refusing = []
    for domain in list(dict.fromkeys(filter(None, wanted)))[:_MOST_REPORTS]:
        other = yield from walk_tree(domain)
        if is_aligned(own, other, strict=False):
            continue
        answer = yield from ask(f"{record.domain}._report._dmarc.{domain}", "TXT")
        agreed = any(parse_dmarc(domain, text) is not None for text in answer.values)
        if not agreed and not answer.is_trouble:
            refusing.append(domain)
    return tuple(refusing)


def is_aligned(author: DmarcWalk, other: DmarcWalk, *, strict: bool) -> bool:
    """Tell whether a domain that was proved speaks for that of the author (section 4.4)."""
    if strict or author.domain == other.domain:
        return author.domain == other.domain
    return author.organisation == other.organisation
