"""Move people in from another program, with the date of their consent.

Who left, bounced or complained there is suppressed: only a keyed hash of the address is kept, so that no
later import brings them back.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.core.arriving import people_states as moved
from newsfeed.core.people import subscription
from newsfeed.core.people.mail_address import fold_address, normalise_address
from newsfeed.i18n.language_names import find_edition
from newsfeed.records import Subscriber, Subscription
from newsfeed.subscribers.roster import ImportedLine, retry_when_stale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from newsfeed.core.arriving.people import MovedPerson
    from newsfeed.records import Consent
    from newsfeed.subscribers.roster import ImportPlan, RosterContext

_BATCH = 1_000
_GONE = (moved.LEFT, moved.BOUNCED, moved.COMPLAINED)
_OWN_WORDS = ("confirmed", "returned", "undone")
"""Records of consents that people gave here themselves."""


@dataclass(slots=True)
class PeopleMove:
    """A move of people: its plan, and the words that stand for topics; it counts what it passes over."""

    plan: ImportPlan
    topics: Mapping[str, str] = field(default_factory=dict)
    """Tag in small letters → topic; empty: it is left out."""
    key_of: Callable[[str], str] = str
    """Returns the topic of a name, in any language; empty when there is none."""
    unknown_tags: Counter[str] = field(default_factory=Counter)


def move_people(
    context: RosterContext, people: Iterable[MovedPerson], move: PeopleMove, now: datetime
) -> Iterator[ImportedLine]:
    """Move people into a digest; yield the outcome of each in order. Running it again changes nothing."""
    seen: set[str] = set()
    batch: list[MovedPerson] = []
    for person in people:
        batch.append(person)
        if len(batch) >= _BATCH:
            yield from _settle(context, batch, move, now, seen)
            batch = []
    yield from _settle(context, batch, move, now, seen)


def _settle(
    context: RosterContext, batch: Sequence[MovedPerson], move: PeopleMove, now: datetime, seen: set[str]
) -> list[ImportedLine]:
    """Decide a batch: who is refused, who is gone, and who arrives; the gone ones first, so that nobody who
    stands in two lines slips through.
    """
    lines: dict[int, ImportedLine] = {}
    gone: list[tuple[MovedPerson, str]] = []
    fresh: list[tuple[MovedPerson, Subscriber]] = []
    for at, person in enumerate(batch):
        address = normalise_address(person.address)
        if person.trouble or address is None:
            lines[at] = ImportedLine(person.number, person.trouble or "address", "email", person.address)
        elif person.state in _GONE:
            gone.append((person, address))
        elif person.state in (moved.UNCONFIRMED, moved.UNCLEAR, moved.UNLISTED):
            lines[at] = ImportedLine(person.number, person.state)
        elif fold_address(address) in seen:
            lines[at] = ImportedLine(person.number, "repeated")
        elif not (language := _language(person, move.plan)):
            lines[at] = ImportedLine(person.number, "language", "language", person.language)
        else:
            seen.add(fold_address(address))
            fresh.append((person, _subscriber(context, person, address, language, move)))
    told = {id(person): line for person, line in _suppress(context, gone, move, now)}
    told |= {id(person): line for person, line in retry_when_stale(lambda: _add(context, fresh, move, now))}
    return [lines[at] if at in lines else told[id(person)] for at, person in enumerate(batch)]


def _language(person: MovedPerson, plan: ImportPlan) -> str:
    """Return the edition that somebody reads; one that the site does not have gives way to the plan's."""
    return (find_edition(person.language, plan.languages) if person.language else "") or plan.language


def _subscriber(
    context: RosterContext, person: MovedPerson, address: str, language: str, move: PeopleMove
) -> Subscriber:
    topics = dict.fromkeys(topic for tag in person.tags if (topic := _topic(tag, move)))
    digest = move.plan.digest
    return Subscriber(
        key=context.new_key(),
        address=address,
        name=person.name,
        languages=(language,),
        state="active",
        subscriptions={digest: Subscription(digest=digest, topics=tuple(topics))},
    )


