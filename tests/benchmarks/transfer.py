"""How quickly runs come in and go out: points and files a second, and the most memory that a command takes.

    python tests/benchmarks/transfer.py --runs 1000

It makes an export of the form of neptune-exporter, starts an embedded server in a folder of its own, and imports with
the command ``neptune-yolo import``, once the tables and once the files; then it exports the same runs into the same
layout with ``neptune-yolo export``. Command and server share the processors of this machine, whose number is printed.
Every run is read back and compared by both commands, which is in the times.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from neptune_yolo.transfer.neptune_export.layout import (
    ExportedKind,
    arrow_schema,
    files_folder,
    part_name,
    sanitized,
    tables_folder,
)

PROJECT = "ws/benchmark"
CREATED_MS = 1_600_000_000_000
POINTS_TARGET = 50_000
FILES_TARGET_MB = 200
MEMORY_TARGET_MB = 500
MEGABYTE = 1_000_000
LOOK_SECONDS = 0.05
WAYS = ("import", "export")


@dataclass(frozen=True)
class Shape:
    """What an export is made of.

    Attributes:
        runs: How many.
        series: Of numbers, in each run.
        points: In each of them.
        files: In each run.
        file_bytes: Of each of them.
        values: Single values in each run.
    """

    runs: int
    series: int
    points: int
    files: int
    file_bytes: int
    values: int = 100

    @property
    def point_count(self) -> int:
        """Points of all runs."""
        return self.runs * self.series * self.points

    @property
    def all_file_bytes(self) -> int:
        """Bytes of all files."""
        return self.runs * self.files * self.file_bytes


@dataclass(frozen=True)
class Outcome:
    """What was measured.

    Attributes:
        seconds: From the beginning to the end of the command.
        peak_mb: Most memory of the command.
        report: What it told.
    """

    seconds: float
    peak_mb: float
    report: Mapping[str, object]


def parameters(run: str, number: int, count: int) -> list[dict[str, object]]:
    """Return rows of single values, as a training has them."""
    created = datetime.fromtimestamp(CREATED_MS / 1000 + number, UTC)
    atoms: list[tuple[str, str, str, object]] = [
        ("sys/id", "string", "string_value", run),
        ("sys/name", "string", "string_value", f"run {number}"),
        ("sys/creation_time", "datetime", "datetime_value", created),
        ("sys/owner", "string", "string_value", "ada"),
        ("sys/running_time", "float", "float_value", 3600.0),
        *((f"args/number_{at}", "float", "float_value", at / 7) for at in range(count // 2)),
        *((f"args/text_{at}", "string", "string_value", f"value {at}") for at in range(count - count // 2)),
    ]
    return [{"attribute_path": path, "attribute_type": kind, column: value} for path, kind, column, value in atoms]


def numbers(shape: Shape, generator: np.random.Generator) -> pa.RecordBatch:
    """Return rows of all series of a run, without the names of run and project."""
    count = shape.series * shape.points
    steps = np.tile(np.arange(shape.points), shape.series)
    paths = pa.DictionaryArray.from_arrays(
        pa.array(np.repeat(np.arange(shape.series), shape.points)),
        pa.array([f"metrics/series_{at}" for at in range(shape.series)]),
    )
    schema = arrow_schema()
    columns = {field.name: pa.nulls(count, field.type) for field in schema}
    columns["attribute_path"] = paths.dictionary_decode()
    columns["attribute_type"] = pa.array(["float_series"] * count)
    columns["step"] = pa.array(steps).cast(pa.decimal128(38, 6)).cast(schema.field("step").type)
    columns["timestamp"] = pa.array(CREATED_MS + steps * 1000).cast(schema.field("timestamp").type)
    columns["float_value"] = pa.array(generator.random(count))
    return pa.RecordBatch.from_pydict(columns, schema=schema)


def make_export(folder: Path, shape: Shape) -> None:
    """Write an export."""
    generator = np.random.default_rng(0)
    schema = arrow_schema()
    tables = folder / "data" / tables_folder(PROJECT, ExportedKind.RUN)
    tables.mkdir(parents=True)
    files = folder / "files" / sanitized(PROJECT)
    template = numbers(shape, generator) if shape.series else None
    content = generator.bytes(shape.file_bytes) if shape.files else b""
    for number in range(1, shape.runs + 1):
        run = f"BEN-{number}"
        names = {"project_id": PROJECT, "run_id": run}
        with pq.ParquetWriter(tables / part_name(run, 0), schema, compression="snappy") as writer:
            rows = [{**names, **row} for row in parameters(run, number, shape.values)]
            writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=schema))
            if template is not None:
                writer.write_batch(of_run(template, names))
            if shape.files:
                paths = [f"files/number_{at}" for at in range(shape.files)]
                inside = files_folder(PROJECT, ExportedKind.RUN, run)
                for at, path in enumerate(paths):
                    target = files / inside / path
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(number.to_bytes(4, "big") + at.to_bytes(4, "big") + content[8:])
                kind = {"attribute_type": "file"}
                of_files = [
                    {**names, **kind, "attribute_path": path, "file_value": {"path": f"{inside}/{path}"}}
                    for path in paths
                ]
                writer.write_batch(pa.RecordBatch.from_pylist(of_files, schema=schema))


def of_run(template: pa.RecordBatch, names: Mapping[str, str]) -> pa.RecordBatch:
    """Return rows with the names of a run."""
    columns = {name: template.column(name) for name in template.schema.names}
    columns |= {name: pa.array([text] * template.num_rows) for name, text in names.items()}
    return pa.RecordBatch.from_pydict(columns, schema=template.schema)


def measured(command: Sequence[str], environment: Mapping[str, str]) -> Outcome:
    """Run a command that prints a report as JSON."""
    started = time.monotonic()
    peak = 0
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, env=dict(environment))
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                peak = max(peak, watched.memory_info().rss)
            except psutil.NoSuchProcess:
                break
            time.sleep(LOOK_SECONDS)
        seconds = time.monotonic() - started
        output.seek(0)
        report = json.loads(output.read() or b"{}")
    if process.returncode:
        raise SystemExit(f"The command has failed: {json.dumps(report)[:2000]}")
    return Outcome(seconds, peak / MEGABYTE, report)


def measure(shape: Shape, folder: Path) -> tuple[Outcome, Outcome]:
    """Make an export, start a server, import into it and export from it."""
    make_export(folder / "export", shape)
    environment = {**os.environ, "NEPTUNE_YOLO_HOME": str(folder / "home"), "YOLO_CONFIG_DIR": str(folder / "config")}
    environment.pop("NEPTUNE_API_TOKEN", None)
    program = [sys.executable, "-m", "neptune_yolo.cli"]
    subprocess.run([*program, "server", "start"], check=True, env=environment, stdout=subprocess.DEVNULL)
    try:
        came = measured([*program, "import", "neptune-export", str(folder / "export"), "--json"], environment)
        went = measured([*program, "export", "neptune", str(folder / "again"), "-p", PROJECT, "--json"], environment)
        return came, went
    finally:
        subprocess.run([*program, "server", "stop"], check=True, env=environment, stdout=subprocess.DEVNULL)


def show(what: str, rate: float, target: float, unit: str, outcome: Outcome) -> None:
    """Print a line."""
    sys.stdout.write(
        f"{what:<34} {rate:>10,.0f} {unit} (target {target:,.0f})   {outcome.seconds:6.1f} s   "
        f"peak {outcome.peak_mb:,.0f} MB (target {MEMORY_TARGET_MB})\n"
    )
    sys.stdout.flush()


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--series", type=int, default=20, help="of each run")
    parser.add_argument("--points", type=int, default=300, help="of each series")
    parser.add_argument(
        "--file-bytes", type=int, default=20_000_000, help="of each of two files of a tenth of the runs"
    )
    parser.add_argument("--folder", type=Path, help="for exports and servers; a temporary one by default")
    asked = parser.parse_args()
    sys.stdout.write(f"{os.cpu_count()} processors, shared by command and server; {asked.runs} runs\n")
    points = Shape(asked.runs, asked.series, asked.points, 0, 0)
    files = Shape(max(1, asked.runs // 10), 0, 0, 2, asked.file_bytes, values=0)
    long = Shape(1, 10, asked.runs * asked.points, 0, 0)
    for what, shape in (("points of many runs", points), ("points of one run", long)):
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            for way, outcome in zip(WAYS, measure(shape, Path(folder)), strict=True):
                rate = shape.point_count / outcome.seconds
                show(f"{way}, {what}", rate, POINTS_TARGET, "points/s", outcome)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        for way, outcome in zip(WAYS, measure(files, Path(folder)), strict=True):
            rate = files.all_file_bytes / MEGABYTE / outcome.seconds
            show(f"{way}, files", rate, FILES_TARGET_MB, "MB/s", outcome)


if __name__ == "__main__":
    main()
