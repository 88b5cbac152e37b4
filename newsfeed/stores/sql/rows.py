"""Convert rows of tables into records."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, Text, bindparam, select, type_coerce

from newsfeed.core.digests.planning import FREQUENCIES
from newsfeed.errors import OutsideError
from newsfeed.marking import N_
from newsfeed.records import (
    SUBSCRIBER_STATES,
    AddressedDelivery,
    Delivery,
    Issue,
    Subscriber,
    Subscription,
)
from newsfeed.stores.sql.column_types import AlteredValueError, read_words
from newsfeed.stores.sql.tables import deliveries, issues, renderings, subscribers, subscriptions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row

_LONGEST_REPLY = 500
SUBSCRIBER = (
    subscribers.c.id,
    subscribers.c.key,
    subscribers.c.address,
    subscribers.c.name,
    type_coerce(subscribers.c.languages, Text).label("languages"),
    subscribers.c.state,
    subscribers.c.zone,
    subscribers.c.revision,
)
"""The columns `subscriber_from_row` reads, in this order."""
DELIVERY = (
    deliveries.c.id,
    deliveries.c.issue_id,
    deliveries.c.subscriber_id,
    renderings.c.group_name,
    deliveries.c.state,
    deliveries.c.attempts,
    deliveries.c.next_try,
    deliveries.c.message_id,
    deliveries.c.reply,
    deliveries.c.relay,
    deliveries.c.planned_at,
    deliveries.c.intent_at,
    deliveries.c.settled_at,
)
"""The columns `delivery_from_row` reads, in this order."""


_PLACES = select(
    subscriptions.c.subscriber_id,
    subscriptions.c.digest,
    type_coerce(subscriptions.c.topics, Text),
    subscriptions.c.frequency,
).order_by(subscriptions.c.subscriber_id, subscriptions.c.digest)
_BETWEEN = _PLACES.where(subscriptions.c.subscriber_id.between(bindparam("first"), bindparam("last")))
_AMONG = _PLACES.where(subscriptions.c.subscriber_id.in_(bindparam("people", expanding=True)))


def plain_text(words: str) -> str:
    """Return a stranger's words, fit for one line of a table: no control characters, nothing that is no
    Unicode, not endless.
    """
    if not (words.isascii() and words.isprintable()):
        words = words.encode("utf-8", "replace").decode()
        words = "".join(char if char.isprintable() else " " for char in words)
    return words[:_LONGEST_REPLY]


def subscriber_from_row(row: Sequence[Any], subscribed: Mapping[str, Subscription]) -> Subscriber:
    """Return the person of a row that starts with `SUBSCRIBER`. Raises `OutsideError` when another program
    has put something into it that is about nobody.
    """
    number, key, address, name, stored, state, zone, revision = row
    if state not in SUBSCRIBER_STATES:
        raise _altered(number, "state")
    for column, text in (("key", key), ("address", address), ("name", name), ("zone", zone)):
        if not isinstance(text, str):  # SQLite keeps whatever it is given
            raise _altered(number, column)
    try:
        languages = read_words(stored)
    except AlteredValueError as error:
        raise _altered(number, "languages") from error
    return Subscriber(
        id=number,
        key=key,
        address=address,
        name=name,
        languages=languages,
        state=state,
        zone=zone,
        subscriptions=subscribed,
        revision=revision,
    )


def read_subscriptions(connection: Connection, people: Iterable[int]) -> dict[int, dict[str, Subscription]]:
    """Read the subscriptions of these people, each person's in the order of their names."""
    found: dict[int, dict[str, Subscription]] = {number: {} for number in people}
    if not found:
        return found
    first, last = min(found), max(found)
    if last - first < 4 * len(found):  # neighbours: reading a few too many is quicker than naming all
        rows = connection.execute(_BETWEEN, {"first": first, "last": last})
    else:
        rows = connection.execute(_AMONG, {"people": list(found)})
    for number, digest, topics, frequency in rows.all():
        if number in found:
            found[number][digest] = _subscription_of(number, digest, topics, frequency)
    return found


def _subscription_of(number: int, digest: str, topics: str, frequency: str) -> Subscription:
    try:
        return _subscription(digest, topics, frequency)
    except AlteredValueError as error:
        raise _altered(number, "topics", "subscriptions") from error
    except LookupError as error:
        raise _altered(number, "frequency", "subscriptions") from error


def _altered(number: int, column: str, table: str = "subscribers") -> OutsideError:
    """Return the error of a value that newsfeed never writes. It names the place and not the value, which may
    be about somebody.
    """
    return OutsideError(
        N_("in the database, {table}.{column} of person {number} holds what newsfeed never writes"),
        N_("correct it in the database, or restore that from a backup"),
        table=table,
        column=column,
        number=number,
    )


@lru_cache(maxsize=1024)
def _subscription(digest: str, topics: str, frequency: str) -> Subscription:
    if frequency not in FREQUENCIES:
        raise LookupError
    return Subscription(digest=digest, topics=read_words(topics), frequency=frequency)


def people_from_rows(connection: Connection, rows: Sequence[Sequence[Any]]) -> list[Subscriber]:
    """Return the people of rows of `SUBSCRIBER`, with their subscriptions."""
    places = read_subscriptions(connection, [row[0] for row in rows])
    return [subscriber_from_row(row, places[row[0]]) for row in rows]


def delivery_from_row(row: Sequence[Any]) -> Delivery:
    """Return the delivery of a row that starts with `DELIVERY`; somebody erased has number 0."""
    number, issue, person, group, state, attempts, next_try, message_id, reply, relay, *times = row
    return Delivery(
        id=number,
        issue_id=issue,
        subscriber_id=person or 0,
        group=group,
        state=state,
        attempts=attempts,
        next_try=next_try,
        message_id=message_id,
        reply=reply,
        relay=relay,
        planned_at=times[0],
        intent_at=times[1],
        settled_at=times[2],
    )


def issue_from_row(row: Row[Any]) -> Issue:
    """Return the issue of a row of its table."""
    return Issue(
        id=row.id,
        digest=row.digest,
        slot=row.slot,
        instant=row.instant,
        created=row.created,
        commit=row.commit_id,
        content_hash=row.content_hash,
        revisions=row.revisions,
    )


_PARCELS: Select[Any] = (
    select(issues.c.digest, deliveries.c.receivers, *SUBSCRIBER, *DELIVERY)
    .select_from(deliveries)
    .join(issues, issues.c.id == deliveries.c.issue_id)
    .join(renderings, renderings.c.id == deliveries.c.rendering_id)
    .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
)


def read_outgoing(connection: Connection, which: ColumnElement[bool]) -> list[AddressedDelivery]:
    """Read deliveries to people who are there, with all that is needed to send them."""
    rows = connection.execute(_PARCELS.where(which)).all()
    width = len(SUBSCRIBER) + 2
    places = read_subscriptions(connection, {row[2] for row in rows})
    return [
        AddressedDelivery(
            delivery_from_row(row[width:]), subscriber_from_row(row[2:width], places[row[2]]), row[0], row[1]
        )
        for row in rows
    ]
