"""Alembic's entry: runs migrations in the transaction that `newsfeed.stores.sql.schema` opened."""

from alembic import context

from newsfeed.stores.sql.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite alters tables by making them anew
)
with context.begin_transaction():
    context.run_migrations()
