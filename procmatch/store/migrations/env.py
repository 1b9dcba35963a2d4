"""Run by Alembic for each command; the engine comes from :mod:`procmatch.store.migrations`."""

from __future__ import annotations

from alembic import context

from procmatch.store.tables import metadata

with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
