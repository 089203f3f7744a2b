"""Attributes in the database."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.domain.attribute import Attribute, AttributeType, AttributeValue
from neptune_yolo.server.store.mapping import to_attribute, to_columns
from neptune_yolo.server.store.models import attributes, file_entries, image_points, set_strings
from neptune_yolo.server.store.references import release


class SqlAttributeStore:
    """Implements ``AttributeStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, container_pk: int, path: str) -> Attribute | None:
        """Return the attribute with its value, or None."""
        statement = select(attributes).where(attributes.c.container_pk == container_pk, attributes.c.path == path)
        row = self._connection.execute(statement).mappings().one_or_none()
        if row is None:
            return None
        is_set = row[attributes.c.type] == AttributeType.STRING_SET.value
        return to_attribute(row, self._strings(row[attributes.c.pk]) if is_set else ())

    def list_all(self, container_pk: int) -> list[Attribute]:
        """Return all attributes of a container with their values, by path."""
        strings = self._strings_of_container(container_pk)
        statement = select(attributes).where(attributes.c.container_pk == container_pk).order_by(attributes.c.path)
        rows = self._connection.execute(statement).mappings()
        return [to_attribute(row, strings.get(row[attributes.c.pk], ())) for row in rows]

    def create(self, container_pk: int, path: str, attribute_type: AttributeType) -> Attribute:
        """Store a new attribute without a value."""
        statement = (
            insert_into(attributes)
            .values(container_pk=container_pk, path=path, type=attribute_type.value)
            .returning(attributes)
        )
        return to_attribute(self._connection.execute(statement).mappings().one())

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
        if values is not None:
            statement = statement.where(set_strings.c.value.in_(values))
        self._connection.execute(statement)

    def delete(self, pk: int) -> None:
        """Remove an attribute with its points, strings and file entries, and release its blobs."""
        for table in (file_entries, image_points):
            release(self._connection, table, table.c.attribute_pk == pk)
        self._connection.execute(delete(attributes).where(attributes.c.pk == pk))

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
