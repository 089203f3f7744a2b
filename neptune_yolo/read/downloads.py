"""Files of runs on disk: one attribute, or all that a run holds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from neptune_yolo.read.api import ReadApi, using
from neptune_yolo.read.columns import is_pattern, matches
from neptune_yolo.read.exceptions import RequestRefusedError, ThingNotFoundError
from neptune_yolo.read.file_reader import FilePlace
from neptune_yolo.read.forms import AttributeView
from neptune_yolo.read.places import RunPlace
from neptune_yolo.read.safe_paths import Places

FILE_TYPES = frozenset({"file", "fileSet", "imageSeries"})
"""Types of attributes that hold bytes."""

ATTRIBUTES_FILE = "run.json"
"""Where the values of a run go that is downloaded whole."""

Tell = Callable[[int], None]

_EXTENSIONS = {"image/jpeg": "jpg", "image/svg+xml": "svg"}


@dataclass(frozen=True)
class WantedFile:
    """A file to be downloaded.

    Attributes:
        place: Where it is on the server.
        target: Where it goes.
        size_bytes: Of it.
    """

    place: FilePlace
    target: Path
    size_bytes: int


def download(
    run: str,
    path: str | None = None,
    folder: Path | str = ".",
    project: str | None = None,
    *,
    on_bytes: Tell | None = None,
    api: ReadApi | None = None,
) -> list[Path]:
    """Download files of a run, and return where they are.

    Each file appears whole and checked against the hash that the server has, or not at all; files that are there
    already are not fetched again, and an interrupted download is gone on with. Below the folder, files have the paths
    of their attributes; signs that file systems do not take are replaced, and no path leads out of the folder.

    Args:
        run: Identifier, such as ``YOL-7`` or ``workspace/name/YOL-7``.
        path: Of a file (``weights/best``), a file set or a series of pictures, or a pattern (``weights/*``,
            ``Plots/**``). None: all files of the run, and its values in ``run.json``.
        folder: Where they go; it is made.
        project: ``workspace/name``. None: NEPTUNE_PROJECT, else that of the embedded server.
        on_bytes: Told how many more bytes are there, for a progress bar.
        api: An open connection; None opens one.

    Raises:
        ThingNotFoundError: If there is no such run, or it has no such file.
        RequestRefusedError: If the attribute holds no file.
        FileDamagedError: If other bytes came than the server has.
        TargetRefusedError: If a link in the folder leads out of it.
        OSError: If a file cannot be written.
    """
    with using(api) as reader:
        place = reader.find_run(run, project)
        wanted = list(plan_downloads(reader, place, () if path is None else (path,), Path(folder)))
        for file in wanted:
            reader.files.download(file.place, file.target, on_bytes)
        found = [file.target for file in wanted]
        if path is None:
            found.append(write_attributes(reader, place, Path(folder)))
    return found


def plan_downloads(api: ReadApi, place: RunPlace, paths: Sequence[str], folder: Path) -> Iterator[WantedFile]:
    """Yield which files of a run are to be downloaded, and where they go.

    Args:
        api: An open connection.
        place: The run.
        paths: Of attributes, or patterns; none for all.
        folder: Where they go.

    Raises:
        ThingNotFoundError: If there is no such run, or it has no such file.
        RequestRefusedError: If the attribute holds no file.
        TargetRefusedError: If a link in the folder leads out of it.
    """
    places = Places(folder)
    chosen = {view.path: view for path in paths or (None,) for view in _chosen(api, place, path)}
    for view in chosen.values():
        yield from _files_of(api, place, view, places)


def write_attributes(api: ReadApi, place: RunPlace, folder: Path) -> Path:
    """Write the present values of a run's attributes as JSON, whole texts included; return the file.

    Args:
        api: An open connection.
        place: The run.
        folder: Where the file goes.
    """
    views = [
        view if view.length is None else api.attribute(place.project, place.run, view.path)
        for view in api.attributes(place.project, place.run)
    ]
    content = {"run": api.run(place.project, place.run), "attributes": views}
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / ATTRIBUTES_FILE
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1))
    part.replace(target)
    return target


def _chosen(api: ReadApi, place: RunPlace, path: str | None) -> list[AttributeView]:
    if path is not None and not is_pattern(path):
        view = api.attribute(place.project, place.run, path)
        if view.type not in FILE_TYPES:
            raise RequestRefusedError(
                f"Expected a file, a file set or a series of pictures, got {path!r} of {place.run}, which is of type "
                f"{view.type}. `neptune-yolo show {place.run}` tells what it has."
            )
        return [view]
    views = api.attributes(place.project, place.run)
    found = [view for view in views if view.type in FILE_TYPES and (path is None or matches(path, view.path))]
    if path is not None and not found:
        raise ThingNotFoundError(
            f"Expected files of {place.run} that fit {path!r}, but it has none. `neptune-yolo show {place.run}` tells "
            "what it has."
        )
    return found


def _files_of(api: ReadApi, place: RunPlace, view: AttributeView, places: Places) -> Iterator[WantedFile]:
    project, run, path = place.project, place.run, view.path
    if view.type == "file" and view.file is not None:
        yield WantedFile(FilePlace(project, run, path), places.take(path, view.file.extension), view.file.size_bytes)
    elif view.type == "fileSet":
        for member in api.files.members(project, run, path):
            target = places.take(f"{path}/{member.path}")
            yield WantedFile(FilePlace(project, run, path, member.path), target, member.size_bytes)
    elif view.type == "imageSeries":
        for point in api.series.pictures(project, run, path):
            kind = point.media_type
            target = places.take(f"{path}/{point.step:014.6f}", _EXTENSIONS.get(kind, kind.rpartition("/")[2]))
            yield WantedFile(FilePlace(project, run, path, step=point.step), target, point.size_bytes)
