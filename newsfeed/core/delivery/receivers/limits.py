"""Say how much one group of receivers takes, and what makes us stop."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverLimits:
    """The most that one group of receivers gets from all our machines together."""

    connections: int = 10
    """At the same time."""
    messages: int = 100
    """On one connection."""
    per_second: float = 0.0
    """Messages; 0: as fast as they are taken."""
    pause: timedelta = timedelta(minutes=5)
    """The first pause after "not so fast" (421, 4.7.x); each further one is twice as long."""
    longest_pause: timedelta = timedelta(hours=4)
    most_unknown: float = 0.05
    """Share of unknown users among the latest messages above which the group is paused; 0: never."""
    most_complaints: float = 0.003
    """Share of complaints above which the group is paused; 0: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverGroup:
    """Receivers whose mail is taken by servers of one owner."""

    name: str
    """Such as ``orange``; of a group that is not configured, the domain of its servers."""
    mx: tuple[str, ...] = ()
    """Ends of the names of their servers: ``google.com`` is also ``aspmx.l.google.com``."""
    domains: tuple[str, ...] = ()
    """Domains that belong to it, also while DNS cannot be asked."""
    limits: ReceiverLimits = field(default_factory=ReceiverLimits)
