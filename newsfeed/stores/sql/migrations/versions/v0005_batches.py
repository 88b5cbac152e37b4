"""Deliveries of one issue in batches that workers take one by one, and the workers there are.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OPEN_IN_BATCH = "batch_id IS NOT NULL AND owner IS NULL AND state IN ('planned', 'deferred')"


def upgrade() -> None:
    """Add two tables, and a column that may be empty: what was planned before belongs to no batch."""
    op.create_table(
        "batches",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("issue_id", NUMBER, sa.ForeignKey("issues.id"), nullable=False),
        sa.Column("rendering_id", NUMBER, sa.ForeignKey("renderings.id"), nullable=False),
        sa.Column("receivers", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("lease", sa.Integer, nullable=False),
        sa.Column("holder", sa.Text),
        sa.Column("held_until", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    held = sa.text("holder IS NOT NULL")
    op.create_index("batches_held", "batches", ["holder"], sqlite_where=held, postgresql_where=held)
    op.create_table(
        "workers",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("queues", sa.Text, nullable=False),
        sa.Column("concurrency", sa.Integer, nullable=False),
        sa.Column("started", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
    )
    op.add_column("deliveries", sa.Column("batch_id", NUMBER))
    waiting = sa.text(OPEN_IN_BATCH)
    op.create_index(
        "deliveries_open_in_batch",
        "deliveries",
        ["batch_id", "next_try"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
