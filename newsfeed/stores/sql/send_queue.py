"""The ledger as the sender uses it: claim deliveries, record results and intents, give back.

A delivery that waits has no owner, and ``next_try`` says from when on it is due. Taken up it has an
owner and keeps its state; the intent changes the state, the outcome ends the ownership. So a row
with an owner is somebody's business, and when that somebody is dead, its state tells what is known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, func, select, true, update

from newsfeed.records import LEASE_PREFIX, WaitingMails
from newsfeed.stores.sql.column_types import to_micros
from newsfeed.stores.sql.leases import end_dead_leases
from newsfeed.stores.sql.rows import plain_text, read_outgoing
from newsfeed.stores.sql.tables import deliveries, issues, outbox, subscribers, suppressions
from newsfeed.stores.sql.taking import IS_AHEAD, IS_OPEN, IS_PAST, RELEASE, free, moments

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from newsfeed.records import AddressedDelivery, DeliveryResult
    from newsfeed.stores.sql.engine import Database

_CLAIMABLE = (
    select(deliveries.c.id)
    .order_by(deliveries.c.next_try, deliveries.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)  # PostgreSQL: what another claims at this moment is passed over
)
_DUE = _CLAIMABLE.where(IS_OPEN, IS_PAST)
_AHEAD = _CLAIMABLE.where(IS_OPEN, IS_AHEAD)
_COUNT_DUE = select(func.count()).select_from(deliveries).where(IS_OPEN, IS_PAST | IS_AHEAD)
_NEXT = select(func.min(deliveries.c.next_try)).where(
    IS_OPEN, deliveries.c.next_try > bindparam("now"), ~IS_AHEAD
)
_COUNT_OPEN = select(func.count()).select_from(deliveries).where(IS_OPEN)
_REASON = (
    select(deliveries.c.reply)
    .where(IS_OPEN, deliveries.c.state == "deferred")
    .group_by(deliveries.c.reply)
    .order_by(func.count().desc(), deliveries.c.reply)
    .limit(1)
)
_UNDECIDED = (
    select(issues.c.digest, issues.c.slot, func.count())
    .join(issues, issues.c.id == deliveries.c.issue_id)
    .where(deliveries.c.state == "unknown", deliveries.c.next_try.is_not(None))
    .group_by(issues.c.digest, issues.c.slot)
    .order_by(issues.c.digest, issues.c.slot)
)
_SERVICE_MAILS = select(func.count(), func.min(outbox.c.next_try)).where(
    outbox.c.next_try.is_not(None), outbox.c.expires > bindparam("now")
)
_OWNERS = select(deliveries.c.owner).where(deliveries.c.owner.is_not(None)).distinct()
_WHY_NOT = (
    select(exists().where(suppressions.c.address_hash == subscribers.c.address_hash))
    .select_from(deliveries)
    .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
    .where(
        deliveries.c.id == bindparam("number"),
        deliveries.c.owner == bindparam("who"),
        deliveries.c.state.in_(("planned", "deferred")),
    )
    .with_for_update(of=deliveries)
)


class SqlSendQueue:
    """Implements `newsfeed.ports.SendQueue`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self, owner: str, now: datetime, limit: int, without: Collection[str] = ()
    ) -> Sequence[AddressedDelivery]:
        """Take up deliveries that are due, oldest first; last those that only a clock set back holds up."""
        allowed = deliveries.c.receivers.not_in(sorted(without)) if without else true()
        with self._database.write(lasting=False) as connection:
            due = list(connection.scalars(_DUE.where(allowed), {"now": now, "limit": limit}))
            if len(due) < limit:
                ahead = {**moments(now), "limit": limit - len(due)}
                due += connection.scalars(_AHEAD.where(allowed), ahead)
            if not due:
                return []
            these = deliveries.c.id.in_(due)
            connection.execute(update(deliveries).where(these).values(owner=owner))
        # They are ours now; reading them need not keep senders from their steps.
        with self._database.read() as connection:
            found = {one.delivery.id: one for one in read_outgoing(connection, these)}
        return [found[number] for number in due if number in found]

    def record(
        self, results: Sequence[DeliveryResult], beginning: Sequence[int], owner: str, now: datetime
    ) -> Sequence[str]:
        """Record results and intents; the hot path. What has a result is not ours any more, nor begins."""
        plain = [_plain(one) for one in results]
        ended = {one.delivery_id for one in results}
        wanted = [number for number in beginning if number not in ended]
        begun = self._database.record(plain, wanted, owner, to_micros(now))
        return ["go" if number in begun else self._refuse(number, owner, now) for number in beginning]

    def release(self, owner: str) -> None:
        """Give back what was claimed and not begun."""
        with self._database.write(lasting=False) as connection:
            connection.execute(RELEASE, {"who": owner})

    def put_off(self, numbers: Sequence[int], owner: str, until: datetime | None = None) -> None:
        """Give back some of what was claimed and not begun."""
        these = RELEASE.where(deliveries.c.id.in_(bindparam("numbers", expanding=True)))
        if until is not None:
            these = these.values(next_try=until)
        with self._database.write(lasting=False) as connection:
            connection.execute(these, {"who": owner, "numbers": list(numbers)})

    def recover(self, now: datetime) -> int:
        """Free what dead owners had claimed, processes and leases; their intents become unknown, undecided
        from now on.
        """
        with self._database.read() as connection:
            owners = connection.scalars(_OWNERS).all()
        processes = [owner for owner in owners if not owner.startswith(LEASE_PREFIX)]
        doubtful = end_dead_leases(self._database, now)
        for owner in processes:
            if not self._database.owners.is_alive(owner):
                with self._database.write(lasting=False) as connection:
                    doubtful += free(connection, owner, now)
        self._database.owners.hold_on()  # what was ours is free; what we take up from now on is ours
        return doubtful

    def count_due(self, now: datetime) -> tuple[int, datetime | None]:
        """Return how many deliveries are due now and not claimed, and when the next is due."""
        with self._database.read() as connection:
            return _count_due(connection, now)

    def count_waiting(self, now: datetime) -> WaitingMails:
        """Return what is still to be sent, service mails included, and is not claimed."""
        with self._database.read() as connection:
            due, next_try = _count_due(connection, now)
            number = connection.execute(_COUNT_OPEN).scalar_one()
            reason = connection.execute(_REASON).scalar() or ""
            undecided = {f"{digest}/{slot}": count for digest, slot, count in connection.execute(_UNDECIDED)}
            mails, next_mail = connection.execute(_SERVICE_MAILS, {"now": now}).one()
        if due or (mails and next_mail <= now):
            return WaitingMails(number + mails, None, reason, undecided)
        moments = [one for one in (next_try, next_mail) if one is not None]
        return WaitingMails(number + mails, min(moments, default=None), reason, undecided)

    def _refuse(self, delivery_id: int, owner: str, now: datetime) -> str:
        """Return why an intent was not recorded, and record that reason in a transaction of its own."""
        with self._database.write(lasting=False) as connection:
            which = {"number": delivery_id, "who": owner}
            suppressed = connection.execute(_WHY_NOT, which).scalar_one_or_none()
            if suppressed is None:
                return "taken"
            state = "suppressed" if suppressed else "left"
            outcome = {"state": state, "owner": None, "next_try": None, "settled_at": now}
            mine = update(deliveries).where(deliveries.c.id == delivery_id)
            connection.execute(mine.values(outcome))
        return state


def _plain(result: DeliveryResult) -> DeliveryResult:
    reply, relay = plain_text(result.reply), plain_text(result.relay)
    if (reply, relay) == (result.reply, result.relay):
        return result
    return replace(result, reply=reply, relay=relay)


def _count_due(connection: Connection, now: datetime) -> tuple[int, datetime | None]:
    due = connection.execute(_COUNT_DUE, moments(now)).scalar_one()
    return due, connection.execute(_NEXT, moments(now)).scalar_one()
