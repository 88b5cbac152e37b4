"""Records of the store: people and their consents, issues, deliveries, and what came back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsfeed.model import Message

SUBSCRIBER_STATES = ("pending", "active", "left", "bounced", "complained")
"""``pending`` has asked, but not confirmed; only ``active`` ones are written to."""
DELIVERY_STATES = (
    *("planned", "intent", "accepted", "deferred", "refused"),
    *("unknown", "expired", "suppressed", "left", "withdrawn"),
)
"""``planned`` waits; ``intent`` is on the wire; ``unknown``: the connection broke after the final
dot, so nobody can say. The rest are outcomes; ``deferred`` is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One subscriber's choice of one digest."""

    digest: str
    topics: tuple[str, ...] = ()
    """Only these; empty means all of the digest's."""
    frequency: str = "every"
    """``every`` issue, or ``monthly``: the first one of a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """Somebody who may be written to. The address is personal: it never enters logs or git."""

    id: int = 0
    """The store's number; 0 before it is stored."""
    key: str
    """Random and public: what Message-IDs, tokens and logs name instead of the address."""
    address: str
    name: str = ""
    languages: tuple[str, ...]
    """Editions they read, best first."""
    state: str
    zone: str = ""
    subscriptions: Mapping[str, Subscription] = field(default_factory=dict)
    revision: int = 0
    """Counts saves: who saves an older one has decided on facts that no longer hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The record that somebody agreed or withdrew: what they were shown, when, and how (GDPR 7(1))."""

    subscriber_key: str
    digest: str
    at: datetime
    how: str
    """``import``, ``confirmed``, ``left``, ``one-click``…"""
    wording: str
    """The text they agreed to, or how an importer says consent was given."""
    language: str
    source: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    """How it was given on a page: its address (``page``), what it showed (``form``, ``mail``: hashes of kept
    pages), and the seconds from showing to sending (``filled``).
    """
    previous: str = ""
    """Hash of the consent recorded before this one, over all people: the chain shows gaps."""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class AddressChange:
    """The address that somebody wants to have from now on, until its mailbox has confirmed it."""

    subscriber_id: int
    address: str
    """In its normal form."""
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One digest frozen for one slot."""

    id: int = 0
    digest: str
    slot: str
    """Key of the slot, such as ``2010-02-08T08:00``: unique within the digest."""
    instant: datetime
    created: datetime
    commit: str = ""
    """The git commit of the content, when it is known."""
    content_hash: str = ""
    """Hash of all frozen renderings."""
    revisions: Mapping[str, str] = field(default_factory=dict)
    """Story id → fingerprint of the texts that went out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The mail that one group of an issue's readers gets: frozen before the first message leaves."""

    group: str
    """Name of the group within the issue: a hash of language chain and stories."""
    lang: str
    stories: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    """The headers all of the group share, encoded."""
    body: bytes
    """Everything from ``MIME-Version`` on, CRLF line ends, with the markers of personal slots."""


class WaitingRendering(NamedTuple):
    """A frozen mail that not all of its readers have been sent."""

    issue: Issue
    group: str
    lang: str
    stories: tuple[str, ...]
    readers: tuple[int, ...]  # numbers of some of those who wait for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One issue to one subscriber: one row of the ledger, unique."""

    id: int = 0
    issue_id: int
    subscriber_id: int
    group: str
    state: str = "planned"
    attempts: int = 0
    next_try: datetime | None = None
    """``None`` when there is nothing left to try."""
    message_id: str = ""
    reply: str = ""
    """What the relay said last, on one line."""
    relay: str = ""
    planned_at: datetime | None = None
    intent_at: datetime | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AddressedDelivery:
    """A delivery with its reader and its digest: all that is needed to compose and send the message."""

    delivery: Delivery
    subscriber: Subscriber
    digest: str
    receivers: str = ""
    """The receiver group it was planned for; empty: not known."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An SMTP relay's reply (RFC 5321 4.2, RFC 3463). Code 0: the connection was lost."""

    code: int
    enhanced: str = ""
    """Such as ``5.1.1``; empty when the relay gave none."""
    text: str = ""
    """On one line, without mail addresses: it is kept in the ledger and shown in logs."""
    stage: str = ""
    """What it was said to: ``connect``, ``mail``, ``rcpt``, ``data`` or ``dot``; ``held`` when we
    ourselves held the message back to keep to a rate.
    """
    relay: str = ""
    """Which relay said so, as ``host:port``."""


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """The result of one try to send a message, ready for the ledger."""

    delivery_id: int
    state: str
    next_try: datetime | None
    reply: str
    relay: str


