"""Alembic's entry: run the migrations on the connection that was handed over."""

from alembic import context

from neptune_yolo.server.store.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
    render_as_batch=True,
)
context.run_migrations()