def _topic(tag: str, move: PeopleMove) -> str:
    found = move.topics.get(tag.casefold())
    word = tag if found is None else found
    topic = word if word in move.plan.topics else move.key_of(word)
    if topic in move.plan.topics:
        return topic
    if found is None:
        move.unknown_tags[tag] += 1
    return ""


def _add(
    context: RosterContext, fresh: Sequence[tuple[MovedPerson, Subscriber]], move: PeopleMove, now: datetime
) -> list[tuple[MovedPerson, ImportedLine]]:
    """Add those who arrive, in one transaction, unless they ever left or were suppressed."""
    addresses = [one.address for _, one in fresh]
    known = context.people.find_all(addresses)
    hashes = {address: context.hash_address(address) for address in addresses}
    suppressed = context.people.suppressions(list(hashes.values()))
    former = context.people.former_addresses(addresses)
    lines, saved, consents = [], [], []
    for person, one in fresh:
        before = known.get(one.address)
        outcome, changed = subscription.after_import(
            before,
            one,
            suppressed.get(hashes[one.address], ""),
            left_before=_left_before(context, before, move),
            is_former=one.address in former,
        )
        lines.append((person, ImportedLine(person.number, outcome, person=one)))
        if changed is not None:
            saved.append(changed)
            consents.append(_consent(changed, _past(person.since, now), move))
    if saved and not move.plan.is_dry_run:
        context.people.save(saved, consents)
    return lines


def _past(moment: datetime | None, now: datetime) -> datetime:
    """Return when something happened; nothing has happened later than now, whatever a table says."""
    return min(moment, now) if moment is not None else now


def _consent(person: Subscriber, at: datetime, move: PeopleMove) -> Consent:
    plan = move.plan
    return subscription.make_consent(
        person, plan.digest, at, how="import", wording=plan.wording, source=plan.source
    )


def _left_before(context: RosterContext, known: Subscriber | None, move: PeopleMove) -> bool:
    digest = move.plan.digest
    if known is None or digest in known.subscriptions:
        return False
    former = [old for old, name in context.people.digest_moves().items() if name == digest]
    return subscription.has_withdrawn(context.people.consents(known.key), digest, former)


def _suppress(
    context: RosterContext, gone: Sequence[tuple[MovedPerson, str]], move: PeopleMove, now: datetime
) -> Iterator[tuple[MovedPerson, ImportedLine]]:
    """Suppress those who are gone. Who agreed here in person stays; who was only moved in before leaves."""
    addresses = [address for _, address in gone]
    known = context.people.find_all(addresses)
    hashes = {address: context.hash_address(address) for address in addresses}
    suppressed = context.people.suppressions(list(hashes.values()))
    for person, address in gone:
        before = known.get(address)
        if before is not None and before.state == "active" and _agreed_here(context, before):
            yield person, ImportedLine(person.number, "agreed-here")
            continue
        yield person, ImportedLine(person.number, f"gone-{person.state}")
        if move.plan.is_dry_run or hashes[address] in suppressed:
            continue
        at = _past(person.gone_at, now)
        if before is not None and before.state == "active":
            _let_leave(context, before, at, move)
        context.people.suppress(hashes[address], person.state, at)


def _agreed_here(context: RosterContext, person: Subscriber) -> bool:
    return any(consent.how in _OWN_WORDS for consent in context.people.consents(person.key))


def _let_leave(context: RosterContext, person: Subscriber, at: datetime, move: PeopleMove) -> None:
    def decision() -> None:
        now_there = context.people.get(person.id)
        if now_there is None:
            return
        record = subscription.make_consent(now_there, "", at, how="left", wording="", source=move.plan.source)
        context.people.save([subscription.after_leaving(now_there, "")], [record])

    retry_when_stale(decision)
