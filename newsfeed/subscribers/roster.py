"""The people verbs: import, export, show, erase, and the plain answers of ``why`` and ``receipt``."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from newsfeed.core.content.languages import canonicalise_tag
from newsfeed.core.people import subscription as decide
from newsfeed.core.people.mail_address import normal_address
from newsfeed.errors import StaleError
from newsfeed.records import Subscriber, Subscription

if TYPE_CHECKING:
    from _csv import Reader as CsvReader
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from newsfeed.ports import People

IMPORT_COLUMNS = ("email", "name", "language")
_BATCH = 1_000
_ATTEMPTS = 5
Result = TypeVar("Result")
_WESTERN = "cp1252"
_NOT_WESTERN = b"\x81\x8d\x8f\x90\x9d"
"""Bytes that mean nothing there."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import is about: the digest, how consent was given, and the words that are known."""

    digest: str
    wording: str
    source: str
    languages: Sequence[str]
    topics: Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """What an import did with one line of its file."""

    number: int
    outcome: str
    """``added``, ``updated``, ``known``, ``left``, ``bounced``, ``complained``, ``suppressed``,
    ``repeated``, or why it was refused: ``address``, ``language``, ``topic``, ``columns``, ``quote``.
    """


@dataclass(frozen=True, slots=True)
class Registry:
    """What people verbs work with."""

    people: People
    hash_address: Callable[[str], str]
    new_key: Callable[[], str]


def read_table(data: bytes) -> tuple[str, str]:
    """The text of a CSV file and its encoding: UTF-8 or UTF-16 by its mark, UTF-8 when it is valid;
    else Western European when little of it is beyond ASCII, or what statistics tell of the rest.
    Raises `UnicodeDecodeError` when nobody can tell.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(name), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        if _is_western(data):
            return data.decode(_WESTERN), _WESTERN
        from charset_normalizer import from_bytes

        best = from_bytes(data[:200_000]).best()
        if best is None:
            raise
        return data.decode(best.encoding), best.encoding


def _is_western(data: bytes) -> bool:
    """Accents here and there in words of ASCII letters; other alphabets have whole words beyond it.
    Statistics need more text than a short list has.
    """
    beyond = sum(byte > 127 for byte in data)
    letters = sum(65 <= byte <= 90 or 97 <= byte <= 122 for byte in data)
    return beyond * 5 < letters and not any(byte in _NOT_WESTERN for byte in data)


def import_people(registry: Registry, text: str, plan: ImportPlan, now: datetime) -> Iterator[Line]:
    """Take up the people of a CSV file, line by line; what it says of each comes back in order.

    They arrive active, with the given consent on record. Nobody who left, bounced, complained or
    was erased comes back this way.
    """
    dialect = _Commas
    head = text.split("\n", 1)[0]
    if head.count(";") > head.count(","):
        dialect = _Semicolons
    rows = _rows(csv.reader(io.StringIO(text, newline=None), dialect))
    _, head_row = next(rows, (1, []))
    names = [name.strip().casefold() for name in head_row or ()]
    if any(column not in names for column in IMPORT_COLUMNS):
        yield Line(1, "columns")
        return
    seen: set[str] = set()
    batch: list[tuple[int, Subscriber | str]] = []
    for number, row in rows:
        if row is None:
            batch.append((number, "quote"))
        elif any(cell.strip() for cell in row):
            cells = dict(zip(names, row, strict=False))
            batch.append((number, _candidate(registry, cells, plan, seen)))
        if len(batch) >= _BATCH:
            yield from _store(registry, batch, plan, now)
            batch = []
    yield from _store(registry, batch, plan, now)


def _rows(reader: CsvReader) -> Iterator[tuple[int, list[str] | None]]:
    """The rows and the numbers of their last lines; ``None`` for one whose quotes make no sense."""
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, None
        else:
            yield reader.line_num, row


def add_one(registry: Registry, row: Mapping[str, str], plan: ImportPlan, now: datetime) -> Line:
    """Take up one person; ``row`` as a line of an import has it."""
    return next(iter(_store(registry, [(1, _candidate(registry, row, plan, set()))], plan, now)))


class _Commas(csv.excel):
    """A quote that is never closed is a mistake, and not the rest of the file a name."""

    strict = True


class _Semicolons(_Commas):
    """What spreadsheets write where the comma is a decimal mark."""

    delimiter = ";"


def _candidate(
    registry: Registry, cells: Mapping[str, str], plan: ImportPlan, seen: set[str]
) -> Subscriber | str:
    """The person a line describes, or why it is refused."""
    address = normal_address(cells.get("email", ""))
    if address is None:
        return "address"
    if address.casefold() in seen:
        return "repeated"
    language = canonicalise_tag(cells.get("language", ""))
    if language not in plan.languages:
        return "language"
    topics = tuple(cells.get("topics", "").replace(",", " ").split())
    if not set(topics) <= set(plan.topics):
        return "topic"
    seen.add(address.casefold())
    return Subscriber(
        key=registry.new_key(),
        address=address,
        name=" ".join(char_free(cells.get("name", "")).split())[:200],
        languages=(language,),
        state="active",
        subscriptions={plan.digest: Subscription(digest=plan.digest, topics=topics)},
    )


def char_free(text: str) -> str:
    """A name without control characters: nothing in it can start a header or move a cursor."""
    return "".join(char if char.isprintable() else " " for char in text)


def _store(
    registry: Registry, batch: Sequence[tuple[int, Subscriber | str]], plan: ImportPlan, now: datetime
) -> Sequence[Line]:
    """Decide and save a batch in one transaction; anew when somebody else was faster."""
    return again(lambda: _decide_and_save(registry, batch, plan, now))


def _decide_and_save(
    registry: Registry, batch: Sequence[tuple[int, Subscriber | str]], plan: ImportPlan, now: datetime
) -> Sequence[Line]:
    fresh = [one for _, one in batch if isinstance(one, Subscriber)]
    known = registry.people.find_all([one.address for one in fresh])
    hashes = {one.address: registry.hash_address(one.address) for one in fresh}
    suppressed = registry.people.suppressions(list(hashes.values()))
    lines, saved, consents = [], [], []
    for number, one in batch:
        if isinstance(one, str):
            lines.append(Line(number, one))
            continue
        reason, before = suppressed.get(hashes[one.address], ""), known.get(one.address)
        left_before = _left_before(registry, before, plan)
        outcome, changed = decide.imported(before, one, reason, left_before=left_before)
        lines.append(Line(number, outcome))
        if changed is not None:
            saved.append(changed)
            consents.append(
                decide.consent(
                    changed, plan.digest, now, how="import", wording=plan.wording, source=plan.source
                )
            )
    if saved:
        registry.people.save(saved, consents)
    return lines


def _left_before(registry: Registry, known: Subscriber | None, plan: ImportPlan) -> bool:
    """Whether a known person left this digest; the record is read for few of them."""
    if known is None or plan.digest in known.subscriptions:
        return False
    return _left_already(registry, known, plan.digest)


def again(decision: Callable[[], Result]) -> Result:
    """Decide anew when somebody else saved the same person in the meantime. Raises `StaleError` when
    that does not end.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return decision()
        except StaleError:
            continue
    return decision()


