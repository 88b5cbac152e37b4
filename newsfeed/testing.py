"""In-memory twins of every port, and builders of small sites; for our tests and for yours.

>>> site = load_files({"news/2026/a.en.md": an_item(title="A")})
>>> [story.id for story in site.library.stories.values()]
['2026-a']
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.build.load import Loaded, load
from newsfeed.channels.direct import DirectSession
from newsfeed.config import loader
from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.core.content.facts import Vocabulary, guess_media_type
from newsfeed.core.people.mail_address import fold_address
from newsfeed.errors import OutsideError, StaleError
from newsfeed.i18n.key_lookup import LocalisedKeyLookup
from newsfeed.i18n.texts import list_countries
from newsfeed.model import Asset, RawFile
from newsfeed.records import AddressedDelivery, Delivery

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.model import Message, Reader
    from newsfeed.problems import Problem
    from newsfeed.records import Bounce, Consent, Subscriber
    from newsfeed.settings import Settings

CONFIG = """\
[site]
title = "Test site"
base_url = "https://test.example/"
languages = ["en", "de", "fr", "nl"]
timezone = "Europe/Berlin"
authority = "test.example,2020"

[languages.nl]
fallback = ["en", "de"]

[topics]
water = "Water"
energy = "Energy"

[donors]
ministry = "Ministry"

[partners]
club = "Club"

[audiences.staff]
file = "staff.csv"

[digests.staff]
schedule = "mon 08:00"
audience = "staff"

