"""The operators' verbs about subscribers: import, add, export, unsubscribe, erase."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from newsfeed.core.people import subscription
from newsfeed.core.people.import_columns import (
    find_columns,
    has_gone,
    read_address,
    read_name,
    replace_control_characters,
)
from newsfeed.core.people.mail_address import fold_address, normalise_address
from newsfeed.errors import StaleError
from newsfeed.i18n.language_names import find_edition
from newsfeed.records import Subscriber, Subscription
from newsfeed.subscribers.tables import open_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from newsfeed.core.people.import_columns import Columns
    from newsfeed.ports import People

_BATCH = 1_000
_ATTEMPTS = 5
Result = TypeVar("Result")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The digest people are imported for, the proof of consent, the known languages and topics."""

    digest: str
    wording: str
    source: str
    languages: Sequence[str]
    topics: Sequence[str]
    language: str = ""
    """The edition of those whose line names none."""
    is_dry_run: bool = False
    """Decide everything, and save nothing."""


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """The outcome of one line of an imported file."""

    number: int
    outcome: str
    """``added``, ``updated``, ``known``, ``left``, ``bounced``, ``complained``, ``suppressed``, ``former``,
    ``repeated``, or why it was refused: ``address``, ``language``, ``topic``, ``columns``, ``no-language``,
    ``column-twice``, ``gone``, ``quote``, ``long``.
    """
    column: str = ""
    """Of a refused line: the name of the column whose cell is the reason, as the file writes it."""
    cell: str = ""
    """The words of that cell."""
    person: Subscriber | None = None
    """Of any other: who was understood."""


class _Refusal(NamedTuple):
    """The refusal of a line: its outcome, and the meaning and the words of the cell that is the reason."""

    outcome: str
    meaning: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class RosterContext:
    """The store of people, the address hash and the key generator that these verbs share."""

    people: People
    hash_address: Callable[[str], str]
    new_key: Callable[[], str]


def import_people(
    context: RosterContext, table: str | Iterable[str], plan: ImportPlan, now: datetime
) -> Iterator[ImportedLine]:
    """Import the people of a CSV file; yield the outcome of each line in order.

    They arrive active, with the given consent on record. Nobody who left, bounced, complained or
    was erased comes back this way, nor anybody by an address they gave up. ``table``: the whole text,
    or its lines with their ends.
    """
    opened = open_table(io.StringIO(table, newline=None) if isinstance(table, str) else table)
    columns = opened.columns
    if columns.twice:
        yield ImportedLine(opened.line, "column-twice", columns.twice)
        return
    if trouble := _missing_column(columns, plan):
        yield ImportedLine(opened.line, trouble, cell=", ".join(name for name in columns.names if name))
        return
    seen: set[str] = set()
    batch: list[tuple[int, Subscriber | _Refusal]] = []
    for number, row, trouble in opened.rows:
        if row is None:
            batch.append((number, _Refusal(trouble)))
        elif any(cell.strip() for cell in row):
            batch.append((number, _candidate(context, columns.cells(row), plan, seen)))
        if len(batch) >= _BATCH:
            yield from _store(context, batch, plan, now, columns)
            batch = []
    yield from _store(context, batch, plan, now, columns)


def _missing_column(columns: Columns, plan: ImportPlan) -> str:
    """Return the outcome for a table that lacks a column; empty when it has all that is needed."""
    if "email" not in columns.places:
        return "columns"
    return "" if "language" in columns.places or plan.language else "no-language"


def add_person(
    context: RosterContext, row: Mapping[str, str], plan: ImportPlan, now: datetime
) -> ImportedLine:
    """Add one person. ``row``: column → cell, as in a line of an import."""
    columns = find_columns(tuple(row))
    return next(iter(_store(context, [(1, _candidate(context, row, plan, set()))], plan, now, columns)))


def _candidate(
    context: RosterContext, cells: Mapping[str, str], plan: ImportPlan, seen: set[str]
) -> Subscriber | _Refusal:
    """Return the person a line describes, or why it is refused. ``cells``: meaning → cell."""
    if gone := has_gone(cells):
        return _Refusal("gone", gone, cells[gone])
    written = read_address(cells.get("email", ""))
    address = normalise_address(written.address)
    if address is None:
        return _Refusal("address", "email", cells.get("email", ""))
    if fold_address(address) in seen:
        return _Refusal("repeated")
    languages = _languages(cells.get("language", ""), plan)
    if not languages:
        return _Refusal("language", "language", cells.get("language", ""))
    topics = tuple(cells.get("topics", "").replace(",", " ").split())
    if unknown := [topic for topic in topics if topic not in plan.topics]:
        return _Refusal("topic", "topics", " ".join(unknown))
    seen.add(fold_address(address))
    name = read_name(cells) or written.name
    return Subscriber(
        key=context.new_key(),
        address=address,
        name=" ".join(replace_control_characters(name).split())[:200],
        languages=languages,
        state="active",
        subscriptions={plan.digest: Subscription(digest=plan.digest, topics=topics)},
    )


def _languages(cell: str, plan: ImportPlan) -> tuple[str, ...]:
    """Return the editions that a cell names, best first; none when one of them is unknown."""
    if not cell.strip():
        return (plan.language,) if plan.language else ()
    if whole := find_edition(cell, plan.languages):
        return (whole,)
    found = [find_edition(part, plan.languages) for part in cell.replace(",", " ").split()]
    return tuple(dict.fromkeys(found)) if all(found) else ()


def _store(
    context: RosterContext,
    batch: Sequence[tuple[int, Subscriber | _Refusal]],
    plan: ImportPlan,
    now: datetime,
    columns: Columns,
) -> Sequence[ImportedLine]:
    """Decide and save a batch in one transaction; decide anew when somebody else was faster."""
    return retry_when_stale(lambda: _decide_and_save(context, batch, plan, now, columns))


def _decide_and_save(
    context: RosterContext,
    batch: Sequence[tuple[int, Subscriber | _Refusal]],
    plan: ImportPlan,
    now: datetime,
    columns: Columns,
) -> Sequence[ImportedLine]:
    fresh = [one for _, one in batch if isinstance(one, Subscriber)]
    known = context.people.find_all([one.address for one in fresh])
    hashes = {one.address: context.hash_address(one.address) for one in fresh}
    suppressed = context.people.suppressions(list(hashes.values()))
    former = context.people.former_addresses([one.address for one in fresh])
    lines, saved, consents = [], [], []
    for number, one in batch:
        if isinstance(one, _Refusal):
            lines.append(ImportedLine(number, one.outcome, columns.name_of(one.meaning), one.cell))
            continue
        reason, before = suppressed.get(hashes[one.address], ""), known.get(one.address)
        left_before = _left_before(context, before, plan)
        outcome, changed = subscription.after_import(
            before, one, reason, left_before=left_before, is_former=one.address in former
        )
        lines.append(ImportedLine(number, outcome, person=one))
        if changed is not None:
            saved.append(changed)
            consents.append(
                subscription.make_consent(
                    changed, plan.digest, now, how="import", wording=plan.wording, source=plan.source
                )
            )
    if saved and not plan.is_dry_run:
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
    former = [old for old, name in context.people.digest_moves().items() if name == digest]
    return subscription.has_withdrawn(context.people.consents(person.key), digest, former)


def erase_person(context: RosterContext, subscriber: Subscriber, now: datetime) -> None:
    """Erase a person; only the keyed hash of the address stays, so that nobody brings them back."""
    context.people.suppress(context.hash_address(subscriber.address), "erased", now)
    context.people.erase(subscriber.id)
