"""Move the readers of a digest that was renamed, or is no more, to another one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from newsfeed.core.people import subscription
from newsfeed.subscribers.roster import retry_when_stale

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.subscribers.roster import RosterContext

_BATCH = 1_000


def move_readers(context: RosterContext, old: str, new: str, now: datetime) -> tuple[int, int]:
    """Move everybody from one digest to another; return how many read the new one now, and how many had left
    that one before and stay away.

    What they had, and links in mails they got, go on counting. Killed in between it can be run again.
    """
    context.people.record_digest_move(old, new)  # first: nobody moved may get a story a second time
    moved = stayed = 0
    numbers = [one.id for one in context.people.all(old)]
    for start in range(0, len(numbers), _BATCH):
        done = retry_when_stale(partial(_move, context, numbers[start : start + _BATCH], old, new, now))
        moved, stayed = moved + done[0], stayed + done[1]
    return moved, stayed


def _move(
    context: RosterContext, numbers: Sequence[int], old: str, new: str, now: datetime
) -> tuple[int, int]:
    changed, records, stayed = [], [], 0
    for number in numbers:
        person = context.people.get(number)
        if person is None or old not in person.subscriptions:  # erased, or left, meanwhile
            continue
        records_of_new = [one for one in context.people.consents(person.key) if one.digest == new]
        withdrawn = subscription.has_withdrawn(records_of_new, new)
        stayed += withdrawn
        changed.append(subscription.after_move(person, old, new, withdrawn=withdrawn))
        records.append(
            subscription.make_consent(
                person,
                old if withdrawn else new,
                now,
                how="moved",
                wording=f"{old} → {new}",
                source="operator",
            )
        )
    if changed:
        context.people.save(changed, records)
    return len(changed) - stayed, stayed
