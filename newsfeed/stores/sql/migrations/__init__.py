"""Alembic environment of the store; see `newsfeed.stores.sql.schema`."""
