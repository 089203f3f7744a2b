"""Points of image series in the database."""

from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, delete, select, update
from sqlalchemy import insert as insert_into

from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.domain.images import Image
from neptune_yolo.server.domain.series import StoredPoint
from neptune_yolo.server.store.locks import protect_blobs
from neptune_yolo.server.store.models import attributes, image_points
from neptune_yolo.server.store.references import release
from neptune_yolo.server.store.series import LOOKUP_SIZE

_c = image_points.c


class SqlImageStore:
    """Implements ``ImageStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, pk: int, points: Sequence[StoredPoint[Image]]) -> None:
        """Store points; steps increase and are above the last."""
        rows = [
            {
                "attribute_pk": pk,
                "step": step,
                "timestamp_ms": timestamp_ms,
                "sha256": image.sha256,
                "size_bytes": image.size_bytes,
                "media_type": image.media_type,
                "name": image.name,
                "description": image.description,
            }
            for step, timestamp_ms, image in points
        ]
        protect_blobs(self._connection, {image.sha256 for _, _, image in points})
        self._connection.execute(insert_into(image_points), rows)
        self._connection.execute(
            update(attributes)
            .where(attributes.c.pk == pk)
            .values(last_step=points[-1][0], point_count=attributes.c.point_count + len(points))
        )

    def find(self, pk: int, steps: Sequence[float]) -> dict[float, tuple[int, Image]]:
        """Return timestamp (ms) and picture of the points at the given steps, as far as there are any."""
        found: dict[float, tuple[int, Image]] = {}
        for start in range(0, len(steps), LOOKUP_SIZE):
            chunk = steps[start : start + LOOKUP_SIZE]
            statement = select(image_points).where(_c.attribute_pk == pk, _c.step.in_(chunk))
            for row in self._connection.execute(statement).mappings():
                found[row[_c.step]] = (row[_c.timestamp_ms], _to_image(row))
        return found

    def page(self, pk: int, offset: int, limit: int) -> list[StoredPoint[Image]]:
        """Return points by step, from position ``offset`` on."""
        statement = select(image_points).where(_c.attribute_pk == pk).order_by(_c.step).offset(offset).limit(limit)
        rows = self._connection.execute(statement).mappings()
        return [(row[_c.step], row[_c.timestamp_ms], _to_image(row)) for row in rows]

    def clear(self, pk: int) -> None:
        """Remove all points of a series and release their blobs."""
        release(self._connection, image_points, _c.attribute_pk == pk)
        self._connection.execute(delete(image_points).where(_c.attribute_pk == pk))
        self._connection.execute(update(attributes).where(attributes.c.pk == pk).values(last_step=None, point_count=0))


def _to_image(row: RowMapping) -> Image:
    return Image(
        sha256=Sha256(row[_c.sha256]),
        size_bytes=row[_c.size_bytes],
        media_type=row[_c.media_type],
        name=row[_c.name],
        description=row[_c.description],
    )
