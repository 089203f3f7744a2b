"""What services ask of the storage about tables."""

from collections.abc import Sequence
from typing import Protocol

from neptune_yolo.server.domain.attribute import Attribute, AttributeType
from neptune_yolo.server.domain.container import Container, ContainerType
from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.nql.table import Column, Group, Table


class TableStore(Protocol):
    """Tables of runs, models and model versions."""

    def count(self, table: Table) -> int:
        """Return the number of rows of the whole table.

        Raises:
            InvalidRequestError: If that takes too long.
        """

    def page(self, table: Table, offset: int, limit: int) -> list[Container]:
        """Return up to ``limit`` rows from position ``offset`` on.

        Raises:
            InvalidRequestError: If that takes too long.
        """

    def list_attributes(self, container_pks: Sequence[int], paths: Sequence[str] | None) -> dict[int, list[Attribute]]:
        """Return the attributes that somebody has written, by container; those of some paths, or all with None."""

    def sizes_bytes(self, container_pks: Sequence[int]) -> dict[int, int]:
        """Return the sums of the sizes of files and pictures, of the containers that have some."""

    def list_names(
        self, project_id: ContainerId, types: Sequence[ContainerType], part: str, limit: int
    ) -> list[tuple[str, AttributeType]]:
        """Return a path with its types, or if there is none up to ``limit`` that contain it."""

    def search_names(
        self, project_id: ContainerId, types: Sequence[ContainerType], part: str, limit: int
    ) -> list[tuple[str, AttributeType]]:
        """Return up to ``limit`` paths with their types that contain a part, in any case of letters; by path."""

    def group(self, table: Table, by: Sequence[str], columns: Sequence[Column], limit: int) -> list[Group]:
        """Return up to ``limit`` groups of a table's rows that agree in some attributes, largest first.

        Args:
            table: The rows; its order does not matter.
            by: Paths of the attributes. By a set of strings, a row belongs to a group for each of them.
            columns: Of which figures are told.
            limit: Number of groups.

        Raises:
            InvalidRequestError: If that takes too long.
        """
