"""Groups of receivers: for whose servers a delivery is, what is known of them, and who is connected to them.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

OPEN = "owner IS NULL AND state IN ('planned', 'deferred')"


def upgrade() -> None:
    """Add three tables, and a column: of what was planned before nobody knows the receivers."""
    op.create_table(
        "mail_domains",
        sa.Column("domain", sa.Text, primary_key=True),
        sa.Column("hosts", sa.Text, nullable=False),
        sa.Column("refuses", sa.Integer, nullable=False),
        sa.Column("good_until", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "receiver_groups",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("allowed", sa.Integer, nullable=False),
        sa.Column("carried", sa.Integer, nullable=False),
        sa.Column("next_turn", sa.BigInteger),
        sa.Column("paused_until", sa.BigInteger),
        sa.Column("pauses", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("counted_since", sa.BigInteger),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("complaints", sa.Integer, nullable=False),
        sa.Column("latest", sa.Integer, nullable=False),
        sa.Column("unknown", sa.Integer, nullable=False),
    )
    op.create_table(
        "receiver_connections",
        sa.Column("receivers", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.add_column("deliveries", sa.Column("receivers", sa.Text, nullable=False, server_default=""))
    op.drop_index("deliveries_open", "deliveries")
    waiting = sa.text(OPEN)
    op.create_index(
        "deliveries_open",
        "deliveries",
        ["next_try", "id", "receivers"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
