"""The operators' verbs about one person: take them up again, and correct what is kept of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.core.people import subscription
from newsfeed.core.people.import_columns import replace_control_characters
from newsfeed.core.people.mail_address import fold_address
from newsfeed.errors import UsageError
from newsfeed.marking import N_
from newsfeed.subscribers.roster import retry_when_stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from newsfeed.records import Consent, Subscriber, Subscription
    from newsfeed.subscribers.roster import RosterContext


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanges:
    """The facts to be kept of a person from now on; ``None`` leaves one as it is."""

    address: str | None = None
    """In its normal form."""
    name: str | None = None
    languages: Sequence[str] | None = None
    """Codes of editions, best first."""
    topics: Sequence[str] | None = None
    frequency: str | None = None
    digest: str = ""
    """The digest that topics and frequency are for; empty for all they read."""


def clean_name(text: str) -> str:
    """Return a name fit for a header: on one line, and not endless."""
    return " ".join(replace_control_characters(text).split())[:200]


def bring_back(
    context: RosterContext, fresh: Subscriber, digest: str, *, consent: str, now: datetime
) -> tuple[str, Subscriber]:
    """Subscribe somebody to a digest who asks for it in person, whatever ended it before, and record how they
    asked; return a word for the report, and the person.

    ``fresh`` is the person as they would be when nobody knew them, with a subscription to ``digest``.
    """
    hashed = context.hash_address(fresh.address)
    suppressed = hashed in context.people.suppressions([hashed])

    def decision() -> tuple[str, Subscriber]:
        known = context.people.find(fresh.address)
        outcome, person = subscription.after_rejoining(known, fresh, digest, suppressed=suppressed)
        if outcome == "known":
            return outcome, person
        dropped = sorted(set(known.subscriptions) - set(person.subscriptions)) if known else []
        records = [
            *(_record(person, name, now, how="left") for name in dropped),
            _record(person, digest, now, how="returned", wording=consent),
        ]
        return outcome, context.people.save([person], records)[0]

    outcome, person = retry_when_stale(decision)
    if suppressed:
        context.people.unsuppress(hashed)  # last: whoever is killed before it can run the command again
    return outcome, person


def kept_facts(asked: Subscriber | None, stored: Subscriber | None) -> tuple[str, ...]:
    """Return the names of the facts that somebody keeps as they were, though others were given when they were
    added. ``asked``: as they were to be; ``stored``: as they are now.
    """
    if asked is None or stored is None:
        return ()
    differs = {
        "name": bool(asked.name) and asked.name != stored.name,
        "language": stored.languages[: len(asked.languages)] != asked.languages,
    }
    return tuple(name for name, different in differs.items() if different)


def change_person(
    context: RosterContext, subscriber: Subscriber, changes: PersonChanges, now: datetime
) -> tuple[Subscriber, tuple[str, ...]]:
    """Change what is kept of a person who asked for it; return them, and the names of what is different now.

    It goes on record with these names and not with the values. Raises `UsageError` for an address that
    somebody else has, for a new one or an old one that is never to be written to, and for a digest they do
    not read.
    """

    def decision() -> tuple[Subscriber, tuple[str, ...]]:
        person = context.people.get(subscriber.id)
        if person is None:
            raise UsageError(N_("nobody with this address is known"))
        _check_address(context, person, changes.address)
        changed = _apply(person, changes)
        names = _differences(person, changed)
        if not names:
            return person, ()
        record = _record(changed, changes.digest, now, how="changed", wording=" ".join(names))
        return context.people.save([changed], [record])[0], names

    return retry_when_stale(decision)


def _record(person: Subscriber, digest: str, now: datetime, *, how: str, wording: str = "") -> Consent:
    """Return the record of what a person told the operator."""
    return subscription.make_consent(person, digest, now, how=how, wording=wording, source="operator")


def _check_address(context: RosterContext, person: Subscriber, address: str | None) -> None:
    if address is None or fold_address(address) == fold_address(person.address):
        return
    if context.people.find(address) is not None:
        raise UsageError(N_("somebody else has this address"), N_("erase one of the two, or let one leave"))
    # The old one, too: with another address nobody gets mail again whom we are never to write to.
    if context.people.suppressions([context.hash_address(one) for one in (address, person.address)]):
        raise UsageError(
            N_("this address is never written to"), N_("first run: newsfeed subscribers unsuppress")
        )


def _apply(person: Subscriber, changes: PersonChanges) -> Subscriber:
    subscriptions = dict(person.subscriptions)
    if changes.topics is not None or changes.frequency is not None:
        names = [changes.digest] if changes.digest else list(subscriptions)
        if not names or changes.digest not in ("", *subscriptions):
            raise UsageError(
                N_("they read no such digest"), N_("newsfeed subscribers show tells which they read")
            )
        for name in names:
            before = subscriptions[name]
            subscriptions[name] = replace(
                before,
                topics=before.topics if changes.topics is None else tuple(changes.topics),
                frequency=before.frequency if changes.frequency is None else changes.frequency,
            )
    return replace(
        person,
        address=person.address if changes.address is None else changes.address,
        name=person.name if changes.name is None else changes.name,
        languages=person.languages if changes.languages is None else tuple(changes.languages),
        subscriptions=subscriptions,
    )


def _differences(before: Subscriber, after: Subscriber) -> tuple[str, ...]:
    """Return the names of what differs: the things, not their values."""
    differs = {
        "address": before.address != after.address,
        "name": before.name != after.name,
        "language": before.languages != after.languages,
        "topics": any(one.topics != before.subscriptions[one.digest].topics for one in _digests(after)),
        "frequency": any(
            one.frequency != before.subscriptions[one.digest].frequency for one in _digests(after)
        ),
    }
    return tuple(name for name, different in differs.items() if different)


def _digests(person: Subscriber) -> Iterable[Subscription]:
    return person.subscriptions.values()
