"""Attributes in the database."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ARRAY, Connection, Select, String, any_, bindparam, delete, func, select, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.domain.attribute import Attribute, AttributeType, AttributeValue
from neptune_yolo.server.store.mapping import to_attribute, to_columns, to_float_series
from neptune_yolo.server.store.models import attributes, file_entries, image_points, set_strings
from neptune_yolo.server.store.names import record_names
from neptune_yolo.server.store.references import release

_LOOKUP_SIZE = 500
"""Paths asked for in one statement; for more, all attributes of the container are read."""

_FLOAT_SERIES = AttributeType.FLOAT_SERIES.value
_OF_CONTAINER = select(attributes).where(attributes.c.container_pk == bindparam("container"))
_NAMED_IN_ARRAY = _OF_CONTAINER.where(attributes.c.path == any_(bindparam("paths", type_=ARRAY(String))))
_NAMED_IN_JSON = _OF_CONTAINER.where(
    attributes.c.path.in_(select(func.json_each(bindparam("paths")).table_valued("value").c.value))
)


class SqlAttributeStore:
    """Implements ``AttributeStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._new_names: set[tuple[int, str, str]] = set()

    def find(self, container_pk: int, path: str) -> Attribute | None:
        """Return the attribute with its value, or None."""
        statement = select(attributes).where(attributes.c.container_pk == container_pk, attributes.c.path == path)
        row = self._connection.execute(statement).mappings().one_or_none()
        if row is None:
            return None
        is_set = row[attributes.c.type] == AttributeType.STRING_SET.value
        return to_attribute(row, self._strings(row[attributes.c.pk]) if is_set else ())

    def find_many(self, container_pk: int, paths: Collection[str]) -> dict[str, Attribute]:
        """Return the attributes with their values among the paths, by path."""
        found: dict[str, Attribute] = {}
        for row in self._connection.execute(*self._named(container_pk, list(paths))).all():
            if row.type == _FLOAT_SERIES:
                attribute = to_float_series(row)
            else:
                strings = self._strings(row.pk) if row.type == AttributeType.STRING_SET.value else ()
                attribute = to_attribute(row._mapping, strings)  # noqa: SLF001 - SQLAlchemy's name for it
            found[attribute.path] = attribute
        return found

    def list_all(self, container_pk: int) -> list[Attribute]:
        """Return all attributes of a container with their values, by path."""
        strings = self._strings_of_container(container_pk)
        statement = select(attributes).where(attributes.c.container_pk == container_pk).order_by(attributes.c.path)
        rows = self._connection.execute(statement).mappings()
        return [to_attribute(row, strings.get(row[attributes.c.pk], ())) for row in rows]

    def create(self, container_pk: int, path: str, attribute_type: AttributeType) -> Attribute:
        """Store a new attribute without a value."""
        return self.create_many(container_pk, {path: attribute_type})[path]

    def create_many(self, container_pk: int, types: Mapping[str, AttributeType]) -> dict[str, Attribute]:
        """Store new attributes without values, given by path and type, and return them by path."""
        if not types:
            return {}
        self._new_names.update((container_pk, path, kind.value) for path, kind in types.items())
        rows = [{"container_pk": container_pk, "path": path, "type": kind.value} for path, kind in types.items()]
        created = self._connection.execute(insert_into(attributes).returning(attributes), rows).mappings()
        return {row[attributes.c.path]: to_attribute(row) for row in created}

    def record_names(self) -> None:
        """Store the names of the attributes that were created; done once, at the end of a transaction."""
        record_names(self._connection, self._new_names)
        self._new_names.clear()

    def set_value(self, pk: int, value: AttributeValue) -> None:
        """Set the value of an atom."""
        columns = to_columns(value)
        if columns:
            self._connection.execute(update(attributes).where(attributes.c.pk == pk).values(**columns))

    def configure(self, pk: int, minimum: float | None, maximum: float | None, unit: str | None) -> None:
        """Set how a float series is shown."""
        self._connection.execute(
            update(attributes)
            .where(attributes.c.pk == pk)
            .values(axis_minimum=minimum, axis_maximum=maximum, axis_unit=unit)
        )

    def insert_strings(self, pk: int, values: Sequence[str]) -> None:
        """Add strings to a set; those that are in it already do not matter."""
        known = set(self._strings(pk))
        rows = [{"attribute_pk": pk, "value": value} for value in dict.fromkeys(values) if value not in known]
        if rows:
            self._connection.execute(insert_into(set_strings), rows)

    def remove_strings(self, pk: int, values: Sequence[str] | None) -> None:
        """Take strings out of a set, or all with None."""
        statement = delete(set_strings).where(set_strings.c.attribute_pk == pk)
        if values is None:
            self._connection.execute(statement)
            return
        for start in range(0, len(values), _LOOKUP_SIZE):  # databases limit the number of parameters
            chunk = values[start : start + _LOOKUP_SIZE]
            self._connection.execute(statement.where(set_strings.c.value.in_(chunk)))

    def delete(self, pk: int) -> None:
        """Remove an attribute with its points, strings and file entries, and release its blobs."""
        for table in (file_entries, image_points):
            release(self._connection, table, table.c.attribute_pk == pk)
        self._connection.execute(delete(attributes).where(attributes.c.pk == pk))

    def _named(self, container_pk: int, paths: list[str]) -> tuple[Select[Any], dict[str, Any]]:
        """Return a statement that finds attributes by path, and its parameters; all paths travel as one."""
        if self._connection.dialect.name == "postgresql":
            return _NAMED_IN_ARRAY, {"container": container_pk, "paths": paths}
        return _NAMED_IN_JSON, {"container": container_pk, "paths": orjson.dumps(paths).decode()}

    def _strings(self, pk: int) -> tuple[str, ...]:
        statement = select(set_strings.c.value).where(set_strings.c.attribute_pk == pk).order_by(set_strings.c.value)
        return tuple(self._connection.scalars(statement))

    def _strings_of_container(self, container_pk: int) -> dict[int, tuple[str, ...]]:
        statement = (
            select(set_strings)
            .join(attributes, attributes.c.pk == set_strings.c.attribute_pk)
            .where(attributes.c.container_pk == container_pk)
            .order_by(set_strings.c.value)
        )
        found: defaultdict[int, list[str]] = defaultdict(list)
        for row in self._connection.execute(statement).mappings():
            found[row[set_strings.c.attribute_pk]].append(row[set_strings.c.value])
        return {pk: tuple(values) for pk, values in found.items()}
