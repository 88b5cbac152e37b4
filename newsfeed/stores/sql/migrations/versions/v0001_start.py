"""The first tables.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OPEN = sa.text("owner IS NULL AND state IN ('planned', 'deferred')")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    _people()
    _issues()
    _deliveries()
    _mails()


def _people() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("address_hash", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("languages", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "subscriptions",
        _person(ondelete="CASCADE", primary_key=True),
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("topics", sa.Text, nullable=False),
        sa.Column("frequency", sa.Text, nullable=False),
    )
    op.create_index("subscriptions_by_digest", "subscriptions", ["digest", "subscriber_id"])
    op.create_table(
        "consents",
        sa.Column("id", NUMBER, primary_key=True),
        _person(ondelete="SET NULL", index=True),
        sa.Column("digest", sa.Text),
        sa.Column("at", sa.BigInteger),
        sa.Column("how", sa.Text),
        sa.Column("wording", sa.Text),
        sa.Column("language", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("salt", sa.LargeBinary),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("previous", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "suppressions",
        sa.Column("address_hash", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _issues() -> None:
    op.create_table(
        "issues",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("slot", sa.Text, nullable=False),
        sa.Column("instant", sa.BigInteger, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("commit_id", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("revisions", sa.Text, nullable=False),
        sa.UniqueConstraint("digest", "slot", name="issues_one_per_slot"),
    )
    op.create_table(
        "renderings",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("issue_id", NUMBER, sa.ForeignKey("issues.id"), nullable=False),
        sa.Column("group_name", sa.Text, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("stories", sa.Text, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("issue_id", "group_name", name="renderings_one_per_group"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("issue_id", NUMBER, sa.ForeignKey("issues.id"), nullable=False),
        _person(ondelete="SET NULL", index=True),
        sa.Column("rendering_id", NUMBER, sa.ForeignKey("renderings.id"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try", sa.BigInteger),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("relay", sa.Text, nullable=False),
        sa.Column("planned_at", sa.BigInteger),
        sa.Column("intent_at", sa.BigInteger),
        sa.Column("settled_at", sa.BigInteger),
        sa.UniqueConstraint("issue_id", "subscriber_id", name="deliveries_one_per_subscriber"),
    )
    _partial("deliveries_open", "deliveries", ["next_try", "id"], OPEN)
    _partial("deliveries_owned", "deliveries", ["owner"], sa.text("owner IS NOT NULL"))


def _mails() -> None:
    op.create_table(
        "bounces",
        sa.Column("id", NUMBER, primary_key=True),
        _person(ondelete="CASCADE", nullable=False),
        sa.Column("delivery_id", NUMBER),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_index("bounces_of", "bounces", ["subscriber_id", "at"])
    some, none = sa.text("delivery_id IS NOT NULL"), sa.text("delivery_id IS NULL")
    _partial("bounces_once_per_delivery", "bounces", ["delivery_id", "kind"], some, unique=True)
    _partial("bounces_once_without", "bounces", ["subscriber_id", "kind", "at"], none, unique=True)
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, primary_key=True),
        _person(ondelete="CASCADE", nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("next_try", sa.BigInteger, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_of", "outbox", ["subscriber_id", "kind", "created"])


def _person(
    *, ondelete: str, primary_key: bool = False, nullable: bool | None = None, index: bool = False
) -> sa.Column[int]:
    empty = not primary_key if nullable is None else nullable
    reference = sa.ForeignKey("subscribers.id", ondelete=ondelete)
    return sa.Column("subscriber_id", NUMBER, reference, primary_key=primary_key, nullable=empty, index=index)


def _partial(
    name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False
) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
