"""Guard that only the place that sends from a store mails anybody; say what would happen elsewhere."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.core.delivery.instance import (
    InstanceStanding,
    InstanceState,
    begin_anew,
    judge_instance,
)
from newsfeed.core.digests import planning
from newsfeed.errors import OutsideError
from newsfeed.instance_records import PlaceMark
from newsfeed.marking import N_
from newsfeed.stores.instance_file import find_place, read_place_mark, write_place_mark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, tzinfo

    from newsfeed.app.delivery import DeliveryContext
    from newsfeed.core.digests.slots import Slot
    from newsfeed.instance_records import StoreMark
    from newsfeed.records import WaitingMails

HAD_IT = "sent from elsewhere, before this store was activated"
"""The reply in the ledger of deliveries that were waiting in a copy and are sent by nobody."""
_REASONS = {
    InstanceState.UNKNOWN: N_(
        "this store comes out of a backup, or was sent from elsewhere; nobody got mail"
    ),
    InstanceState.MOVED: N_("this store is a copy: it was sent from {place}; nobody got mail"),
    InstanceState.OLDER: N_("this store is older than what was sent from here; nobody got mail"),
}


@dataclass(frozen=True, slots=True)
class DigestOutlook:
    """The next issue of a digest, once its store may be sent from."""

    name: str
    readers: int
    zone: tzinfo
    due: Slot | None
    """A slot without an issue: it would be planned at once."""
    next_slot: Slot


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that would happen if mail were sent from here."""

    standing: InstanceStanding
    digests: Sequence[DigestOutlook]
    waiting: WaitingMails


def find_standing(context: DeliveryContext) -> InstanceStanding:
    """Return how the store and this place belong together. Raises `OutsideError` when that cannot be read."""
    store = context.settings.store
    file = context.root / store.sqlite_file if store.sqlite_file else None
    here = find_place(context.root, file)
    kept = read_place_mark(context.root / store.instance_file)
    stored = context.store.instance.read()
    return InstanceStanding(judge_instance(stored, kept, here), stored, kept, here)


def require_active(context: DeliveryContext) -> None:
    """Let mail be sent from here, and note that it was. Raises `OutsideError` in a copy of the store."""
    standing = find_standing(context)
    if standing.state is InstanceState.NEW:
        context.store.instance.begin(begin_anew(new_fence))
    elif standing.state is not InstanceState.ACTIVE:
        raise explain_sleep(standing)
    _grow(context)


def note_sending(context: DeliveryContext) -> None:
    """Note that mail is still sent from here. Raises `OutsideError` when another place was activated since: a
    service that still runs must not take over its mark.
    """
    standing = find_standing(context)
    if standing.state is not InstanceState.ACTIVE:
        raise explain_sleep(standing)
    _grow(context)


def _grow(context: DeliveryContext) -> None:
    """Let the store's mark grow, and the one outside with it: an older copy will be known by its mark."""
    mark = context.store.instance.advance()
    if mark is not None:
        _keep(context, mark)


def look_ahead(context: DeliveryContext, now: datetime) -> Outlook:
    """Return what would happen if mail were sent from here."""
    settings, store = context.settings, context.store
    readers = store.people.count_readers()
    next_slots = planning.find_next_slots(settings.digests.values(), now)
    digests = [
        DigestOutlook(
            name,
            readers.get(name, 0),
            digest.timezone,
            planning.find_due_slot(digest, store.issues.slots(name, now - planning.MEMORY), now),
            next_slots[name],
        )
        for name, digest in settings.digests.items()
    ]
    return Outlook(find_standing(context), digests, store.send_queue.count_waiting(now))


def activate(context: DeliveryContext, *, beside: bool) -> None:
    """Let mail be sent from here from now on.

    Every other place that sent from this store, or from a copy of it that is kept in step, is a copy then;
    with ``beside`` they go on, for machines that share one database.
    """
    book = context.store.instance
    mark = book.read() if beside else None
    if mark is None:
        mark = begin_anew(new_fence)
        book.write(mark)
    _keep(context, mark)


@dataclass(frozen=True, slots=True)
class PastSettled:
    """The deliveries and stories put on record as had, before a copy was activated."""

    deliveries: int
    people: Mapping[str, int]
    """Digest → people to whom stories up to that day are no news any more."""


def settle_past(context: DeliveryContext, until: date, now: datetime) -> PastSettled:
    """Let everybody have had what was waiting, and all stories up to the end of a day.

    The backup may have been made while mails went out: what their sender had taken up waits as well, and what
    was on the wire is not sent again.
    """
    from newsfeed.app.moving_people import remember_sent

    issues = context.store.issues
    context.store.send_queue.recover(now)
    waiting = issues.settle_waiting(HAD_IT, now)
    for name in context.settings.digests:
        for issue_id in issues.slots(name, now - planning.MEMORY).values():
            issues.decide_doubts(issue_id, resend=False, now=now)
    readers = context.store.people.count_readers()
    people = {
        name: remember_sent(context, name, until, now)[0]
        for name in context.settings.digests
        if readers.get(name)
    }
    return PastSettled(waiting, people)


def explain_sleep(standing: InstanceStanding) -> OutsideError:
    """Return why no mail is sent from here, and what to do."""
    kept = standing.kept
    place = kept.place.path if kept is not None else ""
    return OutsideError(
        _REASONS[standing.state],
        N_("see what would happen with newsfeed activate, then say so with newsfeed activate --yes"),
        place=place,
    )


def _keep(context: DeliveryContext, mark: StoreMark) -> None:
    store = context.settings.store
    file = context.root / store.sqlite_file if store.sqlite_file else None
    path = context.root / store.instance_file
    write_place_mark(path, PlaceMark(mark, find_place(context.root, file)))


def new_fence() -> str:
    """Return a mark that no other store has."""
    return secrets.token_urlsafe(16)
