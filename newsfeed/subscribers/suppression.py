"""Take back that an address is never to be written to: for people who ask for it in person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.people import subscription
from newsfeed.records import Subscriber
from newsfeed.subscribers.roster import retry_when_stale

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.subscribers.roster import RosterContext


def unsuppress_address(
    context: RosterContext, address: str, *, consent: str, language: str, now: datetime
) -> Subscriber | None:
    """Allow mails to a (normalised) address again, and record how the person asked for it; return the person,
    or ``None`` when the address was not suppressed. It subscribes nobody to anything.

    The record needs somebody to belong to: an address that nobody has gets a person who reads nothing,
    in ``language``.
    """
    hashed = context.hash_address(address)
    if hashed not in context.people.suppressions([hashed]):
        return None

    def decision() -> Subscriber:
        fresh = Subscriber(key=context.new_key(), address=address, languages=(language,), state="left")
        person = subscription.after_unsuppression(context.people.find(address), fresh)
        record = subscription.make_consent(
            person, "", now, how="unsuppressed", wording=consent, source="operator"
        )
        return context.people.save([person], [record])[0]

    person = retry_when_stale(decision)
    context.people.unsuppress(hashed)  # last: whoever is killed before it can run the command again
    return person
