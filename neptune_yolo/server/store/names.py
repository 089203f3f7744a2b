"""Names of attributes that the containers of a project have had; columns of tables are looked up there."""

from collections.abc import Collection

from sqlalchemy import Connection, String, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from neptune_yolo.server.store.models import attribute_names, containers


def record_names(connection: Connection, names: Collection[tuple[int, str, str]]) -> None:
    """Store names; those that are there already do not matter.

    All transactions store theirs in the same order, and at their ends: none waits for another that waits for it.

    Args:
        connection: The transaction.
        names: Row numbers of containers, paths and types.
    """
    if not names:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    source = select(
        containers.c.project_id,
        containers.c.type,
        bindparam("new_path", type_=String),
        bindparam("new_type", type_=String),
    ).where(containers.c.pk == bindparam("container"))
    columns = [column.name for column in attribute_names.columns]
    statement = insert(attribute_names).from_select(columns, source).on_conflict_do_nothing()
    rows = [
        {"container": pk, "new_path": path, "new_type": kind}
        for path, kind, pk in sorted({(path, kind, pk) for pk, path, kind in names})
    ]
    connection.execute(statement, rows)
