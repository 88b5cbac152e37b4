"""The operators' verbs about subscribers: import, add, export, unsubscribe, erase."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from newsfeed.core.content.languages import canonicalise_tag
from newsfeed.core.people import subscription
from newsfeed.core.people.mail_address import fold_address, normalise_address
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
    """The digest people are imported for, the proof of consent, the known languages and topics."""

    digest: str
    wording: str
    source: str
    languages: Sequence[str]
    topics: Sequence[str]


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """The outcome of one line of an imported file."""

    number: int
    outcome: str
    """``added``, ``updated``, ``known``, ``left``, ``bounced``, ``complained``, ``suppressed``,
    ``repeated``, or why it was refused: ``address``, ``language``, ``topic``, ``columns``, ``quote``.
    """


@dataclass(frozen=True, slots=True)
class RosterContext:
    """The store of people, the address hash and the key generator that these verbs share."""

    people: People
    hash_address: Callable[[str], str]
    new_key: Callable[[], str]


def decode_table(data: bytes) -> tuple[str, str]:
    """Return the text of a CSV file and its encoding: UTF-8 or UTF-16 by its mark, UTF-8 when it is valid;
    else Western European when little of it is beyond ASCII, or what statistics tell of the rest. Raises
    `UnicodeDecodeError` when nobody can tell.
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
    """Tell Western European text: accents here and there in words of ASCII letters; other alphabets have
    whole words beyond it. Statistics need more text than a short list has.
    """
    beyond = sum(byte > 127 for byte in data)
    letters = sum(65 <= byte <= 90 or 97 <= byte <= 122 for byte in data)
    return beyond * 5 < letters and not any(byte in _NOT_WESTERN for byte in data)


def import_people(
    context: RosterContext, text: str, plan: ImportPlan, now: datetime
) -> Iterator[ImportedLine]:
    """Import the people of a CSV file; yield the outcome of each line in order.

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
        yield ImportedLine(1, "columns")
        return
    seen: set[str] = set()
    batch: list[tuple[int, Subscriber | str]] = []
    for number, row in rows:
        if row is None:
            batch.append((number, "quote"))
        elif any(cell.strip() for cell in row):
            cells = dict(zip(names, row, strict=False))
            batch.append((number, _candidate(context, cells, plan, seen)))
        if len(batch) >= _BATCH:
            yield from _store(context, batch, plan, now)
            batch = []
    yield from _store(context, batch, plan, now)


def _rows(reader: CsvReader) -> Iterator[tuple[int, list[str] | None]]:
    """Yield the rows and the numbers of their last lines; ``None`` for one whose quotes make no sense."""
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, None
        else:
            yield reader.line_num, row


def add_person(
    context: RosterContext, row: Mapping[str, str], plan: ImportPlan, now: datetime
) -> ImportedLine:
    """Add one person. ``row``: column → cell, as in a line of an import."""
    return next(iter(_store(context, [(1, _candidate(context, row, plan, set()))], plan, now)))


class _Commas(csv.excel):
    """CSV with commas, strict: a quote that is never closed is a mistake, and not the rest of the file a
    name.
    """

    strict = True


class _Semicolons(_Commas):
    """CSV as spreadsheets write it where the comma is a decimal mark."""

    delimiter = ";"


def _candidate(
    context: RosterContext, cells: Mapping[str, str], plan: ImportPlan, seen: set[str]
) -> Subscriber | str:
    """Return the person a line describes, or why it is refused."""
    address = normalise_address(cells.get("email", ""))
    if address is None:
        return "address"
    if fold_address(address) in seen:
        return "repeated"
    language = canonicalise_tag(cells.get("language", ""))
    if language not in plan.languages:
        return "language"
    topics = tuple(cells.get("topics", "").replace(",", " ").split())
    if not set(topics) <= set(plan.topics):
        return "topic"
    seen.add(fold_address(address))
    return Subscriber(
        key=context.new_key(),
        address=address,
        name=" ".join(replace_control_characters(cells.get("name", "")).split())[:200],
        languages=(language,),
        state="active",
        subscriptions={plan.digest: Subscription(digest=plan.digest, topics=topics)},
    )


def replace_control_characters(text: str) -> str:
    """Return a name with spaces for control characters: nothing in it can start a header or move a cursor."""
    return "".join(char if char.isprintable() else " " for char in text)


def _store(
    context: RosterContext, batch: Sequence[tuple[int, Subscriber | str]], plan: ImportPlan, now: datetime
) -> Sequence[ImportedLine]:
    """Decide and save a batch in one transaction; decide anew when somebody else was faster."""
    return retry_when_stale(lambda: _decide_and_save(context, batch, plan, now))


def _decide_and_save(
    context: RosterContext, batch: Sequence[tuple[int, Subscriber | str]], plan: ImportPlan, now: datetime
) -> Sequence[ImportedLine]:
    fresh = [one for _, one in batch if isinstance(one, Subscriber)]
    known = context.people.find_all([one.address for one in fresh])
    hashes = {one.address: context.hash_address(one.address) for one in fresh}
    suppressed = context.people.suppressions(list(hashes.values()))
    lines, saved, consents = [], [], []
    for number, one in batch:
        if isinstance(one, str):
            lines.append(ImportedLine(number, one))
            continue
        reason, before = suppressed.get(hashes[one.address], ""), known.get(one.address)
        left_before = _left_before(context, before, plan)
        outcome, changed = subscription.after_import(before, one, reason, left_before=left_before)
        lines.append(ImportedLine(number, outcome))
        if changed is not None:
            saved.append(changed)
            consents.append(
                subscription.make_consent(
                    changed, plan.digest, now, how="import", wording=plan.wording, source=plan.source
                )
            )
    if saved:
        context.people.save(saved, consents)
    return lines


def _left_before(context: RosterContext, known: Subscriber | None, plan: ImportPlan) -> bool:
    """Tell whether a known person left this digest; the consent record is read for few of them."""
    if known is None or plan.digest in known.subscriptions:
        return False
    return _left_already(context, known, plan.digest)


def retry_when_stale(decision: Callable[[], Result]) -> Result:
    """Run a decision again when somebody else saved the person in the meantime. Raises `StaleError` when that
    does not end.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return decision()
        except StaleError:
            continue
    return decision()


def export_rows(people: Iterable[Subscriber]) -> Iterator[tuple[str, ...]]:
    """Yield everybody as CSV rows, head first. A cell that a spreadsheet would take for a formula gets an
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


def remove_from_digest(context: RosterContext, subscriber: Subscriber, digest: str, now: datetime) -> None:
    """Unsubscribe somebody who asked the operator, from one digest or all (empty); repeating is a success."""

    def decision() -> None:
        person = context.people.get(subscriber.id)
        if person is None or (person.state == "left" and not person.subscriptions):
            return
        if digest not in ("", *person.subscriptions) and _left_already(context, person, digest):
            return
        record = subscription.make_consent(person, digest, now, how="left", wording="", source="operator")
        context.people.save([subscription.after_leaving(person, digest)], [record])

    retry_when_stale(decision)


def _left_already(context: RosterContext, person: Subscriber, digest: str) -> bool:
    return subscription.has_withdrawn(context.people.consents(person.key), digest)


def erase_person(context: RosterContext, subscriber: Subscriber, now: datetime) -> None:
    """Erase a person; only the keyed hash of the address stays, so that nobody brings them back."""
    context.people.suppress(context.hash_address(subscriber.address), "erased", now)
    context.people.erase(subscriber.id)
