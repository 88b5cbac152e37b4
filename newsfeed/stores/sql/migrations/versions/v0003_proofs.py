"""Consents tell how they were given; pages that people were shown are kept, and changes of address that wait.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add a column that may be empty, and two tables."""
    op.add_column("consents", sa.Column("evidence", sa.Text))
    op.create_table(
        "shown_pages",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "address_changes",
        sa.Column(
            "subscriber_id", NUMBER, sa.ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
    )
