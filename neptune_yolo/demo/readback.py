"""Reading the demo's run back through the Neptune client, and holding it against what the training left on disk."""

import csv
import filecmp
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neptune_yolo.connection import open_connection
from neptune_yolo.demo.exceptions import ReadBackError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.status import TrainingState

MAP50 = "metrics/mAP50(B)"
MAP50_95 = "metrics/mAP50-95(B)"
CHECKPOINTS = (paths.checkpoint_path("best"), paths.checkpoint_path("last"))
LABEL_WIDTH = 16
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class RunSummary:
    """What a run holds, as the Neptune client reads it.

    Attributes:
        project: `workspace/name`.
        run_id: Such as `DEM-1`.
        name: Name of the run.
        status: State of the training: `completed`, unless something went wrong.
        epochs: Number of epochs with an mAP50.
        map50: mAP50 of the best checkpoint's evaluation, 0 to 1.
        map50_95: mAP50-95 of the same, 0 to 1.
        best_epoch: The epoch, from 1, with the highest mAP50-95.
        points: Number of series points that were compared with `results.csv`.
        files: Name and size in bytes of each file in the run.
        link: Address of the run's page.
    """

    project: str
    run_id: str
    name: str
    status: str
    epochs: int
    map50: float
    map50_95: float
    best_epoch: int
    points: int
    files: tuple[tuple[str, int], ...]
    link: str

    def lines(self, seconds: float) -> list[str]:
        """Write the table that the demo ends with.

        Args:
            seconds: How long the demo took.
        """
        size_bytes = sum(size for _, size in self.files)
        weights = [f"{path} {size / MEGABYTE:.1f} MB" for path, size in self.files if path in CHECKPOINTS]
        rows = [
            ("project", self.project),
            ("run", f"{self.run_id} ({self.name}), {self.status}"),
            ("epochs", f"{self.epochs}, the best was number {self.best_epoch}"),
            ("mAP50", f"{self.map50:.3f}"),
            ("mAP50-95", f"{self.map50_95:.3f}"),
            ("series points", f"{self.points}, all equal to results.csv"),
            ("checkpoints", f"{', '.join(weights)}, the bytes on disk"),
            ("files", f"{len(self.files)}, {size_bytes / MEGABYTE:.1f} MB in all"),
            ("time", f"{seconds:.0f} s"),
        ]
        table = [f"  {label:<{LABEL_WIDTH}}{value}" for label, value in rows]
        return ["", "Read back from the run:", *table, "", f"Open the run: {self.link}"]


def read_back(project: str, run_id: str, save_dir: Path) -> RunSummary:
    """Read a run through the Neptune client and compare it with the files of its training.

    Args:
        project: `workspace/name`.
        run_id: Such as `DEM-1`.
        save_dir: Folder of the training, with `results.csv` and `weights/best.pt`.

    Raises:
        ReadBackError: A value or a file of the run differs from the training's own.
    """
    with _reading(project, run_id) as run:
        status = run[paths.STATUS].fetch()
        if status != TrainingState.COMPLETED:
            raise ReadBackError(run_id, f"{paths.STATUS} is {status!r}, not 'completed'", save_dir)
        series = _compare_series(run, run_id, save_dir)
        map50_95 = series[MAP50_95]
        return RunSummary(
            project=project,
            run_id=run_id,
            name=run["sys/name"].fetch(),
            status=status,
            epochs=len(series[MAP50]),
            map50=run[f"{paths.FINAL}/{MAP50}"].fetch(),
            map50_95=run[f"{paths.FINAL}/{MAP50_95}"].fetch(),
            best_epoch=1 + map50_95.index(max(map50_95)),
            points=sum(map(len, series.values())),
            files=_compare_files(run, run_id, save_dir),
            link=run.get_url(),
        )


@contextmanager
def _reading(project: str, run_id: str) -> Iterator[Any]:
    """Open the run for reading only."""
    import neptune

    connection = open_connection(NeptuneSettings(project=project))
    run = neptune.init_run(project=connection.project, api_token=connection.api_token, with_id=run_id, mode="read-only")
    try:
        yield run
    finally:
        run.stop()


def _compare_series(run: Any, run_id: str, save_dir: Path) -> dict[str, list[float]]:
    """Compare each series with its column of `results.csv`, and return the values of all series."""
    with (save_dir / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    series: dict[str, list[float]] = {}
    for path in (name for name in rows[0] if name not in {"epoch", "time"}):
        points = run[path].fetch_values(include_timestamp=False, progress_bar=False)
        found = [(f"{step:g}", f"{value:.6g}") for step, value in zip(points["step"], points["value"], strict=True)]
        wanted = [(row["epoch"], row[path]) for row in rows]
        if found != wanted:
            raise ReadBackError(run_id, f"{path} has the points {found}, and results.csv has {wanted}", save_dir)
        series[path] = [float(value) for value in points["value"]]
    return series


def _compare_files(run: Any, run_id: str, save_dir: Path) -> tuple[tuple[str, int], ...]:
    """Download every file, compare the checkpoints with those on disk, and return all paths and sizes in bytes."""
    files: list[tuple[str, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(_file_paths(run.get_structure())):
            copy = Path(folder) / str(number)
            run[path].download(str(copy), progress_bar=False)
            files.append((path, copy.stat().st_size))
            local = save_dir / f"{path}.pt"
            if path in CHECKPOINTS and not filecmp.cmp(copy, local, shallow=False):
                raise ReadBackError(run_id, f"{path} has other bytes than {local}", save_dir)
    missing = set(CHECKPOINTS) - {path for path, _ in files}
    if missing:
        raise ReadBackError(run_id, f"it has no {' and no '.join(sorted(missing))}", save_dir)
    return tuple(files)


def _file_paths(structure: dict[str, Any], parent: str = "") -> Iterator[str]:
    """Walk the run's attributes and yield the path of each file that the training uploaded."""
    from neptune.attributes import File

    for name, value in structure.items():
        path = f"{parent}{name}"
        if isinstance(value, dict):
            yield from _file_paths(value, f"{path}/")
        elif isinstance(value, File):
            yield path
