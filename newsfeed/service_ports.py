"""Further interfaces: behind readers' pages, for mails that come back, and towards other servers."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from newsfeed.marking import NOTHING, Sentence

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from datetime import datetime

    from newsfeed.instance_records import StoreMark
    from newsfeed.receiver_ports import MailHostFinder
    from newsfeed.records import (
        AddressChange,
        AddressedDelivery,
        Bounce,
        ServiceMail,
        WebSubSubscription,
        WebSubTask,
    )


class ShownPages(Protocol):
    """Keeps what people were shown when they agreed: pages and mails that name nobody."""

    def keep(self, text: str) -> str:
        """Keep a page; return its hash (SHA-256, hexadecimal). Repeating is no error."""

    def find(self, page_hash: str) -> str:
        """Return a page; empty when there is none of this hash, or when it is not as it was shown."""


class AddressChanges(Protocol):
    """Keeps the addresses that people want to have from now on, until both ends have agreed."""

    def keep(self, change: AddressChange) -> None:
        """Keep a change in place of the person's one before. Raises `newsfeed.errors.StaleError` when they
        were erased.
        """

    def find(self, subscriber_id: int) -> AddressChange | None:
        """Return the change of a person that waits; ``None`` without one."""

    def forget(self, subscriber_id: int, address: str = "") -> bool:
        """Forget the change of a person, or only one to this address; tell whether there was one. Of several
        who do so at the same time, one is told that there was.
        """

    def forget_expired(self, now: datetime) -> int:
        """Forget the changes that nobody has agreed to in time; return how many."""


@dataclass(frozen=True, slots=True)
class MailLimit:
    """A limit of mails of one kind to one person since a moment."""

    most: int
    since: datetime


class Outbox(Protocol):
    """Keeps service mails until a relay has them."""

    def add(self, mail: ServiceMail, limit: MailLimit | None = None) -> int:
        """Keep a mail to be sent; return its number. With a ``limit`` nothing is kept, and 0 returned, when
        the person was meant to get as many of its kind, however many ask at the same time.
        """

    def due(self, now: datetime, limit: int) -> Sequence[ServiceMail]:
        """Return the mails to try now, nobody else's for ten minutes; expired ones are deleted, not sent. A
        clock that was set back keeps none waiting, as with `newsfeed.ports.SendQueue.claim`.
        """

    def reschedule(self, mail_id: int, next_try: datetime | None) -> None:
        """Try a mail again at a moment; forget it when it was sent or given up (``None``)."""

    def count(self, subscriber_id: int, kind: str, since: datetime) -> int:
        """Return how many mails of a kind a person was meant to get since a moment."""


class Bounces(Protocol):
    """Keeps failure reports and complaints."""

    def delivery(self, delivery_id: int) -> AddressedDelivery | None:
        """Return the delivery a returned mail is about."""

    def delivery_of(self, subscriber_id: int, message_id: str) -> AddressedDelivery | None:
        """Return the delivery to one person whose message had this Message-ID."""

    def add(self, bounce: Bounce) -> bool:
        """Keep a bounce; ``False`` when it is known already, which is the same kind about the same
        delivery, or when nobody is left to keep it for.
        """

    def of_subscriber(self, subscriber_id: int, since: datetime) -> Sequence[Bounce]:
        """Return a person's bounces since a moment, oldest first."""


class Mailbox(Protocol):
    """A place where returned mails arrive."""

    def messages(self, most: int) -> Generator[bytes, None, None]:
        """Yield up to ``most`` new messages, oldest first, each cut at
        `newsfeed.core.bounces.mime.SIZE_LIMIT`.

        One is done with, and never offered again, when the next is asked for, not before: so
        nothing is lost when its reader dies. Raises `newsfeed.errors.OutsideError`.
        """


class InstanceBook(Protocol):
    """Keeps the mark by which a store knows the place that it is sent from."""

    def read(self) -> StoreMark | None:
        """Return the store's mark; ``None`` when nobody has sent from it yet."""

    def begin(self, mark: StoreMark) -> None:
        """Give the store its first mark; of several processes that do so at once, the first one's stays."""

    def write(self, mark: StoreMark) -> None:
        """Give the store a mark in place of its own."""

    def advance(self) -> StoreMark | None:
        """Let the generation grow by one; return the mark, ``None`` when there is none."""


