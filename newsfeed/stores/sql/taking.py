"""Conditions of what may be taken up, and statements that free what somebody had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, func, literal_column, update

from newsfeed.core.delivery.retry_policy import LONGEST_PAUSE, SHORTEST_PAUSE
from newsfeed.stores.sql.tables import OPEN, deliveries

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

IS_OPEN: ColumnElement[bool] = literal_column(f"({OPEN})")
IS_PAST = deliveries.c.next_try <= bindparam("now")
IS_AHEAD = (deliveries.c.next_try > bindparam("now")) & (
    ((deliveries.c.attempts == 0) & (deliveries.c.planned_at > bindparam("now")))
    | ((deliveries.c.attempts > 0) & (deliveries.c.state == "planned"))  # a doubt, to be sent again
    | (func.coalesce(deliveries.c.settled_at, deliveries.c.planned_at) > bindparam("soon"))
    | (deliveries.c.next_try > bindparam("beyond"))
)
"""Due all the same: it was planned, tried or decided by a clock that was set back since. Of a try the
difference must be worth more than a pause, so that a clock that is corrected hurries nothing."""
RELEASE = (
    update(deliveries)
    .where(deliveries.c.owner == bindparam("who"), deliveries.c.state != "intent")
    .values(owner=None)
)
DOUBT = (
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


def free(connection: Connection, owner: str, now: datetime) -> int:
    """Free what an owner that is no more had taken up; return how many were on the wire."""
    doubtful = connection.execute(DOUBT, {"who": owner, "now": now}).rowcount
    connection.execute(RELEASE, {"who": owner})
    return doubtful


def moments(now: datetime) -> dict[str, datetime]:
    """Return the parameters of `IS_AHEAD`."""
    return {"now": now, "soon": now + SHORTEST_PAUSE, "beyond": now + LONGEST_PAUSE}
