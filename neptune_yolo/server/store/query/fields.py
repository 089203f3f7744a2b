"""Where the values of attributes lie."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy import cast as sql_cast

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.container import ContainerType, ModelStage, RunState
from neptune_yolo.server.domain.system import SYSTEM_ATTRIBUTES
from neptune_yolo.server.nql.syntax import Aggregate
from neptune_yolo.server.nql.table import Table
from neptune_yolo.server.store.models import (
    attributes,
    containers,
    file_entries,
    image_points,
    model_versions,
    projects,
    set_strings,
)
from neptune_yolo.server.store.query.dialect import Dialect

_c = containers.c

DEFAULT_NAME = "Untitled"

TEXT_TYPES = frozenset(
    {AttributeType.STRING, AttributeType.STRING_SERIES, AttributeType.ARTIFACT, AttributeType.GIT_REF}
) | {AttributeType.FILE, AttributeType.STATE}


def stored_field(rows: FromClause, kind: AttributeType, aggregate: Aggregate, dialect: Dialect) -> ColumnElement[Any]:
    """Return where a row of ``attributes`` keeps the value that is compared.

    Args:
        rows: The table, by the name it has in the statement.
        kind: Type of the attribute; a row of another type need not be readable.
        aggregate: Of a float series.
        dialect: Of the database.
    """
    match kind:
        case AttributeType.FLOAT_SERIES:
            return _figure(rows, aggregate)
        case AttributeType.FLOAT:
            return rows.c.float_value
        case AttributeType.INT | AttributeType.BOOL | AttributeType.DATETIME | AttributeType.FILE_SET:
            return rows.c.int_value
        case AttributeType.FILE:
            return rows.c.extension
        case AttributeType.GIT_REF:
            return case((rows.c.type == kind.value, dialect.commit_id(rows.c.string_value)))
        case _:
            return rows.c.string_value


def _figure(rows: FromClause, aggregate: Aggregate) -> ColumnElement[Any]:
    """Return a figure of a float series; the variance is that of all its values (divided by their number)."""
    match aggregate:
        case Aggregate.MIN:
            return rows.c.minimum
        case Aggregate.MAX:
            return rows.c.maximum
        case Aggregate.AVERAGE:
            return rows.c.mean
        case Aggregate.VARIANCE:
            return rows.c.squares / func.nullif(sql_cast(rows.c.point_count, Double), 0.0)
        case _:
            return rows.c.float_value


def system_field(name: str, table: Table) -> ColumnElement[Any]:
    """Return the value of an attribute that every container has, string sets excepted.

    Args:
        name: Its path.
        table: What is asked for; gives the present moment.
    """
    expression = _system_field(name, table)
    having = [kind for kind in table.types if name in SYSTEM_ATTRIBUTES[kind]]
    if len(having) == len(table.types):
        return expression
    return case((_c.type.in_([kind.value for kind in having]), expression)) if having else null()


_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "sys/id": _c.sys_id,
    "sys/creation_time": _c.created_ms,
    "sys/modification_time": _c.modified_ms,
    "sys/ping_time": _c.pinged_ms,
    "sys/owner": _c.owner,
    "sys/trashed": case((_c.trashed, 1), else_=0),
    "sys/custom_run_id": func.nullif(_c.custom_run_id, ""),
}


def _system_field(name: str, table: Table) -> ColumnElement[Any]:
    if name in _COLUMNS:
        return _COLUMNS[name]
    match name:
        case "sys/state":
            is_running = _c.pinged_ms > table.now_ms - table.idle_after_ms
            return case((is_running, RunState.RUNNING.value), else_=RunState.IDLE.value)
        case "sys/running_time":
            return sql_cast(_running_ms(table), Double) / 1000.0
        case "sys/monitoring_time":
            return _running_ms(table) // 1000
        case "sys/visibility":
            return _of_project(projects.c.visibility)
        case "sys/size":
            sizes = sizes_by_container(None)
            found = (
                select(sizes.c.size_bytes).where(sizes.c.container_pk == _c.pk).correlate(containers).scalar_subquery()
            )
            return sql_cast(func.coalesce(found, 0), Double)
        case "sys/model_id":
            return _model_id()
        case _:
            return _written_field(name)


def _written_field(name: str) -> ColumnElement[Any]:
    """Return what somebody has written, or what stands there as long as nobody has."""
    if name == "sys/failed":
        return func.coalesce(_written(name, attributes.c.int_value), 0)
    if name == "sys/stage":
        return func.coalesce(_written(name, attributes.c.string_value), ModelStage.NONE.value)
    untitled = case((_c.type == ContainerType.PROJECT.value, _of_project(projects.c.name)), else_=DEFAULT_NAME)
    return func.coalesce(_written(name, attributes.c.string_value), untitled)


def _running_ms(table: Table) -> ColumnElement[int]:
    """Return for how long clients were alive; see ``running_ms`` of the domain."""
    after_ping_ms = _c.modified_ms - _c.pinged_ms
    counts = and_(_c.pinged_ms > _c.created_ms, after_ping_ms > 0, after_ping_ms < table.idle_after_ms)
    return _c.running_ms + case((counts, after_ping_ms), else_=0)


def _of_project(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(column).where(projects.c.id == _c.project_id).correlate(containers).scalar_subquery()


def _written(name: str, column: ColumnElement[Any]) -> ColumnElement[Any]:
    rows = attributes.alias()
    found = select(rows.c[column.key or ""]).where(rows.c.container_pk == _c.pk, rows.c.path == name)
    return found.correlate(containers).scalar_subquery()


def _model_id() -> ColumnElement[Any]:
    parents = containers.alias()
    return (
        select(parents.c.sys_id)
        .join(model_versions, model_versions.c.model_pk == parents.c.pk)
        .where(model_versions.c.container_pk == _c.pk)
        .correlate(containers)
        .scalar_subquery()
    )


def members_of(name: str) -> Select[Any]:
    """Return the beginning of a statement that reads a string set of the container at hand."""
    rows = attributes.alias()
    return (
        select(literal(1))
        .select_from(set_strings)
        .join(rows, rows.c.pk == set_strings.c.attribute_pk)
        .where(rows.c.container_pk == _c.pk, rows.c.path == name, rows.c.type == AttributeType.STRING_SET.value)
        .correlate(containers)
    )


def sizes_by_container(container_pks: Sequence[int] | None) -> Subquery:
    """Return the sums of the sizes of files and pictures, in bytes, of some or all containers."""
    sized = union_all(
        *(
            select(attributes.c.container_pk, rows.c.size_bytes)
            .join(attributes, attributes.c.pk == rows.c.attribute_pk)
            .where(true() if container_pks is None else attributes.c.container_pk.in_(container_pks))
            for rows in (file_entries, image_points)
        )
    ).subquery()
    return (
        select(sized.c.container_pk, func.sum(sized.c.size_bytes).label("size_bytes"))
        .group_by(sized.c.container_pk)
        .subquery()
    )


def row_of(name: str) -> tuple[FromClause, ColumnElement[bool]]:
    """Return ``attributes`` under a name of its own, and what makes its row that of the container at hand."""
    rows = attributes.alias()
    return rows, and_(rows.c.container_pk == _c.pk, rows.c.path == name)


__all__ = ["TEXT_TYPES", "members_of", "row_of", "sizes_by_container", "stored_field", "system_field"]
