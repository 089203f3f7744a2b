"""Files of a run in a folder, for formats that keep files beside their tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from neptune_yolo.read.file_reader import file_sha256
from neptune_yolo.read.forms import AttributeView
from neptune_yolo.read.safe_paths import Places
from neptune_yolo.transfer.exporting.source_run import SourceRun, picture_extension
from neptune_yolo.transfer.report import Difference
from neptune_yolo.transfer.writing.expected import Expected


@dataclass(frozen=True)
class WrittenFile:
    """A file that was written.

    Attributes:
        path: Of the attribute.
        target: Where it is.
        size_bytes: Of it.
        sha256: In hexadecimal.
        member: Path within a file set; empty for others.
        step: Of a picture; None for others.
        logged_ms: When a picture was logged, in milliseconds since 1970 (UTC); None for others.
    """

    path: str
    target: Path
    size_bytes: int
    sha256: str
    member: str = ""
    step: float | None = None
    logged_ms: int | None = None

    def differences(self) -> Iterator[Difference]:
        """Yield what is wrong with the file on disk."""
        found = file_sha256(self.target, self.size_bytes)
        if found != self.sha256:
            wanted = f"{self.size_bytes} bytes with the SHA-256 {self.sha256[:16]}…"
            yield Difference(self.path, wanted, "others" if found else "nothing, or of another size")


def write_files(run: SourceRun, view: AttributeView, places: Places) -> Iterator[WrittenFile]:
    """Write the files of an attribute, and yield each once it is there.

    Args:
        run: Whose they are.
        view: A file, a file set or a series of pictures; nothing comes of others.
        places: Where they go.

    Raises:
        ReadError: If one does not come.
        OSError: If one cannot be written.
    """
    path = view.path
    if view.type == "file" and view.file is not None:
        target = places.take(path, view.file.extension)
        run.download(path, target)
        yield WrittenFile(path, target, view.file.size_bytes, view.file.sha256)
    elif view.type == "fileSet":
        for member in run.members(path):
            target = places.take(f"{path}/{member.path}")
            run.download(path, target, member=member.path)
            yield WrittenFile(path, target, member.size_bytes, member.sha256, member=member.path)
    elif view.type == "imageSeries":
        for point in run.pictures(path):
            target = places.take(f"{path}/{point.step:.6f}", picture_extension(point))
            run.download(path, target, step=point.step)
            yield WrittenFile(path, target, point.size_bytes, point.sha256, step=point.step, logged_ms=point.logged_ms)


def expect(expected: Expected, file: WrittenFile) -> None:
    """Note a file in a record."""
    if file.step is not None:
        expected.pictures.setdefault(file.path, []).append((file.step, file.size_bytes, file.sha256))
    elif file.member:
        members = dict(expected.sets.get(file.path, {}))
        members[file.member] = (file.size_bytes, file.sha256)
        expected.sets[file.path] = members
    else:
        expected.files[file.path] = (file.size_bytes, file.sha256)
