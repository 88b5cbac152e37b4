"""Gather everything that is kept about one person, as they may ask for it (GDPR 15 and 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsfeed.core.people.held_data import HeldData

if TYPE_CHECKING:
    from newsfeed.ports import Issues, People
    from newsfeed.records import Subscriber
    from newsfeed.service_ports import AddressChanges, Bounces, ShownPages

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDataContext:
    """All ports behind which something about a person is kept."""

    people: People
    issues: Issues
    bounces: Bounces
    shown_pages: ShownPages
    address_changes: AddressChanges


def gather_held_data(context: HeldDataContext, person: Subscriber) -> HeldData:
    """Return everything that is kept about a person."""
    consents = context.people.consents(person.key)
    names = {name for one in consents for key, name in one.evidence.items() if key in ("form", "mail")}
    change = context.address_changes.find(person.id)
    return HeldData(
        person=person,
        consents=consents,
        pages={name: context.shown_pages.find(name) for name in sorted(names)},
        deliveries=context.issues.deliveries(person.id),
        bounces=context.bounces.of_subscriber(person.id, _EVER),
        wanted_address=change.address if change is not None else "",
    )
