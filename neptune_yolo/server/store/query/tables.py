"""Tables in the database."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, select

from neptune_yolo.server.domain.attribute import Attribute, AttributeType
from neptune_yolo.server.domain.container import Container, ContainerType
from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.nql.table import Column, Group, Table
from neptune_yolo.server.store.containers import select_containers, to_container
from neptune_yolo.server.store.mapping import to_attribute
from neptune_yolo.server.store.models import attribute_names, attributes, containers, set_strings
from neptune_yolo.server.store.query.conditions import ConditionWriter
from neptune_yolo.server.store.query.dialect import Dialect
from neptune_yolo.server.store.query.fields import sizes_by_container
from neptune_yolo.server.store.query.groups import Grouping
from neptune_yolo.server.store.query.limits import limited
from neptune_yolo.server.store.query.sorting import sort

PATHS_PER_STATEMENT = 5000
"""Databases limit the parameters of a statement."""


class SqlTableStore:
    """Implements ``TableStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_postgresql = connection.dialect.name == "postgresql"

    def count(self, table: Table) -> int:
        """Return the number of rows of the whole table."""
        dialect = Dialect(is_postgresql=self._is_postgresql)
        statement = (
            select(func.count().label("row_count")).select_from(containers).where(self._condition(table, dialect))
        )
        return int(self._run(statement, dialect)[0]["row_count"])

    def page(self, table: Table, offset: int, limit: int) -> list[Container]:
        """Return up to ``limit`` rows from position ``offset`` on."""
        dialect = Dialect(is_postgresql=self._is_postgresql)
        statement = select_containers().where(self._condition(table, dialect)).limit(limit).offset(offset)
        return [to_container(row) for row in self._run(sort(statement, table, dialect), dialect)]

    def list_attributes(self, container_pks: Sequence[int], paths: Sequence[str] | None) -> dict[int, list[Attribute]]:
        """Return the attributes that somebody has written, by container; those of some paths, or all with None."""
        found: defaultdict[int, list[Attribute]] = defaultdict(list)
        chunks: list[Sequence[str] | None] = [None]
        if paths is not None:
            chunks = [paths[at : at + PATHS_PER_STATEMENT] for at in range(0, len(paths), PATHS_PER_STATEMENT)]
        for chunk in chunks:
            wanted: ColumnElement[bool] = attributes.c.container_pk.in_(container_pks)
            if chunk is not None:
                wanted = and_(wanted, attributes.c.path.in_(chunk))
            strings = self._strings(wanted)
            for row in self._connection.execute(select(attributes).where(wanted)).mappings():
                attribute = to_attribute(row, tuple(strings.get(row[attributes.c.pk], ())))
                found[row[attributes.c.container_pk]].append(attribute)
        return found

    def sizes_bytes(self, container_pks: Sequence[int]) -> dict[int, int]:
        """Return the sums of the sizes of files and pictures, of the containers that have some."""
        return {pk: int(size) for pk, size in self._connection.execute(select(sizes_by_container(container_pks)))}

    def list_names(
        self, project_id: ContainerId, types: Sequence[ContainerType], part: str, limit: int
    ) -> list[tuple[str, AttributeType]]:
        """Return a path with its types, or if there is none up to ``limit`` that contain it."""
        names = attribute_names.c
        dialect = Dialect(is_postgresql=self._is_postgresql)
        of_project = and_(names.project_id == project_id, names.container_type.in_([kind.value for kind in types]))
        statement = select(names.path, names.type).where(of_project).distinct()
        found = self._connection.execute(statement.where(names.path == part)).all()
        if not found:
            similar = statement.where(dialect.contains(names.path, part)).order_by(names.path, names.type).limit(limit)
            found = self._connection.execute(similar).all()
        return [(path, AttributeType(kind)) for path, kind in found]

    def search_names(
        self, project_id: ContainerId, types: Sequence[ContainerType], part: str, limit: int
    ) -> list[tuple[str, AttributeType]]:
        """Return up to ``limit`` paths with their types that contain a part, in any case of letters; by path."""
        names = attribute_names.c
        dialect = Dialect(is_postgresql=self._is_postgresql)
        of_project = and_(names.project_id == project_id, names.container_type.in_([kind.value for kind in types]))
        statement = select(names.path, names.type).where(of_project).distinct()
        if part:
            statement = statement.where(dialect.contains_folded(names.path, part))
        found = self._connection.execute(statement.order_by(names.path, names.type).limit(limit))
        return [(path, AttributeType(kind)) for path, kind in found]

    def group(self, table: Table, by: Sequence[str], columns: Sequence[Column], limit: int) -> list[Group]:
        """Return up to ``limit`` groups of a table's rows, largest first, with figures of columns."""
        dialect = Dialect(is_postgresql=self._is_postgresql)
        grouping = Grouping(table, by, columns, dialect)
        statement = grouping.statement(self._condition(table, dialect)).limit(limit)
        return [grouping.read(row) for row in self._run(statement, dialect)]

    def _condition(self, table: Table, dialect: Dialect) -> ColumnElement[bool]:
        kinds = [kind.value for kind in table.types]
        is_kind = containers.c.type == kinds[0] if len(kinds) == 1 else containers.c.type.in_(kinds)
        own = and_(containers.c.project_id == table.project_id, is_kind)
        return own if table.condition is None else and_(own, ConditionWriter(table, dialect).write(table.condition))

    def _run(self, statement: Select[Any], dialect: Dialect) -> Sequence[RowMapping]:
        require_finished = dialect.prepare(self._connection)
        with limited(self._connection):
            rows = self._connection.execute(statement).mappings().all()
        require_finished()
        return rows

    def _strings(self, wanted: ColumnElement[bool]) -> dict[int, list[str]]:
        statement = (
            select(set_strings)
            .join(attributes, attributes.c.pk == set_strings.c.attribute_pk)
            .where(wanted, attributes.c.path.in_(("sys/tags", "sys/group_tags")))
            .order_by(set_strings.c.value)
        )
        found: defaultdict[int, list[str]] = defaultdict(list)
        for row in self._connection.execute(statement).mappings():
            found[row[set_strings.c.attribute_pk]].append(row[set_strings.c.value])
        return found
