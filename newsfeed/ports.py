"""The few interfaces the verbs need from the outside; edges implement them, tests have twins.

Policy never lives behind a port: a port reads, keeps or carries, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from newsfeed.model import Asset, Message, Month, RawFile, Reader
    from newsfeed.problems import Problem
    from newsfeed.records import (
        Bounce,
        Consent,
        Delivery,
        DeliveryResult,
        Issue,
        OutgoingMessage,
        Rendering,
        Reply,
        ServiceMail,
        Subscriber,
    )


T = TypeVar("T")
R = TypeVar("R")


class Spread(Protocol):
    """Does the same work on many items, perhaps in several processes."""

    def __call__(self, items: Sequence[T], work: Callable[[T], R], /) -> Iterable[R]:
        """The results in the order of the items."""


class Source(Protocol):
    """Where a site's files come from."""

    def paths(self) -> Iterable[str]:
        """Every text of the content folders, in the order of its path."""

    def has(self, path: str) -> bool:
        """Whether there is such a file."""

    def text(self, path: str) -> RawFile:
        """One of them as it is now; one that cannot be read says why."""

    def stamp(self, path: str) -> tuple[int, ...]:
        """What changes when a file does, found out without reading it."""

    def assets(self) -> Iterable[Asset]:
        """Every other file of the content folders."""

    def asset(self, path: str) -> Asset | None:
        """One of these; ``None`` when it is no file of the site."""

    def read(self, path: str) -> bytes:
        """The bytes of one file; raises `newsfeed.errors.OutsideError` when it is gone."""


class Texts(Protocol):
    """A language as views need it: its words, names and dates. Immutable and pure."""

    @property
    def code(self) -> str:
        """The edition's BCP 47 code."""

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""

    def gettext(self, message: str) -> str:
        """A sentence of the program."""

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """A sentence of the program, for a number."""

    def name(self, context: str, key: str) -> tuple[str, str]:
        """A name of the site's vocabulary and the language it is in."""

    def country(self, code: str) -> str:
        """A country's name."""

    def language(self, code: str) -> str:
        """A language's name in this language."""

    def autonym(self, code: str) -> str:
        """A language's name in itself."""

    def long_date(self, day: date | datetime) -> str:
        """4 February 2010, the reader's way."""

    def month(self, month: Month | date) -> str:
        """February 2010, the reader's way."""

    def period(self, start: Month | date | None, end: Month | date | None) -> str:
        """January 2008 to December 2010, the reader's way."""

    def together(self, names: Sequence[str]) -> str:
        """a, b and c."""

    def sort_key(self, name: str) -> str:
        """What names are sorted by: accents and capitals folded."""


class Audience(Protocol):
    """Who a digest goes to."""

    def readers(self) -> tuple[Sequence[Reader], Sequence[Problem]]:
        """All readers, in a stable order, and what is wrong with those left out."""


class Ledger(Protocol):
    """What readers have had; the database of deliveries implements it, an empty one starts it."""

    def had(self, digest: str) -> Mapping[str, frozenset[str]]:
        """Reader key → ids of the stories they got in earlier issues of this digest."""


class Channel(Protocol):
    """Carries messages to their readers, or to where a person can look at them."""

    connections: int
    """How many wires are of use at the same time, each in a thread of its own."""

    def close(self) -> None:
        """Nothing more is sent: wires that wait for a pace or a recovery give up at once."""

    def open(self) -> ChannelSession:
        """A way to hand over many messages."""

    def send(self, message: Message) -> str:
        """Hand over one message; returns where it went, for the report."""


class People(Protocol):
    """Keeps subscribers, their consents, and the hashes of those who must never be written to."""

    def find(self, address: str) -> Subscriber | None:
        """The subscriber with a (normalised) address."""

    def get(self, subscriber_id: int) -> Subscriber | None:
        """The subscriber with a number."""

    def all(self, digest: str = "") -> Iterator[Subscriber]:
        """Everybody, or everybody with a subscription to a digest, in the order of their numbers."""

    def find_all(self, addresses: Sequence[str]) -> Mapping[str, Subscriber]:
        """Of these addresses those that are known: an import asks for a thousand at a time."""

    def save(
        self, subscribers: Sequence[Subscriber], consents: Sequence[Consent] = ()
    ) -> Sequence[Subscriber]:
        """Insert (id 0) or update, and append consents to the chain, in one transaction; returns
        them with their numbers and next revisions. Saves nothing and raises
        `newsfeed.errors.StaleError` when one of them was changed, erased or added meanwhile.
        """

    def consents(self, subscriber_key: str = "") -> Sequence[Consent]:
        """The consents of one person, or of all, oldest first."""

    def suppress(self, address_hash: str, reason: str, at: datetime) -> None:
        """Never write to this address again; repeating is no error, the first reason stays."""

    def suppressions(self, address_hashes: Sequence[str]) -> Mapping[str, str]:
        """Of these hashes those that are suppressed, with the reason."""

    def erase(self, subscriber_id: int) -> None:
        """Remove every trace of a person but suppressions; nothing of it stays in the files.
        Deliveries stay as numbers without a person, so that receipts still balance.
        """


