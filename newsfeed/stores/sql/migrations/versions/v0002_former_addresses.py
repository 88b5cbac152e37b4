"""Addresses that somebody had before stay known by their hashes.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table, empty: no address that was replaced before was kept."""
    op.create_table("former_addresses", sa.Column("address_hash", sa.Text, primary_key=True))