def export_rows(people: Iterable[Subscriber]) -> Iterator[tuple[str, ...]]:
    """Everybody as CSV rows, head first. A cell that a spreadsheet would take for a formula gets an
    apostrophe in front (OWASP, "CSV injection").
    """
    yield ("email", "name", "language", "state", "digests", "topics")
    for one in people:
        topics = sorted({topic for entry in one.subscriptions.values() for topic in entry.topics})
        row = (
            one.address,
            one.name,
            " ".join(one.languages),
            one.state,
            " ".join(sorted(one.subscriptions)),
            " ".join(topics),
        )
        yield tuple(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row)


def leave(registry: Registry, subscriber: Subscriber, digest: str, now: datetime) -> None:
    """Take somebody off a digest (all, when empty) who asked us to; leaving twice is a success."""

    def decision() -> None:
        person = registry.people.get(subscriber.id)
        if person is None or (person.state == "left" and not person.subscriptions):
            return
        if digest not in ("", *person.subscriptions) and _left_already(registry, person, digest):
            return
        record = decide.consent(person, digest, now, how="left", wording="", source="operator")
        registry.people.save([decide.left(person, digest)], [record])

    again(decision)


def _left_already(registry: Registry, person: Subscriber, digest: str) -> bool:
    return decide.withdrawn(registry.people.consents(person.key), digest)


def erase(registry: Registry, subscriber: Subscriber, now: datetime) -> None:
    """Forget a person; only the keyed hash of the address stays, so that nobody brings them back."""
    registry.people.suppress(registry.hash_address(subscriber.address), "erased", now)
    registry.people.erase(subscriber.id)