[mail]
from = "Newsroom <news@test.example>"
"""
"""The configuration of test sites: four editions, two topics, one digest."""


class MemorySource:
    """A source that holds its files in a mapping: path → text or bytes."""

    def __init__(self, files: Mapping[str, str | bytes], added: Mapping[str, float] | None = None) -> None:
        """``added``: what `added` answers; nothing is known without."""
        self._added = added or {}
        self._files = {
            path: data.encode() if isinstance(data, str) else data for path, data in sorted(files.items())
        }

    def paths(self) -> Iterator[str]:
        """Yield the path of every ``.md`` file."""
        return (path for path, _ in self._content() if path.endswith(".md"))

    def has(self, path: str) -> bool:
        """Return whether there is such a file."""
        return path in self._files

    def text(self, path: str) -> RawFile:
        """Return one text file."""
        data = self._files[path]
        return RawFile(path, data, size=len(data))

    def stamp(self, path: str) -> tuple[int, ...]:
        """Return the same for every file: nothing changes here."""
        return (len(self._files[path]),)

    def added(self, paths: Collection[str]) -> Mapping[str, float]:
        """Return what was given for these files."""
        return {path: moment for path, moment in self._added.items() if path in paths}

    def assets(self) -> Iterator[Asset]:
        """Yield every other file; images are 4 by 3 pixels here."""
        return (self._asset(path, data) for path, data in self._content() if not path.endswith(".md"))

    def asset(self, path: str) -> Asset | None:
        """Return one of the other files; ``None`` when there is no such file."""
        return self._asset(path, self._files[path]) if path in self._files else None

    def _asset(self, path: str, data: bytes) -> Asset:
        kind = guess_media_type(path)
        width, height = (4, 3) if kind.startswith("image/") else (0, 0)
        return Asset(path, len(data), kind, width, height)

    def pieces(self, path: str) -> Iterable[bytes]:
        """Return the bytes of one file, in one piece."""
        return (self.read(path),)

    def read(self, path: str) -> bytes:
        """Return the bytes of one file."""
        if path not in self._files:
            raise OutsideError(f"{path}: no such file")
        return self._files[path]

    def _content(self) -> Iterator[tuple[str, bytes]]:
        return (
            (path, data)
            for path, data in self._files.items()
            if path.split("/")[0] in CONTENT_KINDS and "/." not in path
        )


class MemoryAudience:
    """An audience of given readers, with given problems."""

    def __init__(self, readers: Sequence[Reader], problems: Sequence[Problem] = ()) -> None:
        self._readers = tuple(readers)
        self._problems = tuple(problems)

    def readers(self) -> tuple[Sequence[Reader], Sequence[Problem]]:
        """Return the readers and problems it was made with."""
        return self._readers, self._problems


class MemoryLedger:
    """A ledger that says what it was made with."""

    def __init__(self, had: Mapping[str, frozenset[str]] | None = None) -> None:
        self._had = dict(had or {})

    def stories_received(self, digest: str) -> Mapping[str, frozenset[str]]:
        """Return reader key → story ids, whatever the digest."""
        return self._had


class MemoryChannel:
    """A channel that keeps what it is handed, by Message-ID."""

    connections = 1
    limits_receivers = False

    def __init__(self) -> None:
        self.sent: dict[str, Message] = {}

    def open(self) -> DirectSession:
        """Return a session that keeps messages in memory."""
        return DirectSession(self.send, "memory")

    def close(self) -> None:
        """Do nothing: no session ever waits here."""

    def send(self, message: Message) -> str:
        """Keep one message."""
        self.sent[message.message_id] = message
        return message.message_id


class MemoryPeople:
    """A register of people that forgets everything when the program ends."""

    def __init__(self, subscribers: Sequence[Subscriber] = ()) -> None:
        self.by_id = {subscriber.id: subscriber for subscriber in subscribers}
        self.chain: list[Consent] = []
        self.suppressed: dict[str, tuple[str, datetime]] = {}
        self.moves: dict[str, str] = {}
        self.former: set[str] = set()

    def find(self, address: str) -> Subscriber | None:
        """Return the subscriber with an address, in whatever case."""
        return self.find_all([address]).get(address)

    def find_all(self, addresses: Sequence[str]) -> Mapping[str, Subscriber]:
        """Return address as asked → subscriber."""
        known = {fold_address(person.address): person for person in self.by_id.values()}
        return {name: known[fold_address(name)] for name in addresses if fold_address(name) in known}

    def get(self, subscriber_id: int) -> Subscriber | None:
        """Return the subscriber with a number."""
        return self.by_id.get(subscriber_id)

    def all(self, digest: str = "") -> Iterator[Subscriber]:
        """Yield everybody, or everybody with a digest, in the order of their numbers."""
        for _, subscriber in sorted(self.by_id.items()):
            if not digest or digest in subscriber.subscriptions:
                yield subscriber

    def count_readers(self) -> Mapping[str, int]:
        """Return digest → how many active people read it."""
        active = (one for one in self.by_id.values() if one.state == "active")
        return dict(sorted(Counter(name for one in active for name in one.subscriptions).items()))

    def save(
        self, subscribers: Sequence[Subscriber], consents: Sequence[Consent] = ()
    ) -> Sequence[Subscriber]:
        """Save all or, when one of them is stale, none."""
        for subscriber in subscribers:
            known = self.by_id.get(subscriber.id)
            if subscriber.id and (known is None or known.revision != subscriber.revision):
                raise StaleError("somebody else changed a subscriber")
        saved = []
        for subscriber in subscribers:
            number = subscriber.id or max(self.by_id, default=0) + 1
            before, address = self.by_id.get(number), fold_address(subscriber.address)
            if before is not None and fold_address(before.address) != address:
                self.former.add(fold_address(before.address))
            self.by_id[number] = replace(subscriber, id=number, revision=subscriber.revision + 1)
            saved.append(self.by_id[number])
        self.former -= {fold_address(one.address) for one in saved if one.state == "active"}
        self.chain += consents
        return saved

    def consents(self, subscriber_key: str = "") -> Sequence[Consent]:
        """Return consents, oldest first; nobody hashes them here."""
        return [consent for consent in self.chain if subscriber_key in ("", consent.subscriber_key)]

    def digest_moves(self) -> Mapping[str, str]:
        """Return former name → name."""
        return self.moves

    def record_digest_move(self, old: str, new: str) -> None:
        """Let one digest go on as another."""
        others = {name: new if to == old else to for name, to in self.moves.items() if name != new}
        self.moves = {**others, old: new}

    def suppress(self, address_hash: str, reason: str, at: datetime) -> None:
        """Never write to an address again; the first reason stays."""
        self.suppressed.setdefault(address_hash, (reason, at))

    def unsuppress(self, address_hash: str) -> None:
        """Forget one."""
        self.suppressed.pop(address_hash, None)

    def suppressions(self, address_hashes: Sequence[str]) -> Mapping[str, str]:
        """Return hash → reason."""
        return {one: self.suppressed[one][0] for one in address_hashes if one in self.suppressed}

    def former_addresses(self, addresses: Sequence[str]) -> frozenset[str]:
        """Return those that somebody gave up."""
        return frozenset(address for address in addresses if fold_address(address) in self.former)

    def erase(self, subscriber_id: int) -> None:
        """Remove a person; nothing stays but suppressions and former addresses."""
        gone = self.by_id.pop(subscriber_id, None)
        self.chain = [consent for consent in self.chain if gone is None or consent.subscriber_key != gone.key]


class MemoryBounces:
    """A register of bounces, for given deliveries: delivery id → (subscriber id, digest)."""

    def __init__(self, people: MemoryPeople, deliveries: Mapping[int, tuple[int, str]]) -> None:
        self._people = people
        self._deliveries = dict(deliveries)
        self.bounces: list[Bounce] = []

    def delivery(self, delivery_id: int) -> AddressedDelivery | None:
        """Return a delivery, with its subscriber as they are now."""
        subscriber_id, digest = self._deliveries.get(delivery_id, (0, ""))
        subscriber = self._people.get(subscriber_id)
        if subscriber is None:
            return None
        delivery = Delivery(
            id=delivery_id,
            issue_id=1,
            subscriber_id=subscriber_id,
            group="g",
            state="accepted",
            message_id=f"<{digest}.{delivery_id}@test.example>",
        )
        return AddressedDelivery(delivery, subscriber, digest)

    def delivery_of(self, subscriber_id: int, message_id: str) -> AddressedDelivery | None:
        """Return the delivery to one person whose message had this Message-ID."""
        for delivery_id, (person, _) in self._deliveries.items():
            outgoing = self.delivery(delivery_id) if person == subscriber_id else None
            if outgoing is not None and outgoing.delivery.message_id == message_id:
                return outgoing
        return None

    def add(self, bounce: Bounce) -> bool:
        """Keep a bounce: one of a kind for each delivery; without a delivery, for each moment."""
        names = {self._identity(known) for known in self.bounces}
        if self._identity(bounce) in names or self._people.get(bounce.subscriber_id) is None:
            return False
        self.bounces.append(bounce)
        return True

    def of_subscriber(self, subscriber_id: int, since: datetime) -> Sequence[Bounce]:
        """Return a person's bounces, oldest first."""
        bounces = [
            bounce for bounce in self.bounces if bounce.subscriber_id == subscriber_id and bounce.at >= since
        ]
        return sorted(bounces, key=lambda bounce: bounce.at)

    @staticmethod
    def _identity(bounce: Bounce) -> tuple[object, ...]:
        if bounce.delivery_id:
            return bounce.delivery_id, bounce.kind
        return 0, bounce.kind, bounce.subscriber_id, bounce.at


def settings_from(text: str = CONFIG) -> Settings:
    """Return the settings of a configuration that must be right."""
    settings, problems = loader.parse_settings(text)
    assert settings is not None, problems
    return settings


def load_files(
    files: Mapping[str, str | bytes], settings: Settings | None = None, *, keep_going: bool = False
) -> Loaded:
    """Load a site from memory, as ``newsfeed check`` would read it from disk."""
    known = settings or settings_from()
    key_lookup = LocalisedKeyLookup(known, {})
    words = Vocabulary(known.topics, known.donors, known.partners, list_countries(), key_lookup)
    return load(MemorySource(files), known, words, keep_going=keep_going)


def an_item(body: str = "Some text.\n", /, *, date: str | None = "2026-01-05", **fields: str) -> str:
    """Write a content file. ``date=None`` makes a translation; every field is written as given."""
    given = {"title": "A title", "date": date, **fields}
    lines = [f"{key}: {value}" for key, value in given.items() if value is not None]
    return "\n".join(["---", *lines, "---", body])


def write_tree(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder; returns the folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder
