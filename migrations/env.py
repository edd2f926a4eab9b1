"""Alembic's entry: it runs the migrations over the connection that `factcheck db` hands it."""

from __future__ import annotations

from alembic import context

from factcheck.all_models import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    compare_server_default=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
