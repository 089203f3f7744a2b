"""What services ask of the storage about series of numbers, texts and pictures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from neptune_yolo.server.domain.appended import FloatsAppended
from neptune_yolo.server.domain.images import Image
from neptune_yolo.server.domain.series import Drawing, FloatArrays, FloatOutline, StoredPoint


class SeriesStore(Protocol):
    """Points of float and string series."""

    def append_floats(self, appended: Sequence[FloatsAppended]) -> None:
        """Store points of several series."""

    def append_strings(self, pk: int, points: Sequence[StoredPoint[str]]) -> None:
        """Store points; steps increase and are above the last."""

    def find_floats(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, float]]:
        """Return timestamp (ms) and value of the points at the given steps, as far as there are any."""

    def find_strings(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, str]]:
        """Return timestamp (ms) and text of the points at the given steps, as far as there are any."""

    def page_floats(self, pk: int, offset: int, limit: int) -> list[StoredPoint[float]]:
        """Return points by step, from position ``offset`` on."""

    def read_floats(
        self, pk: int, first_step: float | None = None, last_step: float | None = None, limit: int | None = None
    ) -> FloatArrays:
        """Return the points from one step to another, both included, as arrays; None leaves an end open.

        With ``limit``, the first ones of them, at most so many.
        """

    def outline_floats(self, counts: Mapping[int, int], drawing: Drawing) -> Iterator[tuple[int, FloatOutline]]:
        """Yield float series, by row number, with points enough to draw them.

        Args:
            counts: Number of points of each series, by row number.
            drawing: How they are drawn.
        """

    def page_strings(self, pk: int, offset: int, limit: int) -> list[StoredPoint[str]]:
        """Return points by step, from position ``offset`` on."""

    def list_floats(self, container_pks: Sequence[int]) -> list[tuple[int, str, int]]:
        """Return the float series of up to 500 containers: row number of the container, path, number of points."""

    def clear(self, pk: int) -> None:
        """Remove all points of a series."""


class ImageStore(Protocol):
    """Points of image series."""

    def append(self, pk: int, points: Sequence[StoredPoint[Image]]) -> None:
        """Store points; steps increase and are above the last."""

    def find(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, Image]]:
        """Return timestamp (ms) and picture of the points at the given steps, as far as there are any."""

    def page(self, pk: int, offset: int, limit: int) -> list[StoredPoint[Image]]:
        """Return points by step, from position ``offset`` on."""

    def clear(self, pk: int) -> None:
        """Remove all points of a series and release their blobs."""
