"""The interfaces that verbs need from the outside; edges implement them, tests have in-memory twins.

Policy never lives behind a port: a port reads, keeps or carries, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from newsfeed.conversations import Conversation
    from newsfeed.model import Asset, Message, Month, RawFile, Reader
    from newsfeed.problems import Problem
    from newsfeed.queue_ports import TaskQueue
    from newsfeed.records import (
        AddressedDelivery,
        Consent,
        Delivery,
        DeliveryResult,
        Issue,
        Rendering,
        Reply,
        Subscriber,
        WaitingMails,
        WaitingRendering,
    )


class Source(Protocol):
    """The site's files."""

    def paths(self) -> Iterable[str]:
        """Return every text of the content folders, in the order of its path."""

    def has(self, path: str) -> bool:
        """Return whether there is such a file."""

    def text(self, path: str) -> RawFile:
        """Return a text file with its bytes, or the reason why it cannot be read."""

    def stamp(self, path: str) -> tuple[int, ...]:
        """Return what changes when a file does, found out without reading it."""

    def added(self, paths: Collection[str]) -> Mapping[str, float]:
        """Return path → when it came into version control (POSIX seconds), infinite when it is not there yet;
        nothing where there is no version control.
        """

    def assets(self) -> Iterable[Asset]:
        """Return every other file of the content folders."""

    def asset(self, path: str) -> Asset | None:
        """Return one of the other files; ``None`` when it is no file of the site."""

    def pieces(self, path: str) -> Iterable[bytes]:
        """Return the bytes of one file, piece by piece, anew each time that they are asked for."""

    def read(self, path: str) -> bytes:
        """Return the bytes of one file; raises `newsfeed.errors.OutsideError` when it is gone."""


class Texts(Protocol):
    """A language as views need it: its sentences, names and dates. Immutable and pure."""

    @property
    def code(self) -> str:
        """The edition's BCP 47 code."""

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""

    def gettext(self, message: str) -> str:
        """Return a sentence of the program."""

    def labelled(self, message: str) -> tuple[str, str]:
        """Return a sentence of the program, and the language to mark it with; empty: this one."""

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return a sentence of the program, for a number."""

    def name(self, context: str, key: str) -> tuple[str, str]:
        """Return a name of the site's vocabulary and the language it is in."""

    def country(self, code: str) -> str:
        """Return a country's name."""

    def language(self, code: str) -> str:
        """Return a language's name in this language."""

    def autonym(self, code: str) -> str:
        """Return a language's name in itself."""

    def number(self, value: int) -> str:
        """Write a number as 30,000, the reader's way."""

    def long_date(self, day: date | datetime) -> str:
        """Write a day as 4 February 2010, the reader's way."""

    def weekday(self, number: int) -> str:
        """Return the name of a day of the week, as it stands inside a sentence; Monday is 0."""

    def month(self, month: Month | date) -> str:
        """Write a month as February 2010, the reader's way."""

    def period(self, start: Month | date | None, end: Month | date | None) -> str:
        """Write a duration as January 2008 to December 2010, the reader's way."""

    def together(self, names: Sequence[str]) -> str:
        """Write names as a list: a, b and c."""

    def sort_key(self, name: str) -> str:
        """Return the key that sorts a name among others: accents and capitals folded."""


class Audience(Protocol):
    """The readers of a digest."""

    def readers(self) -> tuple[Sequence[Reader], Sequence[Problem]]:
        """Return all readers, in a stable order, and what is wrong with those left out."""


class Ledger(Protocol):
    """Tells what readers have had; a preview has an empty one."""

    def stories_received(self, digest: str) -> Mapping[str, frozenset[str]]:
        """Return reader key → ids of the stories they got in earlier issues of this digest."""


