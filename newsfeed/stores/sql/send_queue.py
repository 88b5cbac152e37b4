"""The ledger as the sender uses it: claim deliveries, record results and intents, give back.

A delivery that waits has no owner, and ``next_try`` says from when on it is due. Taken up it has an
owner and keeps its state; the intent changes the state, the outcome ends the ownership. So a row
with an owner is somebody's business, and when that somebody is dead, its state tells what is known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, exists, func, literal_column, select, update

from newsfeed.core.delivery.retry_policy import LONGEST_PAUSE, SHORTEST_PAUSE
from newsfeed.records import WaitingMails
from newsfeed.stores.sql.rows import plain_text, read_outgoing
from newsfeed.stores.sql.tables import (
    OPEN,
    deliveries,
    issues,
    outbox,
    subscribers,
    suppressions,
    to_micros,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from newsfeed.records import AddressedDelivery, DeliveryResult
    from newsfeed.stores.sql.engine import Database

_OPEN: ColumnElement[bool] = literal_column(f"({OPEN})")
_CLAIMABLE = (
    select(deliveries.c.id)
    .order_by(deliveries.c.next_try, deliveries.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)  # PostgreSQL: what another claims at this moment is passed over
)
_IS_PAST = deliveries.c.next_try <= bindparam("now")
_IS_AHEAD = (deliveries.c.next_try > bindparam("now")) & (
    ((deliveries.c.attempts == 0) & (deliveries.c.planned_at > bindparam("now")))
    | ((deliveries.c.attempts > 0) & (deliveries.c.state == "planned"))  # a doubt, to be sent again
    | (func.coalesce(deliveries.c.settled_at, deliveries.c.planned_at) > bindparam("soon"))
    | (deliveries.c.next_try > bindparam("beyond"))
)
"""Due all the same: it was planned, tried or decided by a clock that was set back since. Of a try the
difference must be worth more than a pause, so that a clock that is corrected hurries nothing."""
_DUE = _CLAIMABLE.where(_OPEN, _IS_PAST)
_AHEAD = _CLAIMABLE.where(_OPEN, _IS_AHEAD)
_COUNT_DUE = select(func.count()).select_from(deliveries).where(_OPEN, _IS_PAST | _IS_AHEAD)
_NEXT = select(func.min(deliveries.c.next_try)).where(
    _OPEN, deliveries.c.next_try > bindparam("now"), ~_IS_AHEAD
)
_COUNT_OPEN = select(func.count()).select_from(deliveries).where(_OPEN)
_REASON = (
    select(deliveries.c.reply)
    .where(_OPEN, deliveries.c.state == "deferred")
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
_RELEASE = (
    update(deliveries)
    .where(deliveries.c.owner == bindparam("who"), deliveries.c.state != "intent")
    .values(owner=None)
)
_DOUBT = (
    update(deliveries)
    .where(deliveries.c.owner == bindparam("who"), deliveries.c.state == "intent")
    .values(
        state="unknown",
        owner=None,
        settled_at=bindparam("now"),
        # Who was erased is decided: nothing can be sent again.
        next_try=case((deliveries.c.subscriber_id.is_not(None), bindparam("now"))),
    )
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

    def claim(self, owner: str, now: datetime, limit: int) -> Sequence[AddressedDelivery]:
        """Take up deliveries that are due, oldest first; last those that only a clock set back holds up."""
        with self._database.write(lasting=False) as connection:
            due = list(connection.scalars(_DUE, {"now": now, "limit": limit}))
            if len(due) < limit:
                due += connection.scalars(_AHEAD, {**_moments(now), "limit": limit - len(due)})
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
            connection.execute(_RELEASE, {"who": owner})

    def recover(self, now: datetime) -> int:
        """Free what dead owners had claimed; their intents become unknown, undecided from now on."""
        with self._database.read() as connection:
            owners = connection.scalars(_OWNERS).all()
        dead = [owner for owner in owners if not self._database.owners.is_alive(owner)]
        doubtful = 0
        for owner in dead:
            with self._database.write(lasting=False) as connection:
                doubtful += connection.execute(_DOUBT, {"who": owner, "now": now}).rowcount
                connection.execute(_RELEASE, {"who": owner})
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


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "soon": now + SHORTEST_PAUSE, "beyond": now + LONGEST_PAUSE}


def _count_due(connection: Connection, now: datetime) -> tuple[int, datetime | None]:
    due = connection.execute(_COUNT_DUE, _moments(now)).scalar_one()
    return due, connection.execute(_NEXT, _moments(now)).scalar_one()
