"""The tables of the store, equal for SQLite and PostgreSQL.

Migrations make the tables; a test holds them against these definitions.
"""

from __future__ import annotations

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
    UniqueConstraint,
    text,
)

from newsfeed.stores.sql.column_types import JsonValue, StringList, UtcMoment

NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts by itself only in a column called exactly INTEGER."""

OPEN = "owner IS NULL AND state IN ('planned', 'deferred')"
"""Condition of rows that may be claimed. Queries repeat it, so that SQLite sees that the index fits."""
OPEN_IN_BATCH = f"batch_id IS NOT NULL AND {OPEN}"
"""Condition of those that are in a batch: in SQLite, where one process sends, usually none is."""

HELD = "holder IS NOT NULL"
"""Condition of batches that somebody sends."""

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
    Column(
        "batch_id", NUMBER
    ),  # no foreign key: both are written at once, and a million rows would be looked up
    Column("receivers", Text, nullable=False, server_default=""),  # empty: not known
    UniqueConstraint("issue_id", "subscriber_id", name="deliveries_one_per_subscriber"),
    Index(
        "deliveries_open",
        "next_try",
        "id",
        "receivers",  # so that those of some groups are passed over without a look at their rows
        sqlite_where=text(OPEN),
        postgresql_where=text(OPEN),
    ),
    Index(
        "deliveries_owned",
        "owner",
        sqlite_where=text("owner IS NOT NULL"),
        postgresql_where=text("owner IS NOT NULL"),
    ),
    Index(
        "deliveries_open_in_batch",
        "batch_id",
        "next_try",
        sqlite_where=text(OPEN_IN_BATCH),
        postgresql_where=text(OPEN_IN_BATCH),
    ),
)

batches = Table(
    "batches",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("issue_id", NUMBER, ForeignKey("issues.id"), nullable=False),
    Column("rendering_id", NUMBER, ForeignKey("renderings.id"), nullable=False),
    Column("receivers", Text, nullable=False),  # empty: of each receiver a few
    Column("size", Integer, nullable=False),
    Column("lease", Integer, nullable=False),
    Column("holder", Text),
    Column("held_until", UtcMoment),
    Index("batches_held", "holder", sqlite_where=text(HELD), postgresql_where=text(HELD)),
    sqlite_autoincrement=True,  # a task names its batch: a number must never mean another one
)
"""Deliveries of one issue, one rendering, and one group of receivers: what one worker sends at a time."""

mail_domains = Table(
    "mail_domains",
    METADATA,
    Column("domain", Text, primary_key=True),
    Column("hosts", StringList, nullable=False),  # best first; none: not known
    Column("refuses", Integer, nullable=False),  # 1: it takes no mail
    Column("good_until", UtcMoment, nullable=False),
)
"""The servers that take the mail of a domain, as DNS said."""

receiver_groups = Table(
    "receiver_groups",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("allowed", Integer, nullable=False),
    Column("carried", Integer, nullable=False),
    Column("next_turn", UtcMoment),
    Column("paused_until", UtcMoment),
    Column("pauses", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("counted_since", UtcMoment),
    Column("sent", Integer, nullable=False),
    Column("complaints", Integer, nullable=False),
    Column("latest", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
)
"""What servers of one owner were like of late (`newsfeed.receiver_ports.ReceiverState`)."""

receiver_connections = Table(
    "receiver_connections",
    METADATA,
    Column("receivers", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)
"""How many connections a sending process has to the servers of one group."""

workers = Table(
    "workers",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("queues", StringList, nullable=False),
    Column("concurrency", Integer, nullable=False),
    Column("started", UtcMoment, nullable=False),
    Column("seen", UtcMoment, nullable=False),
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