class Channel(Protocol):
    """Carries messages to their readers, or to where a person can look at them."""

    connections: int
    """How many sessions are of use at the same time, each in a thread of its own."""
    limits_receivers: bool
    """The sender keeps to what groups of receivers allow; else a relay does, or nobody needs it."""

    def close(self) -> None:
        """Stop sending: sessions that wait for a rate or a relay give up at once."""

    def open(self) -> ChannelSession:
        """Return a session over which many messages can be sent."""

    def send(self, message: Message) -> str:
        """Send one message; return where it went, for the report."""


class People(Protocol):
    """Keeps subscribers, their consents, and the hashes of those who must never be written to."""

    def find(self, address: str) -> Subscriber | None:
        """Return the subscriber with a (normalised) address."""

    def get(self, subscriber_id: int) -> Subscriber | None:
        """Return the subscriber with a number."""

    def all(self, digest: str = "") -> Iterator[Subscriber]:
        """Yield everybody, or everybody with a subscription to a digest, in the order of their numbers."""

    def count_readers(self) -> Mapping[str, int]:
        """Return digest → how many people read it; digests that nobody reads are left out."""

    def find_all(self, addresses: Sequence[str]) -> Mapping[str, Subscriber]:
        """Return those of the addresses that are known: an import asks for a thousand at a time."""

    def save(
        self, subscribers: Sequence[Subscriber], consents: Sequence[Consent] = ()
    ) -> Sequence[Subscriber]:
        """Insert (id 0) or update, and append consents to the chain, in one transaction; returns
        them with their numbers and next revisions. Saves nothing and raises
        `newsfeed.errors.StaleError` when one of them was changed, erased or added meanwhile.
        """

    def consents(self, subscriber_key: str = "") -> Sequence[Consent]:
        """Return the consents of one person, or of all, oldest first."""

    def digest_moves(self) -> Mapping[str, str]:
        """Return former name → name of the digests whose readers were moved."""

    def record_digest_move(self, old: str, new: str) -> None:
        """Let one digest go on as another: its issues count as had by the readers of the new one, and its
        deliveries leave. Moves before it lead there too.
        """

    def suppress(self, address_hash: str, reason: str, at: datetime) -> None:
        """Never write to this address again; repeating is no error, the first reason stays."""

    def unsuppress(self, address_hash: str) -> None:
        """Take a suppression back; it is no error when there is none."""

    def suppressions(self, address_hashes: Sequence[str]) -> Mapping[str, str]:
        """Return those of the hashes that are suppressed, with the reason."""

    def former_addresses(self, addresses: Sequence[str]) -> frozenset[str]:
        """Return those of the addresses that somebody gave up for another one (`save` remembers them), and
        that no active person has had since.
        """

    def erase(self, subscriber_id: int) -> None:
        """Remove every trace of a person but suppressions and the hashes of former addresses; nothing of it
        stays in the files. Deliveries stay as numbers without a person, so that receipts still balance.
        """


