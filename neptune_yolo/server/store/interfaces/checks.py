"""What services ask of the storage about everything in it."""

from collections.abc import Sequence
from typing import Protocol

from neptune_yolo.server.domain.usage import Usage
from neptune_yolo.server.domain.verification import BlobReference, SeriesFacts


class CheckStore(Protocol):
    """Questions about everything in the database, to see whether it fits together."""

    def list_damage(self) -> list[str]:
        """Return what the database itself finds wrong with its pages and indexes, as sentences."""

    def list_broken_references(self) -> list[tuple[str, str]]:
        """Return rows that refer to a row that is missing: table, and a sentence; of each table, some."""

    def page_references(self, after: str, limit: int) -> list[BlobReference]:
        """Return up to ``limit`` of the blobs that attributes refer to, by hash, those after a hash."""

    def list_wrong_files(self) -> list[tuple[int, str]]:
        """Return file attributes and file sets that do not fit their entries: row number, and a sentence."""

    def page_series(self, after_pk: int, limit: int) -> list[SeriesFacts]:
        """Return up to ``limit`` series by row number, those after one."""

    def count_points(self, pks: Sequence[int]) -> dict[int, tuple[int, float]]:
        """Return number of points and last step of string and image series that have points; up to 500 of them."""

    def describe(self, attribute_pk: int) -> str:
        """Return where people find an attribute: project, identifier and path."""


class UsageStore(Protocol):
    """How much is stored."""

    def read(self) -> Usage:
        """Return how much is stored. Every attribute is looked at: it may take seconds for millions of them."""
