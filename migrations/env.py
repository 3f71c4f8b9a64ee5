"""Alembic's entry: `keytrail.schema` hands over an open connection; `alembic` itself knows no URL."""

from alembic import context

from keytrail.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