class Issues(Protocol):
    """Keeps issues, what they say, and who was to get them."""

    def stories_received(self, digest: str, since: datetime) -> Mapping[int, frozenset[str]]:
        """Return subscriber id → ids of the stories in their deliveries since a moment, except deliveries
        that certainly brought nothing (refused, expired, suppressed, left, withdrawn).
        """

    def slots(self, digest: str, since: datetime) -> Mapping[str, int]:
        """Return slot key → issue id of the issues since a moment."""

    def of_digest(self, digest: str) -> Sequence[Issue]:
        """Return every issue of a digest, in the order in which they were planned."""

    def plan(
        self,
        issue: Issue,
        renderings: Sequence[Rendering],
        deliveries: Iterable[Delivery],
        queue: TaskQueue | None = None,
        receivers_of: Callable[[str], str] | None = None,
    ) -> Issue | None:
        """Freeze an issue in one transaction; ``None`` when its slot has one already.

        ``queue``: what waits is put into batches, and a task for each is deferred in that transaction.
        ``receivers_of`` names the group of receivers of an address; without, it is the domain.
        """

    def find(self, issue: str) -> Issue | None:
        """Return an issue by number, or by ``digest/slot``; the newest of a digest by its name."""

    def rendering(self, issue_id: int, group: str) -> Rendering:
        """Return what a group gets."""

    def waiting_renderings(self) -> Sequence[WaitingRendering]:
        """Return what is frozen and has not left to everybody."""

    def replace_waiting(self, issue_id: int, group: str, new: Rendering | None, now: datetime) -> int:
        """Let the deliveries of a group that nobody has taken up bring something else, from now on; or
        (``None``) call them off as ``withdrawn``. Returns how many there were.
        """

    def deliveries(self, subscriber_id: int) -> Sequence[tuple[Issue, Delivery]]:
        """Return every delivery to one person, newest first."""

    def receipt(self, issue_id: int) -> Mapping[str, Mapping[str, int]]:
        """Return language → state → number of deliveries; sums to the audience."""

    def decide_doubts(self, issue_id: int, resend: bool, now: datetime, *, again: bool = False) -> int:
        """Decide all unknown deliveries of an issue: back to planned, or left as they are (``next_try``
        none); return how many. ``again``: also those that were decided before.
        """

    def bring_forward(self, receivers: str, until: datetime, now: datetime) -> int:
        """Make deliveries to a group of receivers due that were put off until a moment; return how many."""

    def settle_waiting(self, reply: str, now: datetime) -> int:
        """Record all deliveries that wait, of all issues, as accepted, with a reply; return how many."""


class SendQueue(Protocol):
    """The ledger as the sender uses it. Every method is one short transaction."""

    def claim(
        self, owner: str, now: datetime, limit: int, without: Collection[str] = ()
    ) -> Sequence[AddressedDelivery]:
        """Claim deliveries that are due, oldest first, but none to the receiver groups in ``without``; nobody
        else gets them while the owner lives.

        What was planned, or tried last, after ``now`` is due at once: the clock was set back since. So is
        what would be tried later than any pause lasts.
        """

    def record(
        self, results: Sequence[DeliveryResult], beginning: Sequence[int], owner: str, now: datetime
    ) -> Sequence[str]:
        """Record the results of some messages and the intents of others (the numbers of their deliveries),
        together or not at all. Returns, for each that is to begin, ``go``, or why it must not leave:
        ``suppressed`` or ``left`` (recorded too), ``taken`` (not ours any more).
        """

    def release(self, owner: str) -> None:
        """Give back what was claimed and not begun."""

    def put_off(self, numbers: Sequence[int], owner: str, until: datetime | None = None) -> None:
        """Give back some deliveries that were claimed and not begun; they are due again from ``until`` on, or
        as before. That is no try.
        """

    def recover(self, now: datetime) -> int:
        """Free what dead owners had claimed; their intents become unknown, to be decided from now on. Returns
        how many did.
        """

    def count_due(self, now: datetime) -> tuple[int, datetime | None]:
        """Return how many deliveries are due now, and when the next is."""

    def count_waiting(self, now: datetime) -> WaitingMails:
        """Return what is still to be sent, deliveries and service mails, and is nobody's at the moment."""


class ChannelSession(Protocol):
    """An open way to send messages over a channel: one connection at a time. Not shared between threads.

    Every step exists twice: as a call, and as a conversation for a thread that holds many of them.
    """

    def offer(self, message: Message) -> Reply | None:
        """Send envelope and message up to the final dot. ``None``: the other side wants the message and
        `finish` may follow; otherwise why not, and `finish` must not be called. Raises
        `newsfeed.errors.OutsideError` when nobody can be reached: that says nothing of the message.
        """

    def finish(self) -> Reply:
        """Send the final dot; return the answer. Code 0 means nobody can say what became of the message."""

    def close(self) -> None:
        """End the session."""

    def offering(self, message: Message) -> Conversation[Reply | None]:
        """Converse as `offer`."""

    def finishing(self, following: Message | None = None) -> Conversation[Reply]:
        """Converse as `finish`. A ``following`` message is announced if that saves time; it must be offered
        next, or the session be closed.
        """

    def closing(self) -> Conversation[None]:
        """Converse as `close`."""
