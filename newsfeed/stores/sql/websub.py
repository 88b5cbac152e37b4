"""Keep who follows which feed over our own hub, and which requests are to be made."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, case, delete, func, select, update

from newsfeed.records import WebSubSubscription, WebSubTask
from newsfeed.stores.sql.tables import websub_subscriptions, websub_tasks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from newsfeed.stores.sql.engine import Database

_TAKEN = timedelta(minutes=2)
"""A task given out is done by others after this, should whoever has it die."""
_LONGEST_PAUSE = timedelta(days=1)
_KEY = ("kind", "topic", "target")
_VALUES = ("mode", "secret", "lease", "created", "next_try", "attempts")
_FIRST = case((websub_tasks.c.kind == "ping", 0), (websub_tasks.c.kind == "verify", 1), else_=2)
_TAKE = (
    update(websub_tasks)
    .where(websub_tasks.c.id == bindparam("number"))
    .values(next_try=bindparam("until"), attempts=websub_tasks.c.attempts + 1)
)


class SqlWebSubBook:
    """Implements `newsfeed.service_ports.WebSubBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, tasks: Sequence[WebSubTask]) -> None:
        """Keep tasks, each in place of the one before."""
        if not tasks:
            return
        insert = self._database.insert(websub_tasks)
        newest = {name: insert.excluded[name] for name in _VALUES}
        statement = insert.on_conflict_do_update(index_elements=list(_KEY), set_=newest)
        rows = [{name: getattr(task, name) for name in (*_KEY, *_VALUES)} for task in tasks]
        with self._database.write() as connection:
            connection.execute(statement, rows)

    def due(self, now: datetime, limit: int) -> Sequence[WebSubTask]:
        """Return tasks to do now, those for hubs that the configuration names before those for strangers, of
        whom there may be thousands that answer slowly; nobody else gets them for two minutes.
        """
        table = websub_tasks.c
        wanted = (table.next_try <= now) | (table.next_try > now + _LONGEST_PAUSE)
        query = select(websub_tasks).where(wanted).order_by(_FIRST, table.next_try, table.id).limit(limit)
        with self._database.read() as connection:
            if connection.execute(query.limit(1)).first() is None:
                return []  # the usual case must not wait for the write lock
        with self._database.write() as connection:
            rows = connection.execute(query.with_for_update(skip_locked=True)).all()
            if rows:
                until = now + _TAKEN
                connection.execute(_TAKE, [{"number": row.id, "until": until} for row in rows])
        return [_task_of(row) for row in rows]

    def finish(self, task: WebSubTask) -> None:
        """Forget a task that was done or given up."""
        with self._database.write() as connection:
            connection.execute(delete(websub_tasks).where(_is_still(task)))

    def reschedule(self, task: WebSubTask, next_try: datetime) -> None:
        """Do a task again at a moment."""
        with self._database.write() as connection:
            connection.execute(update(websub_tasks).where(_is_still(task)).values(next_try=next_try))

    def subscribe(self, subscription: WebSubSubscription) -> None:
        """Keep a subscription in place of the one before."""
        insert = self._database.insert(websub_subscriptions)
        newest = {name: insert.excluded[name] for name in ("secret", "expires")}
        statement = insert.on_conflict_do_update(index_elements=["topic", "callback"], set_=newest)
        row = {name: getattr(subscription, name) for name in ("topic", "callback", "secret", "expires")}
        with self._database.write() as connection:
            connection.execute(statement, row)

    def unsubscribe(self, topic: str, callback: str) -> None:
        """Forget a subscription, and what was to be sent for it."""
        table = websub_tasks.c
        deliveries = (table.kind == "deliver") & (table.topic == topic) & (table.target == callback)
        with self._database.write() as connection:
            connection.execute(delete(websub_subscriptions).where(_is_of(topic, callback)))
            connection.execute(delete(websub_tasks).where(deliveries))

    def subscription(self, topic: str, callback: str, now: datetime) -> WebSubSubscription | None:
        """Return a subscription that has not expired."""
        table = websub_subscriptions
        query = select(table).where(_is_of(topic, callback), table.c.expires > now)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return _subscription_of(row) if row else None

    def subscribers(self, topic: str, now: datetime) -> Sequence[WebSubSubscription]:
        """Return the subscriptions of a topic that have not expired."""
        table = websub_subscriptions
        query = select(table).where(table.c.topic == topic, table.c.expires > now).order_by(table.c.callback)
        with self._database.read() as connection:
            return [_subscription_of(row) for row in connection.execute(query)]

    def count(self, callback_start: str = "") -> int:
        """Return how many subscriptions and verifications there are, whose callback begins so."""
        tasks, kept = websub_tasks.c, websub_subscriptions.c
        waiting = select(func.count()).where(
            tasks.kind == "verify", tasks.target.startswith(callback_start, autoescape=True)
        )
        held = select(func.count()).where(kept.callback.startswith(callback_start, autoescape=True))
        with self._database.read() as connection:
            return int(connection.execute(waiting).scalar_one() + connection.execute(held).scalar_one())

    def forget_expired(self, now: datetime) -> int:
        """Forget subscriptions that have expired."""
        old = websub_subscriptions.c.expires <= now
        with self._database.write() as connection:
            return connection.execute(delete(websub_subscriptions).where(old)).rowcount

    def waiting(self) -> int:
        """Return how many tasks there are."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(websub_tasks)).scalar_one())


def _is_still(task: WebSubTask) -> ColumnElement[bool]:
    """Match a task, unless a newer one has taken its place."""
    return (websub_tasks.c.id == task.id) & (websub_tasks.c.created == task.created)


def _is_of(topic: str, callback: str) -> ColumnElement[bool]:
    return (websub_subscriptions.c.topic == topic) & (websub_subscriptions.c.callback == callback)


def _task_of(row: Row[Any]) -> WebSubTask:
    """Return a task as it was before it was given out just now."""
    return WebSubTask(**{name: getattr(row, name) for name in ("id", *_KEY, *_VALUES)})


def _subscription_of(row: Row[Any]) -> WebSubSubscription:
    return WebSubSubscription(topic=row.topic, callback=row.callback, secret=row.secret, expires=row.expires)
