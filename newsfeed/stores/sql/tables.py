"""The tables of the store, equal for SQLite and PostgreSQL.

Moments are whole microseconds since 1970 in UTC: exact, short, and the same number in both
databases. Lists are JSON in text columns, for the same reason. Migrations make the tables; a test
holds them against these definitions.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_micros(moment: datetime) -> int:
    """Return an aware moment as it is stored (microseconds since 1970); a naive one raises `TypeError`."""
    passed = moment - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def to_stored(moment: datetime | None) -> int | None:
    """Return the number to store for a moment, or for none."""
    return None if moment is None else to_micros(moment)


@lru_cache(maxsize=4096)  # the deliveries of an issue share most of theirs
def from_micros(stored: int) -> datetime:
    """Return the moment, in UTC, behind a stored number."""
    return _EPOCH + timedelta(microseconds=stored)


class UtcMoment(TypeDecorator[datetime]):
    """A column type: a point in time, stored as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the number to store."""
        return to_stored(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the moment that was stored."""
        return None if value is None else from_micros(value)


class StringList(TypeDecorator[tuple[str, ...]]):
    """A column type: a short list of words. Equal lists are one object, for a hundred thousand people share a
    few.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        """Return the list as JSON."""
        return _joined(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Return the list that was stored."""
        return _strings(value or "[]")


@lru_cache(maxsize=4096)
def _joined(words: tuple[str, ...]) -> str:
    return json.dumps(words, ensure_ascii=False)


@lru_cache(maxsize=4096)
def _strings(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


class JsonValue(TypeDecorator[Any]):
    """A column type: a structure of lists, mappings and text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str:
        """Return the structure as JSON."""
        return json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return the structure that was stored; tuples have become lists."""
        return json.loads(value or "null")


NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts by itself only in a column called exactly INTEGER."""

OPEN = "owner IS NULL AND state IN ('planned', 'deferred')"
"""Condition of rows that may be claimed. Queries repeat it, so that SQLite sees that the index fits."""

METADATA = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ix": "%(table_name)s_%(column_0_name)s_idx",
    }
)
"""Every constraint has a name, as PostgreSQL would choose it: later migrations have to name them."""

meta = Table(
    "meta",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

subscribers = Table(
    "subscribers",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("address", Text, nullable=False),
    Column("address_hash", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("languages", StringList, nullable=False),
    Column("state", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("revision", NUMBER, nullable=False),
    sqlite_autoincrement=True,  # a number that tokens name must never mean somebody else
)

subscriptions = Table(
    "subscriptions",
    METADATA,
    Column("subscriber_id", NUMBER, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("topics", StringList, nullable=False),
    Column("frequency", Text, nullable=False),
    Index("subscriptions_by_digest", "digest", "subscriber_id"),
)

consents = Table(
    "consents",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("subscriber_id", NUMBER, ForeignKey("subscribers.id", ondelete="SET NULL"), index=True),
    Column("digest", Text),
    Column("at", UtcMoment),
    Column("how", Text),
    Column("wording", Text),
    Column("language", Text),
    Column("source", Text),
    Column("salt", LargeBinary),
    Column("content", LargeBinary, nullable=False),
    Column("previous", LargeBinary, nullable=False, unique=True),  # a chain cannot fork
    Column("hash", LargeBinary, nullable=False),
    Column("evidence", JsonValue),  # none: nobody noted any, or it was erased
    sqlite_autoincrement=True,
)

shown_pages = Table(
    "shown_pages",
    METADATA,
    Column("hash", Text, primary_key=True),
    Column("text", Text, nullable=False),
)
"""What people were shown when they agreed; evidence names it by its hash. It names nobody."""

address_changes = Table(
    "address_changes",
    METADATA,
    Column("subscriber_id", NUMBER, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True),
    Column("address", Text, nullable=False),
    Column("expires", UtcMoment, nullable=False),
)

suppressions = Table(
    "suppressions",
    METADATA,
    Column("address_hash", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", UtcMoment, nullable=False),
)

former_addresses = Table(
    "former_addresses",
    METADATA,
    Column("address_hash", Text, primary_key=True),
)
"""Addresses of people who have another one now. They belong to nobody: they outlive an erased person."""

issues = Table(
    "issues",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("instant", UtcMoment, nullable=False),
    Column("created", UtcMoment, nullable=False),
    Column("commit_id", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("revisions", JsonValue, nullable=False),
    UniqueConstraint("digest", "slot", name="issues_one_per_slot"),
)

renderings = Table(
    "renderings",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("issue_id", NUMBER, ForeignKey("issues.id"), nullable=False),
    Column("group_name", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("stories", StringList, nullable=False),
    Column("headers", JsonValue, nullable=False),
    Column("body", LargeBinary, nullable=False),  # last: SQLite reads the rest without it
    UniqueConstraint("issue_id", "group_name", name="renderings_one_per_group"),
)

deliveries = Table(
    "deliveries",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("issue_id", NUMBER, ForeignKey("issues.id"), nullable=False),
    Column("subscriber_id", NUMBER, ForeignKey("subscribers.id", ondelete="SET NULL"), index=True),
    Column("rendering_id", NUMBER, ForeignKey("renderings.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("owner", Text),
    Column("attempts", Integer, nullable=False),
    Column("next_try", UtcMoment),
    Column("message_id", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("relay", Text, nullable=False),
    Column("planned_at", UtcMoment),
    Column("intent_at", UtcMoment),
    Column("settled_at", UtcMoment),
    UniqueConstraint("issue_id", "subscriber_id", name="deliveries_one_per_subscriber"),
    Index("deliveries_open", "next_try", "id", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    Index(
        "deliveries_owned",
        "owner",
        sqlite_where=text("owner IS NOT NULL"),
        postgresql_where=text("owner IS NOT NULL"),
    ),
)

bounces = Table(
    "bounces",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("subscriber_id", NUMBER, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    Column("delivery_id", NUMBER),  # none: it came back without saying from where
    Column("at", UtcMoment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("bounces_of", "subscriber_id", "at"),
    Index(
        "bounces_once_per_delivery",
        "delivery_id",
        "kind",
        unique=True,
        sqlite_where=text("delivery_id IS NOT NULL"),
        postgresql_where=text("delivery_id IS NOT NULL"),
    ),
    Index(
        "bounces_once_without",
        "subscriber_id",
        "kind",
        "at",
        unique=True,
        sqlite_where=text("delivery_id IS NULL"),
        postgresql_where=text("delivery_id IS NULL"),
    ),
)

outbox = Table(
    "outbox",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("subscriber_id", NUMBER, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("created", UtcMoment, nullable=False),
    Column("expires", UtcMoment, nullable=False),
    Column("next_try", UtcMoment, index=True),  # none: sent or given up, remembered only to be counted
    Column("attempts", Integer, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("outbox_of", "subscriber_id", "kind", "created"),
    sqlite_autoincrement=True,
)

websub_tasks = Table(
    "websub_tasks",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("lease", Integer, nullable=False),
    Column("created", UtcMoment, nullable=False),
    Column("next_try", UtcMoment, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("kind", "topic", "target", name="websub_tasks_once"),
)

websub_subscriptions = Table(
    "websub_subscriptions",
    METADATA,
    Column("topic", Text, primary_key=True),
    Column("callback", Text, primary_key=True),
    Column("secret", Text, nullable=False),
    Column("expires", UtcMoment, nullable=False),
)