class Issues(Protocol):
    """Keeps issues, what they say, and who was to get them."""

    def had(self, digest: str, since: datetime) -> Mapping[int, frozenset[str]]:
        """Subscriber id → ids of the stories in their deliveries since a moment, except deliveries
        that certainly brought nothing (refused, expired, suppressed, left).
        """

    def slots(self, digest: str, since: datetime) -> Mapping[str, int]:
        """Slot key → issue id of the issues since a moment."""

    def plan(
        self, issue: Issue, renderings: Sequence[Rendering], deliveries: Iterable[Delivery]
    ) -> Issue | None:
        """Freeze an issue in one transaction; ``None`` when its slot has one already."""

    def find(self, issue: str) -> Issue | None:
        """An issue by number, or by ``digest/slot``; the newest of a digest by its name."""

    def rendering(self, issue_id: int, group: str) -> Rendering:
        """What a group gets."""

    def deliveries(self, subscriber_id: int) -> Sequence[tuple[Issue, Delivery]]:
        """Every delivery to one person, newest first."""

    def receipt(self, issue_id: int) -> Mapping[str, Mapping[str, int]]:
        """Language → state → number of deliveries; sums to the audience."""

    def doubtful(self, issue_id: int, resend: bool, now: datetime, *, again: bool = False) -> int:
        """Decide all unknown deliveries of an issue: back to planned, or settled as they are
        (``next_try`` none); returns how many. ``again``: also those that were decided before.
        """


class SendQueue(Protocol):
    """The sender's side of the ledger. Every method is one short transaction."""

    def claim(self, owner: str, now: datetime, limit: int) -> Sequence[OutgoingMessage]:
        """Take up deliveries that are due, oldest first; nobody else gets them while the owner lives."""

    def step(self, result: DeliveryResult | None, next_id: int | None, owner: str, now: datetime) -> str:
        """Record the outcome of one message and the intent of the next. Returns ``go``, or why the
        next must not leave: ``suppressed`` or ``left`` (recorded too), ``taken`` (not ours any more).
        """

    def release(self, owner: str) -> None:
        """Give back what was claimed and not begun."""

    def recover(self, now: datetime) -> int:
        """Free what dead owners had claimed; their intents become unknown, to be decided from now
        on. Returns how many did.
        """

    def waiting(self, now: datetime) -> tuple[int, datetime | None]:
        """How many deliveries are due now, and when the next is."""


class Owners(Protocol):
    """Tells which senders live: a killed one is known to be dead at once, without any waiting."""

    def register(self) -> str:
        """A new owner's name; it lives until `leave`, or until its process ends in any way."""

    def leave(self, owner: str) -> None:
        """The owner is no more."""

    def is_alive(self, owner: str) -> bool:
        """Whether an owner, here or in another process, still lives."""


class Bounces(Protocol):
    """Keeps what came back."""

    def delivery(self, delivery_id: int) -> OutgoingMessage | None:
        """The delivery a returned mail is about."""

    def delivery_of(self, subscriber_id: int, message_id: str) -> OutgoingMessage | None:
        """The delivery to one person whose message had this Message-ID."""

    def add(self, bounce: Bounce) -> bool:
        """Keep a bounce; ``False`` when it is known already, which is the same kind about the same
        delivery, or when nobody is left to keep it for.
        """

    def of(self, subscriber_id: int, since: datetime) -> Sequence[Bounce]:
        """A person's bounces since a moment, oldest first."""


class Mailbox(Protocol):
    """Where returned mails arrive."""

    def messages(self, most: int) -> Generator[bytes, None, None]:
        """Up to ``most`` new messages, oldest first, each cut at `core.mail_parts.SIZE_LIMIT`.

        One is done with, and never offered again, when the next is asked for, not before: so
        nothing is lost when its reader dies. Raises `newsfeed.errors.OutsideError`.
        """


class Outbox(Protocol):
    """Keeps service mails until a relay has them."""

    def add(self, mail: ServiceMail) -> int:
        """Keep a mail to be sent; returns its number."""

    def due(self, now: datetime, limit: int) -> Sequence[ServiceMail]:
        """Mails to try now, nobody else's for ten minutes; expired ones are deleted, not sent."""

    def settle(self, mail_id: int, next_try: datetime | None) -> None:
        """Sent or given up (``None``): forget it; else try again then."""

    def count(self, subscriber_id: int, kind: str, since: datetime) -> int:
        """How many mails of a kind a person was meant to get since a moment."""


class ChannelSession(Protocol):
    """An open way to hand over messages: one connection of a channel. Not shared between threads."""

    def offer(self, message: Message) -> Reply | None:
        """Envelope and headers up to the final dot. ``None``: the other side wants the message and
        `finish` may follow; otherwise why not, and `finish` must not be called. Raises
        `newsfeed.errors.OutsideError` when nobody can be reached: that says nothing of the message.
        """

    def finish(self) -> Reply:
        """The final dot; what the other side said. Code 0 means nobody can say what became of it."""

    def close(self) -> None:
        """Take leave."""
