"""What services ask of the storage about attributes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from neptune_yolo.server.domain.attribute import Attribute, AttributeType, AttributeValue


class AttributeStore(Protocol):
    """Attributes and the values of atoms and string sets."""

    def find(self, container_pk: int, path: str) -> Attribute | None:
        """Return the attribute with its value, or None."""

    def find_many(self, container_pk: int, paths: Collection[str]) -> dict[str, Attribute]:
        """Return the attributes with their values among the paths, by path."""

    def list_all(self, container_pk: int) -> list[Attribute]:
        """Return all attributes of a container with their values, by path."""

    def create(self, container_pk: int, path: str, attribute_type: AttributeType) -> Attribute:
        """Store a new attribute without a value."""

    def create_many(self, container_pk: int, types: Mapping[str, AttributeType]) -> dict[str, Attribute]:
        """Store new attributes without values, given by path and type, and return them by path."""

    def set_value(self, pk: int, value: AttributeValue) -> None:
        """Set the value of an atom."""

    def configure(self, pk: int, minimum: float | None, maximum: float | None, unit: str | None) -> None:
        """Set how a float series is shown."""

    def insert_strings(self, pk: int, values: Sequence[str]) -> None:
        """Add strings to a set; those that are in it already do not matter."""

    def remove_strings(self, pk: int, values: Sequence[str] | None) -> None:
        """Take strings out of a set, or all with None."""

    def delete(self, pk: int) -> None:
        """Remove an attribute with its points, strings and file entries, and release its blobs."""
