"""Take in and give out the pictures of image series."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from neptune_yolo.server.domain.attribute import Attribute, AttributeType
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.files import StagedBlob
from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.domain.images import Image, ImageUpload
from neptune_yolo.server.domain.operation import ImagePoint, LogImages, Operation
from neptune_yolo.server.domain.series import StoredPoint
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.services.access import Access
from neptune_yolo.server.store.interfaces import BlobStore, Session, Store

StagedImages = Mapping[Sha256, StagedBlob]


@dataclass(frozen=True)
class ImagePage:
    """A piece of an image series.

    Attributes:
        total: Number of pictures in the whole series.
        points: Step, timestamp in ms, picture; by step.
    """

    total: int
    points: list[StoredPoint[Image]]


@dataclass(frozen=True)
class ImageService:
    """Pictures of image series.

    Attributes:
        access: What the caller may do.
        store: Gives transactions.
        blobs: Keeps the bytes.
    """

    access: Access
    store: Store
    blobs: BlobStore

    def page(self, container_id: str, path: str, offset: int, limit: int) -> ImagePage:
        """Return points of a series from position ``offset`` on, without their bytes.

        Raises:
            NotFoundError: If there is no such container, or no image series of that path.
        """
        with self.store.read() as session:
            attribute = self._series(session, container_id, path)
            total = getattr(attribute.value, "point_count", 0)
            return ImagePage(total, session.images.page(attribute.pk, offset, limit))

    def at(self, container_id: str, path: str, index: int) -> Image:
        """Return the picture at a position of a series, from 0.

        Raises:
            NotFoundError: If there is no such container, series or position.
        """
        points = self.page(container_id, path, index, 1).points
        if not points:
            raise NotFoundError("picture of a series", f"{path}, position {index}")
        return points[0][2]

    def at_step(self, container_id: str, path: str, step: float) -> Image:
        """Return the picture at a step of a series.

        Raises:
            NotFoundError: If there is no such container, series or step.
        """
        with self.store.read() as session:
            attribute = self._series(session, container_id, path)
            found = session.images.find(attribute.pk, [step])
        if step not in found:
            raise NotFoundError("picture of a series", f"{path}, step {step:g}")
        return found[step][1]

    def read(self, image: Image) -> Iterator[bytes]:
        """Yield the bytes of a picture.

        Raises:
            NotFoundError: If it has been deleted meanwhile.
        """
        return self.blobs.read_chunks(image.sha256)

    def _series(self, session: Session, container_id: str, path: str) -> Attribute:
        container = self.access.container(session, container_id, Role.VIEWER)
        attribute = session.attributes.find(container.pk, path)
        if attribute is None or attribute.type is not AttributeType.IMAGE_SERIES:
            raise NotFoundError(f"attribute of type {AttributeType.IMAGE_SERIES}", path)
        return attribute


@contextmanager
def staged_images(blobs: BlobStore, operations: Iterable[Operation]) -> Iterator[StagedImages]:
    """Make the bytes of all pictures of a batch durable; those that are not placed are dropped at the end.

    Raises:
        StorageUnavailableError: If the bytes cannot be written.
    """
    staged: dict[Sha256, StagedBlob] = {}
    try:
        contents = {upload.image.sha256: upload.data for upload in _uploads(operations)}
        staged.update(zip(contents, blobs.stage(list(contents.values())), strict=True))
        blobs.prepare(list(staged.values()))
        yield staged
    finally:
        blobs.discard(staged.values())


def without_empty(path: str, points: Sequence[ImagePoint]) -> tuple[list[tuple[float | None, int, Image]], list[str]]:
    """Return the points that have a picture, and a sentence for each of the others."""
    kept = [(step, timestamp_ms, upload.image) for step, timestamp_ms, upload in points if upload.data]
    refused = [
        f"Expected a picture at step {'(next)' if step is None else f'{step:g}'} of series {path!r}, got no bytes. "
        f"The client empties pictures above 32 MiB: log a smaller one. The point was not stored."
        for step, _, upload in points
        if not upload.data
    ]
    return kept, refused


def append_images(
    session: Session, blobs: BlobStore, pk: int, points: Sequence[StoredPoint[Image]], staged: StagedImages
) -> None:
    """Store points of a series and let their bytes be found, within a transaction.

    Args:
        session: The transaction.
        blobs: Keeps the bytes.
        pk: Row number of the series.
        points: Those that the series takes.
        staged: The bytes of at least these.
    """
    hashes = {image.sha256 for _, _, image in points}
    session.images.append(pk, points)
    blobs.place([staged[sha256] for sha256 in sorted(hashes)])


def _uploads(operations: Iterable[Operation]) -> Iterator[ImageUpload]:
    for operation in operations:
        if isinstance(operation, LogImages):
            yield from (upload for _, _, upload in operation.points if upload.data)
