"""Keep issues, what they say, and who was to get them."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, or_, select, update

from newsfeed.core.delivery.receivers.groups import domain_of
from newsfeed.core.delivery.tasks import send_batch_task
from newsfeed.errors import OutsideError
from newsfeed.marking import N_
from newsfeed.records import Rendering, WaitingRendering
from newsfeed.stores.sql.batching import Batching
from newsfeed.stores.sql.moves import names_of
from newsfeed.stores.sql.rows import DELIVERY, delivery_from_row, issue_from_row
from newsfeed.stores.sql.tables import deliveries, issues, renderings, subscribers
from newsfeed.stores.sql.taking import IS_OPEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from newsfeed.queue_ports import TaskQueue
    from newsfeed.records import Delivery, Issue
    from newsfeed.stores.sql.engine import Database

_CHUNK = 2000
"""Deliveries planned at a time: what is held in memory, and asked for at once."""
_NOTHING_CAME = ("refused", "expired", "suppressed", "left", "withdrawn")
"""States of deliveries that certainly brought nothing."""
_UNKNOWN = (deliveries.c.state == "unknown") & deliveries.c.subscriber_id.is_not(None)
_SOME = 20
"""Readers of a mail that are named: enough to find one that has not changed since."""
_UNDECIDED = (deliveries.c.state == "unknown") & deliveries.c.next_try.is_not(None)


class SqlIssues:
    """Implements `newsfeed.ports.Issues`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stories_received(self, digest: str, since: datetime) -> Mapping[int, frozenset[str]]:
        """Return subscriber id → ids of the stories in their deliveries since a moment."""
        recent = or_(issues.c.created >= since, issues.c.instant >= since)
        query = (
            select(renderings.c.issue_id, renderings.c.id, renderings.c.stories)
            .join(issues, issues.c.id == renderings.c.issue_id)
            .order_by(renderings.c.issue_id)
        )
        found: dict[int, frozenset[str]] = {}
        with self._database.read() as connection:
            theirs = issues.c.digest.in_(names_of(connection, digest))
            parts = connection.execute(query.where(theirs, recent)).all()
            stories = {number: frozenset(some) for _, number, some in parts}
            for issue_id in dict.fromkeys(issue_id for issue_id, _, _ in parts):
                _add(found, _who_got_what(connection, issue_id), stories)
        return found

    def slots(self, digest: str, since: datetime) -> Mapping[str, int]:
        """Return slot key → issue id of the issues since a moment."""
        query = select(issues.c.slot, issues.c.id).where(issues.c.instant >= since).order_by(issues.c.id)
        with self._database.read() as connection:
            theirs = issues.c.digest.in_(names_of(connection, digest))
            return {row[0]: row[1] for row in connection.execute(query.where(theirs))}

    def of_digest(self, digest: str) -> Sequence[Issue]:
        """Return every issue of a digest, in the order in which they were planned."""
        with self._database.read() as connection:
            theirs = issues.c.digest.in_(names_of(connection, digest))
            rows = connection.execute(select(issues).where(theirs).order_by(issues.c.id)).all()
        return [issue_from_row(row) for row in rows]

    def plan(
        self,
        issue: Issue,
        parts: Sequence[Rendering],
        audience: Iterable[Delivery],
        queue: TaskQueue | None = None,
        receivers_of: Callable[[str], str] | None = None,
    ) -> Issue | None:
        """Freeze an issue. Who was erased since the audience was drawn up is left out."""
        with self._database.write() as connection:
            row = {
                "digest": issue.digest,
                "slot": issue.slot,
                "instant": issue.instant,
                "created": issue.created,
                "commit_id": issue.commit,
                "content_hash": issue.content_hash,
                "revisions": dict(issue.revisions),
            }
            statement = self._database.insert(issues).on_conflict_do_nothing().returning(issues.c.id)
            number = connection.execute(statement, row).scalar()
            if number is None:
                return None
            planned = replace(issue, id=number)
            groups = _freeze(connection, number, parts)
            batching = None if queue is None else Batching(self._database, connection, number)
            for chunk in _chunks(iter(audience)):
                rows = _rows(connection, planned, groups, chunk, receivers_of or domain_of)
                if batching is not None:
                    batching.assign(rows)
                self._database.insert_rows(connection, deliveries, rows)
            self._database.analyse(connection, deliveries)
            if queue is not None and batching is not None:
                tasks = [send_batch_task(one) for one in batching.finish()]
                queue.defer(tasks, transaction=connection.connection.driver_connection)
        return planned

    def find(self, issue: str) -> Issue | None:
        """Return an issue by number, or by ``digest/slot``; the newest of a digest by its name."""
        digest, slash, slot = issue.partition("/")
        query = select(issues).order_by(issues.c.instant.desc(), issues.c.id.desc()).limit(1)
        if slash:
            query = query.where(issues.c.slot == slot)
        with self._database.read() as connection:
            query = query.where(issues.c.digest.in_(names_of(connection, digest)))
            row = None
            if issue.isascii() and issue.isdecimal() and len(issue) < 18:
                row = connection.execute(select(issues).where(issues.c.id == int(issue))).one_or_none()
            row = row or connection.execute(query).one_or_none()
        return issue_from_row(row) if row else None

    def rendering(self, issue_id: int, group: str) -> Rendering:
        """Return a group's rendering; raises `OutsideError` when the store has no such group."""
        query = select(renderings).where(renderings.c.issue_id == issue_id, renderings.c.group_name == group)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise OutsideError(
                N_("{where} has no group {group} of issue {issue_id}"),
                where=self._database.where,
                group=str(group),
                issue_id=str(issue_id),
            )
        return Rendering(
            group=row.group_name,
            lang=row.lang,
            stories=row.stories,
            headers=tuple((name, value) for name, value in row.headers),
            body=bytes(row.body),
        )

    def waiting_renderings(self) -> Sequence[WaitingRendering]:
        """Return what is frozen and has not left to everybody."""
        waiting = select(deliveries.c.rendering_id).where(IS_OPEN).distinct()
        with self._database.read() as connection:
            query = (
                select(
                    renderings.c.id, renderings.c.group_name, renderings.c.lang, renderings.c.stories, issues
                )
                .join(issues, issues.c.id == renderings.c.issue_id)
                .where(renderings.c.id.in_(waiting))
                .order_by(renderings.c.id)
            )
            return [_waiting(connection, row) for row in connection.execute(query).all()]

    def replace_waiting(self, issue_id: int, group: str, new: Rendering | None, now: datetime) -> int:
        """Let the deliveries of a group that wait bring something else, or call them off."""
        with self._database.write() as connection:
            groups = _groups(connection, issue_id)
            if new is not None and new.group not in groups:
                groups = _freeze(connection, issue_id, [new])
            change = update(deliveries).where(deliveries.c.rendering_id == groups[group], IS_OPEN)
            if new is None:
                change = change.values(state="withdrawn", next_try=None, settled_at=now)
            else:
                change = change.values(rendering_id=groups[new.group], next_try=now)
            return connection.execute(change).rowcount

    def deliveries(self, subscriber_id: int) -> Sequence[tuple[Issue, Delivery]]:
        """Return every delivery to one person, newest first."""
        query = (
            select(*DELIVERY, issues)
            .select_from(deliveries)
            .join(issues, issues.c.id == deliveries.c.issue_id)
            .join(renderings, renderings.c.id == deliveries.c.rendering_id)
            .where(deliveries.c.subscriber_id == subscriber_id)
            .order_by(issues.c.instant.desc(), deliveries.c.id.desc())
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [(_issue_beside(row), delivery_from_row(row[: len(DELIVERY)])) for row in rows]

    def receipt(self, issue_id: int) -> Mapping[str, Mapping[str, int]]:
        """Return language → state → number of deliveries; sums to the audience."""
        query = (
            select(renderings.c.lang, deliveries.c.state, func.count())
            .join(deliveries, deliveries.c.rendering_id == renderings.c.id)
            .where(deliveries.c.issue_id == issue_id)
            .group_by(renderings.c.lang, deliveries.c.state)
            .order_by(renderings.c.lang, deliveries.c.state)
        )
        found: dict[str, dict[str, int]] = {}
        with self._database.read() as connection:
            for lang, state, count in connection.execute(query):
                found.setdefault(lang, {})[state] = count
        return found

    def decide_doubts(self, issue_id: int, resend: bool, now: datetime, *, again: bool = False) -> int:
        """Decide the unknown deliveries of an issue that nobody has decided yet, or all of them."""
        which = _UNKNOWN if again else _UNDECIDED
        change = update(deliveries).where(deliveries.c.issue_id == issue_id, which)
        change = change.values(state="planned", next_try=now) if resend else change.values(next_try=None)
        with self._database.write() as connection:
            return connection.execute(change).rowcount

    def bring_forward(self, receivers: str, until: datetime, now: datetime) -> int:
        """Make what was put off due."""
        these = (IS_OPEN, deliveries.c.receivers == receivers, deliveries.c.next_try == until)
        with self._database.write() as connection:
            return connection.execute(update(deliveries).where(*these).values(next_try=now)).rowcount

    def settle_waiting(self, reply: str, now: datetime) -> int:
        """Record all deliveries that nobody has on the wire as accepted, with a reply."""
        change = update(deliveries).where(IS_OPEN)
        change = change.values(state="accepted", reply=reply, next_try=None, settled_at=now)
        with self._database.write() as connection:
            return connection.execute(change).rowcount


def _who_got_what(connection: Connection, issue_id: int) -> Iterable[Sequence[Any]]:
    query = select(deliveries.c.subscriber_id, deliveries.c.rendering_id).where(
        deliveries.c.issue_id == issue_id,
        deliveries.c.subscriber_id.is_not(None),
        deliveries.c.state.not_in(_NOTHING_CAME),
    )
    return connection.execute(query)


def _add(
    found: dict[int, frozenset[str]],
    got: Iterable[Sequence[Any]],
    stories: Mapping[int, frozenset[str]],
) -> None:
    """Add one issue's stories. Readers with the same past share one set, made once."""
    nothing: frozenset[str] = frozenset()
    unions: dict[tuple[frozenset[str], int], frozenset[str]] = {}
    for person, rendering in got:
        before = found.get(person, nothing)
        which = (before, rendering)
        both = unions.get(which)
        if both is None:
            both = unions[which] = before | stories[rendering] if before else stories[rendering]
        found[person] = both


def _freeze(connection: Connection, issue_id: int, parts: Sequence[Rendering]) -> Mapping[str, int]:
    """Insert the renderings; return group → number."""
    if not parts:
        return {}
    rows = [
        {
            "issue_id": issue_id,
            "group_name": one.group,
            "lang": one.lang,
            "stories": one.stories,
            "headers": one.headers,
            "body": one.body,
        }
        for one in parts
    ]
    connection.execute(insert(renderings), rows)
    return _groups(connection, issue_id)


def _groups(connection: Connection, issue_id: int) -> Mapping[str, int]:
    """Return group → number of an issue's renderings."""
    query = select(renderings.c.group_name, renderings.c.id).where(renderings.c.issue_id == issue_id)
    return {row[0]: row[1] for row in connection.execute(query)}


def _rows(
    connection: Connection,
    issue: Issue,
    groups: Mapping[str, int],
    chunk: Sequence[Delivery],
    receivers_of: Callable[[str], str],
) -> list[dict[str, Any]]:
    """Return rows of deliveries to those who are still there."""
    people = select(subscribers.c.id, subscribers.c.address)
    these = subscribers.c.id.in_([one.subscriber_id for one in chunk])
    addresses = {row[0]: row[1] for row in connection.execute(people.where(these))}
    return [
        {
            "issue_id": issue.id,
            "subscriber_id": one.subscriber_id,
            "rendering_id": groups[one.group],
            "state": one.state,
            "attempts": one.attempts,
            "next_try": one.next_try or (one.planned_at or issue.created if one.state == "planned" else None),
            "message_id": one.message_id,
            "reply": one.reply,
            "relay": one.relay,
            "planned_at": one.planned_at or issue.created,
            "settled_at": one.settled_at,
            "receivers": receivers_of(addresses[one.subscriber_id]),
        }
        for one in chunk
        if one.subscriber_id in addresses
    ]


def _chunks(audience: Iterator[Delivery]) -> Iterator[list[Delivery]]:
    while chunk := list(islice(audience, _CHUNK)):
        yield chunk


def _issue_beside(row: Any, before: int = len(DELIVERY)) -> Issue:
    """Return the issue of a row with other columns before, which have an ``id`` too."""
    return replace(issue_from_row(row), id=row[before])


def _waiting(connection: Connection, row: Any) -> WaitingRendering:
    number, group, lang, stories = row[:4]
    query = select(deliveries.c.subscriber_id).where(deliveries.c.rendering_id == number, IS_OPEN)
    readers = connection.scalars(query.where(deliveries.c.subscriber_id.is_not(None)).limit(_SOME))
    return WaitingRendering(
        issue=_issue_beside(row, 4), group=group, lang=lang, stories=stories, readers=tuple(readers)
    )
