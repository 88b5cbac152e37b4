"""The interfaces for sending by receivers: what is known of a group of them, and of their servers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverState:
    """One group of receivers, as all our machines have seen it of late; kept over restarts."""

    name: str
    allowed: int = 0
    """Connections that slow start allows at present; 0: as many as its limits say."""
    carried: int = 0
    """Messages taken since that number changed."""
    next_turn: datetime | None = None
    """When the next message may leave, where there is a rate."""
    paused_until: datetime | None = None
    pauses: int = 0
    """In a row: each is longer than the one before."""
    reason: str = ""
    """Why it is paused, or was last: the server's words, or ``unknown`` or ``complaints``."""
    counted_since: datetime | None = None
    """When the counts of what was sent and of complaints began."""
    sent: int = 0
    complaints: int = 0
    latest: int = 0
    """Messages among which unknown users are counted: fewer than those sent."""
    unknown: int = 0


class ReceiverBook(Protocol):
    """Keeps what is known of groups of receivers, and who has connections to them, over all our machines."""

    def read(self) -> Mapping[str, ReceiverState]:
        """Return all groups of which something is known."""

    def change(
        self, changes: Mapping[str, Callable[[ReceiverState], ReceiverState]]
    ) -> Mapping[str, ReceiverState]:
        """Replace what is known of some groups, together, while nobody else does; return it."""

    def take_connection(self, name: str, owner: str, most: int) -> bool:
        """Note one more connection of an owner, unless all living owners together have ``most`` of them."""

    def leave_connection(self, name: str, owner: str) -> None:
        """Note that one of an owner's connections is closed."""


@dataclass(frozen=True, slots=True)
class MailHosts:
    """The servers that take a domain's mail (RFC 5321 5.1)."""

    hosts: tuple[str, ...] = ()
    """Best first. A domain without MX is its own server. Empty: none is known."""
    refuses: bool = False
    """The domain takes no mail (RFC 7505), or there is no such domain."""


@dataclass(frozen=True, slots=True)
class KnownHosts:
    """The servers of a domain, as DNS said, and until when that is good."""

    found: MailHosts
    good_until: datetime


class MailDomains(Protocol):
    """Keeps the servers that take the mail of domains, as DNS said last."""

    def of_readers(self) -> Sequence[str]:
        """Return the domains of all who are written to, those of most of them first."""

    def read(self) -> Mapping[str, KnownHosts]:
        """Return what is known of all domains, however old."""

    def keep(self, found: Mapping[str, KnownHosts]) -> None:
        """Keep what was found out, in place of what was known of these domains."""


class MailHostFinder(Protocol):
    """Finds the servers that take a domain's mail."""

    def find(self, domain: str) -> MailHosts:
        """Return the servers of a domain, as DNS says now. Never raises, and takes some seconds at most."""