@dataclass(frozen=True, slots=True)
class WaitingMails:
    """The mails that are still to be sent, and are nobody's business at the moment."""

    number: int = 0
    next_try: datetime | None = None
    """The moment of the first next try; ``None``: one of them is due now, or there is none."""
    reason: str = ""
    """The relay's words that most of them wait for; empty when none was tried yet."""
    undecided: Mapping[str, int] = field(default_factory=dict)
    """Issue, as people name it → deliveries that wait for somebody's decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A failure report or a complaint that came back."""

    subscriber_id: int
    delivery_id: int
    at: datetime
    kind: str
    """``hard``, ``soft``, ``policy`` or ``complaint``."""
    status: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMail:
    """A mail to one person that is no issue: a confirmation. Kept until a relay has taken it."""

    id: int = 0
    kind: str
    subscriber_id: int
    message: Message
    created: datetime
    next_try: datetime | None
    attempts: int = 0
    expires: datetime


class PublishedEntry(NamedTuple):
    """One story in the public record of an issue, as it was sent."""

    story: str
    lang: str
    path: str
    """Output path of its page then."""
    title: str
    summary: str


class PublishedGroup(NamedTuple):
    """Stories of one topic in the public record of an issue; without a heading the one that leads."""

    heading: str
    heading_lang: str
    entries: tuple[PublishedEntry, ...]


class PublishedEdition(NamedTuple):
    """An issue in one language, for nobody in particular."""

    lang: str
    subject: str
    title: str
    """Of the digest."""
    intro: str
    note: str
    """The editor's note, as HTML with whole addresses."""
    note_lang: str
    groups: tuple[PublishedGroup, ...]


class PublishedIssue(NamedTuple):
    """The public record of an issue that was sent."""

    digest: str
    key: str
    """Its name in addresses: the day of its slot."""
    slot: str
    instant: datetime
    editions: Mapping[str, PublishedEdition]


WEBSUB_TASKS = ("ping", "verify", "deliver")
"""Kinds of `WebSubTask`: tell a hub that a feed has changed; ask a subscriber whether it was them; send a
subscriber the feed.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSubTask:
    """A request to be made because a feed has changed, or somebody wants to follow one (W3C WebSub)."""

    id: int = 0
    kind: str
    """One of `WEBSUB_TASKS`."""
    topic: str
    """The feed's address."""
    target: str
    """The hub, or the subscriber's callback."""
    mode: str = ""
    """To verify: ``subscribe`` or ``unsubscribe``."""
    secret: str = ""
    """To verify: what the subscriber wants to have its feeds signed with; may be empty."""
    lease: int = 0
    """To verify: seconds for which the subscription is to last."""
    created: datetime
    next_try: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSubSubscription:
    """Somebody who follows a feed over our own hub, and has said so."""

    topic: str
    callback: str
    secret: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class BatchLease:
    """The right to send the deliveries of one batch, for some time."""

    batch: int
    number: int
    """Counts the leases of a batch: whoever has an older one writes nothing any more."""

    @property
    def owner(self) -> str:
        """Return the name that deliveries taken up under this lease carry: the fence of every result."""
        return f"{LEASE_PREFIX}{self.batch}-{self.number}"


LEASE_PREFIX = "batch-"
"""Beginning of the owners that are leases; a process's name begins with a digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRecord:
    """A process that runs tasks, on this machine or another."""

    name: str
    host: str
    queues: tuple[str, ...]
    concurrency: int
    started: datetime
    seen: datetime
    """Its last sign of life, by the database's clock."""


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """The batches of deliveries that are not finished."""

    open: int = 0
    held: int = 0
    """Of them, somebody sends these now."""
    oldest: datetime | None = None
    """Since this moment the delivery is due that has waited longest for somebody to take it."""
