"""Attributes of several runs side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import Attribute, AttributeType


@dataclass(frozen=True)
class ComparedRow:
    """An attribute in several runs.

    Attributes:
        path: Its path.
        cells: The attribute in each run, in their order; None where a run lacks it. Types may differ.
    """

    path: str
    cells: tuple[Attribute | None, ...]

    @property
    def differs(self) -> bool:
        """Whether a run lacks it, or has another value or type than the first."""
        first = self.cells[0]
        return any(not _is_same(first, cell) for cell in self.cells[1:])


@dataclass(frozen=True)
class Selection:
    """Which attributes are compared.

    Attributes:
        prefixes: Beginnings of paths, one of which has to fit; none lets all in.
        part: What a path has to contain, in any case of letters; empty lets all in.
        types: Types, none lets all in.
    """

    prefixes: tuple[str, ...] = ()
    part: str = ""
    types: frozenset[AttributeType] = frozenset()

    def wants(self, attribute: Attribute) -> bool:
        """Return whether an attribute is compared."""
        return (
            (not self.prefixes or attribute.path.startswith(self.prefixes))
            and (not self.types or attribute.type in self.types)
            and self.part.casefold() in attribute.path.casefold()
        )


def side_by_side(runs: Sequence[Iterable[Attribute]], *, only_different: bool) -> list[ComparedRow]:
    """Return the attributes of several runs, by path.

    Args:
        runs: The attributes of each.
        only_different: Whether rows in which all runs agree are left out.
    """
    columns: list[Mapping[str, Attribute]] = [{attribute.path: attribute for attribute in run} for run in runs]
    paths = sorted({path for column in columns for path in column})
    rows = (ComparedRow(path, tuple(column.get(path) for column in columns)) for path in paths)
    return [row for row in rows if row.differs or not only_different]


def _is_same(one: Attribute | None, other: Attribute | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.type is other.type and one.value == other.value