class WebSubBook(Protocol):
    """Keeps who follows which feed over our own hub, and which requests are to be made."""

    def add(self, tasks: Sequence[WebSubTask]) -> None:
        """Keep tasks; each takes the place of one with its kind, topic and target."""

    def due(self, now: datetime, limit: int) -> Sequence[WebSubTask]:
        """Return tasks to do now, nobody else's for two minutes. A clock that was set back keeps none waiting
        for longer than a day.
        """

    def finish(self, task: WebSubTask) -> None:
        """Forget a task that was done or given up, unless another has taken its place meanwhile."""

    def reschedule(self, task: WebSubTask, next_try: datetime) -> None:
        """Do a task again at a moment, unless another has taken its place meanwhile."""

    def subscribe(self, subscription: WebSubSubscription) -> None:
        """Keep a subscription in place of the one of its topic and callback."""

    def unsubscribe(self, topic: str, callback: str) -> None:
        """Forget a subscription; it is no error when there is none."""

    def subscription(self, topic: str, callback: str, now: datetime) -> WebSubSubscription | None:
        """Return a subscription that has not expired."""

    def subscribers(self, topic: str, now: datetime) -> Sequence[WebSubSubscription]:
        """Return the subscriptions of a topic that have not expired."""

    def count(self, callback_start: str = "") -> int:
        """Return how many subscriptions and verifications there are, whose callback begins so."""

    def forget_expired(self, now: datetime) -> int:
        """Forget subscriptions that have expired; return how many."""

    def waiting(self) -> int:
        """Return how many tasks there are."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request to another server."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The answer to one."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes


class HttpSender(Protocol):
    """Asks other servers."""

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Return the answer, whatever its status. Raises `newsfeed.errors.OutsideError` without one."""


class DnsStatus(enum.Enum):
    """The outcome of a question to DNS. Only the first three are answers."""

    FOUND = "found"
    EMPTY = "empty"
    """The name is there, and has no record of the kind."""
    ABSENT = "absent"
    """There is no such name."""
    FAILED = "failed"
    """The name's servers are in trouble (SERVFAIL), or refuse."""
    SILENT = "silent"
    """Nobody answered in time, or there is no way to anybody."""


@dataclass(frozen=True, slots=True)
class DnsQuestion:
    """A question to DNS."""

    name: str
    kind: str
    """``A``, ``AAAA``, ``MX``, ``NS``, ``PTR`` or ``TXT``."""


@dataclass(frozen=True, slots=True)
class DnsAnswer:
    """The answer to one."""

    status: DnsStatus
    values: tuple[str, ...] = ()
    """Addresses, names without the last full stop, or texts, their strings joined; of MX, best first."""

    @property
    def is_void(self) -> bool:
        """True when there is surely no such record."""
        return self.status in (DnsStatus.EMPTY, DnsStatus.ABSENT)

    @property
    def is_trouble(self) -> bool:
        """True when nothing is known: to ask again later may help."""
        return self.status in (DnsStatus.FAILED, DnsStatus.SILENT)


class DnsResolver(Protocol):
    """Asks DNS."""

    def resolve(self, question: DnsQuestion) -> DnsAnswer:
        """Return the answer; never raises, and takes some seconds at most."""


@dataclass(frozen=True, slots=True)
class MailLookups:
    """All that a channel asks which finds the way to readers itself."""

    hosts: MailHostFinder
    resolver: DnsResolver
    """Must ask anew each time: the channel remembers for a while what it was told."""
    http: HttpSender
    """Asks strangers."""


@dataclass(frozen=True, slots=True)
class CertificateDates:
    """The time for which a server's certificate is good."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayProbe:
    """A conversation with a relay up to its first message, which was not sent."""

    relay: str
    """``host:port``."""
    failure: Sentence = NOTHING
    """Why it ended early; empty when all went well."""
    stage: str = ""
    """How far it got: ``connect``, ``tls`` (its certificate) or ``login``."""
    address: str = ""
    """The IP address that was reached."""
    own_address: str = ""
    """That of this machine, as this machine knows it."""
    called: str = ""
    """What the relay calls itself."""
    encryption: str = ""
    """Such as ``TLSv1.3``; empty: none."""
    certificate: CertificateDates | None = None
    offers_encryption: bool = False


@dataclass(frozen=True, slots=True)
class ArrivedMail:
    """A mail as it lies in somebody's mailbox."""

    folder: str
    head: bytes
    """Its headers."""
    is_junk: bool = False
    """The folder is that of spam."""


class ArrivalSearch(Protocol):
    """Looks for one mail in a mailbox."""

    def find(self, message_id: str) -> ArrivedMail | None:
        """Return the mail; ``None`` when it is not there yet. Raises `newsfeed.errors.OutsideError`."""
