"""One run of a server, piece by piece: what an export reads."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.file_reader import FilePlace
from neptune_yolo.read.forms import ArtifactFile, AttributeView, FileMember, PicturePoint, RunHead, TextPoint
from neptune_yolo.read.series_wire import SeriesPoints
from neptune_yolo.transfer.report import Difference

CHUNK_POINTS = 200_000
"""Points that are in memory at a time: 24 bytes each."""

EXTENSIONS = {"image/jpeg": "jpg", "image/svg+xml": "svg"}

Tell = Callable[[int], None]


class SourceRun:
    """A run, a model or a version of a model.

    Attributes:
        head: The run in short.
        with_files: Whether bytes of files are wanted.
    """

    def __init__(
        self,
        api: ReadApi,
        head: RunHead,
        *,
        with_files: bool,
        on_points: Tell | None = None,
        on_bytes: Tell | None = None,
    ) -> None:
        """Prepare to read.

        Args:
            api: An open connection.
            head: Of the run.
            with_files: Whether bytes of files are wanted.
            on_points: Told how many more points were read.
            on_bytes: Told how many more bytes of files were read.
        """
        self._api = api
        self.head = head
        self.with_files = with_files
        self._on_points = on_points or (lambda _count: None)
        self._on_bytes = on_bytes or (lambda _count: None)
        self._counts: dict[str, int] = {}
        self._read: dict[str, int] = {}

    @property
    def project(self) -> str:
        """``workspace/name``."""
        return self.head.project_name

    @property
    def sys_id(self) -> str:
        """Identifier, such as ``YOL-7``."""
        return self.head.sys_id

    @property
    def name(self) -> str:
        """``workspace/name/YOL-7``."""
        return f"{self.project}/{self.sys_id}"

    def attributes(self) -> Iterator[AttributeView]:
        """Yield all attributes with their present values by path; texts are whole."""
        for view in self._api.attributes(self.project, self.sys_id):
            if view.series is not None:
                self._counts[view.path] = view.series.count
            is_cut = view.length is not None and view.type == "string"
            yield self._api.attribute(self.project, self.sys_id, view.path) if is_cut else view

    def floats(self, paths: Sequence[str], *, is_told: bool = True) -> Iterator[SeriesPoints]:
        """Yield all points of series of numbers, in pieces; the series come in the order given.

        Args:
            paths: Of the series.
            is_told: Whether they count in what is told of the progress.
        """
        keys = [(self.sys_id, path) for path in paths]
        read = dict.fromkeys(paths, 0)
        for points in self._api.series.raw(self.project, keys, chunk_points=CHUNK_POINTS):
            self._on_points(len(points) if is_told else 0)
            read[points.path] += len(points)
            yield points
        self._read |= read

    def texts(self, path: str) -> Iterator[TextPoint]:
        """Yield the points of a series of texts, by step."""
        read = 0
        for point in self._api.series.texts(self.project, self.sys_id, path):
            self._on_points(1)
            read += 1
            yield point
        self._read[path] = read

    def shortfalls(self) -> Iterator[Difference]:
        """Yield the series that were read to their ends and had fewer points than the server had said."""
        for path, read in self._read.items():
            if read < self._counts.get(path, 0):
                yield Difference(path, f"{self._counts[path]} points", f"{read}, which is all that came")

    def pictures(self, path: str) -> Iterator[PicturePoint]:
        """Yield which pictures a series has, by step."""
        return self._api.series.pictures(self.project, self.sys_id, path)

    def picture(self, path: str, point: PicturePoint) -> bytes:
        """Return the bytes of a picture, checked."""
        content = self._api.files.picture(self.project, self.sys_id, path, point)
        self._on_bytes(len(content))
        return content

    def members(self, path: str) -> list[FileMember]:
        """Return the files of a file set, by path."""
        return self._api.files.members(self.project, self.sys_id, path)

    def artifact_files(self, path: str) -> Iterator[ArtifactFile]:
        """Yield the files that an artifact tracks."""
        return self._api.artifact_files(self.project, self.sys_id, path)

    def download(self, path: str, target: Path, *, member: str = "", step: float | None = None) -> None:
        """Put a file, a file of a set or a picture into a file, whole and checked.

        Raises:
            ReadError: If it does not come.
            OSError: If it cannot be written.
        """
        place = FilePlace(self.project, self.sys_id, path, member, step)
        self._api.files.download(place, target, self._on_bytes)

    def stream(self, path: str, member: str) -> Iterator[bytes]:
        """Yield the bytes of a file of a set; after the last ones, their hash is checked."""
        for chunk in self._api.files.stream(FilePlace(self.project, self.sys_id, path, member)):
            self._on_bytes(len(chunk))
            yield chunk


def picture_extension(point: PicturePoint) -> str:
    """Return the extension of a picture's file, without the dot."""
    return EXTENSIONS.get(point.media_type, point.media_type.rpartition("/")[2])
