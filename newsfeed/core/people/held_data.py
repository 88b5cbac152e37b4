"""Write everything that is kept about one person as plain data: for downloads, certificates and operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsfeed.records import Bounce, Consent, Delivery, Issue, Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldData:
    """Everything that is kept about one person."""

    person: Subscriber
    consents: Sequence[Consent]
    pages: Mapping[str, str]
    """Hash → what they were shown when they agreed."""
    deliveries: Sequence[tuple[Issue, Delivery]]
    """Newest first."""
    bounces: Sequence[Bounce]
    wanted_address: str
    """The address that they want to have from now on, while it is not confirmed; else empty."""


def held_as_data(held: HeldData) -> dict[str, object]:
    """Return everything, ready for JSON; moments are in ISO 8601."""
    return {
        **person_as_data(held.person),
        "wanted_address": held.wanted_address,
        "consents": [
            {
                **consent_as_data(one),
                "evidence": dict(one.evidence),
                "previous": one.previous,
                "hash": one.hash,
            }
            for one in held.consents
        ],
        "shown": dict(held.pages),
        "mails": [
            {
                "issue": f"{issue.digest}/{issue.slot}",
                "state": delivery.state,
                "planned": _moment(delivery.planned_at),
                "settled": _moment(delivery.settled_at),
                "reply": delivery.reply,
            }
            for issue, delivery in held.deliveries
        ],
        "returned": [
            {"at": one.at.isoformat(), "kind": one.kind, "status": one.status, "detail": one.detail}
            for one in held.bounces
        ],
    }


def person_as_data(person: Subscriber) -> dict[str, object]:
    """Return who somebody is, and what they read."""
    return {
        "address": person.address,
        "name": person.name,
        "languages": list(person.languages),
        "state": person.state,
        "digests": {
            name: {"topics": list(entry.topics), "frequency": entry.frequency}
            for name, entry in sorted(person.subscriptions.items())
        },
    }


def consent_as_data(consent: Consent) -> dict[str, object]:
    """Return what somebody agreed to, or withdrew."""
    return {
        "at": consent.at.isoformat(),
        "digest": consent.digest,
        "how": consent.how,
        "wording": consent.wording,
        "language": consent.language,
        "source": consent.source,
    }


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""
