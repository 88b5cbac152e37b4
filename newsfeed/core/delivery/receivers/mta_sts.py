"""Read what a domain demands of those who send to it: MTA-STS (RFC 8461)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.people.hosts import is_domain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_RECORD = re.compile(r"v=STSv1[ \t]*(?:;|$)")
_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_AGE = re.compile(r"[0-9]{1,10}")
_LONGEST = 31_557_600
"""Seconds: a year (RFC 8461 3.2)."""
MODES = ("enforce", "testing", "none")


@dataclass(frozen=True, slots=True)
class StsPolicy:
    """The servers that a domain's mail may go to, and for how long that holds."""

    mode: str
    """``enforce``; ``testing`` and ``none`` demand nothing."""
    patterns: tuple[str, ...]
    """Names of servers in small letters; ``*.`` at the start stands for one label."""
    max_age: int
    """Seconds."""

    @property
    def is_binding(self) -> bool:
        """True when mail must not leave any other way."""
        return self.mode == "enforce"

    def covers(self, host: str) -> bool:
        """Tell whether mail may go to a server, by its name.

        >>> policy = StsPolicy("enforce", ("mx.example.org", "*.example.net"), 86400)
        >>> [policy.covers(host) for host in ("mx.example.org", "a.example.net", "a.b.example.net")]
        [True, True, False]
        """
        _, dot, parent = host.lower().partition(".")
        return host.lower() in self.patterns or f"*{dot}{parent}" in self.patterns


def find_policy_id(texts: Iterable[str]) -> str:
    """Return the id in the TXT records of ``_mta-sts.`` and a domain; empty when there is no policy, which
    several records mean, too (RFC 8461 3.1).
    """
    records = [text for text in texts if _RECORD.match(text)]
    if len(records) != 1:
        return ""
    fields = [field.strip(" \t").partition("=") for field in records[0].split(";")]
    found = [value for key, _, value in fields if key == "id"]
    return found[0] if found and _ID.fullmatch(found[0]) else ""


def parse_policy(data: bytes) -> StsPolicy | None:
    """Return the policy that a web server gave out; ``None`` when it is none (RFC 8461 3.2)."""
    text = data.decode("utf-8", "replace")
    fields: dict[str, list[str]] = {}
    for line in text.replace("\r\n", "\n").split("\n"):
        key, colon, value = line.partition(":")
        if colon:
            fields.setdefault(key.strip(" \t"), []).append(value.strip(" \t"))
    version, mode, age = (fields.get(key, [""])[0] for key in ("version", "mode", "max_age"))
    patterns = tuple(one.lower().rstrip(".") for one in fields.get("mx", ()))
    if version != "STSv1" or mode not in MODES or not _AGE.fullmatch(age):
        return None
    if not all(map(_is_pattern, patterns)) or (mode != "none" and not patterns):
        return None
    return StsPolicy(mode, patterns, min(int(age), _LONGEST))


def sort_out(hosts: Sequence[str], policy: StsPolicy | None) -> tuple[str, ...]:
    """Return the servers that mail may go to, in their order."""
    if policy is None or not policy.is_binding:
        return tuple(hosts)
    return tuple(host for host in hosts if policy.covers(host))


def _is_pattern(text: str) -> bool:
    return is_domain(text.removeprefix("*."))
