"""Exports into the layout of neptune-exporter: what comes in again is what was there."""

import io
import json
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.forms import RunHead
from neptune_yolo.read.servers import Server
from neptune_yolo.transfer.exporting.engine import Choice, RunExport
from neptune_yolo.transfer.exporting.targets import open_target
from neptune_yolo.transfer.neptune_export import importing, tables
from neptune_yolo.transfer.neptune_export.finding import find_export
from neptune_yolo.transfer.neptune_export.importing import ExportImport
from neptune_yolo.transfer.neptune_export.layout import ExportedKind, arrow_schema, part_name, sanitized
from neptune_yolo.transfer.neptune_export.tables import decimals, rounded
from neptune_yolo.transfer.progress import Silent
from neptune_yolo.transfer.report import Outcome, TransferReport
from neptune_yolo.transfer.writing import Destination
from tests.exports import Export, Row, point, row, system_rows
from tests.service import PROJECT as OWN
from tests.service import Service, local_service, opening_runs

PROJECT = "ws/san"
OF_SERVER = {"import/source", "import/fingerprint", "import/finished"}
OF_STORAGE = {"sys/size", "sys/monitoring_time", "import/sys/size", "import/sys/monitoring_time"}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The export speaks HTTP; the server's own tests look at each database."""
    (tmp_path / "neptune.db").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{tmp_path / 'neptune.db'}"


@pytest.fixture
def other(sqlite_template: Path, tmp_path: Path) -> Iterator[Destination]:
    """Give a second server."""
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "neptune.db").write_bytes(sqlite_template.read_bytes())
    with local_service(f"sqlite:///{folder / 'neptune.db'}", folder) as service:
        destination = Destination(Server(service.url, service.token))
        yield destination
        destination.close()


def run_export(api: ReadApi, target: Path, project: str = PROJECT, **options: Any) -> TransferReport:
    choice = Choice(project, **{"kinds": ("model", "modelVersion", "run"), **options})
    with open_target("neptune", str(target), choice) as opened:
        return RunExport(api, opened, choice, Silent()).run(workers=2)


def run_import(destination: Destination, folder: Path) -> TransferReport:
    return ExportImport(destination, importing.Choice(), Silent()).run(find_export(folder))


def content(api: ReadApi, project: str, run: str) -> dict[str, Any]:
    """Return all that a run holds, down to the hash of each file."""
    found: dict[str, Any] = {}
    for view in api.attributes(project, run):
        if view.path in OF_SERVER:
            continue
        found[view.path] = view
        if view.type == "floatSeries":
            pieces = list(api.series.raw(project, [(run, view.path)]))
            columns = [np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("steps", "times_ms")]
            columns.append(np.concatenate([piece.values for piece in pieces]))
            found[view.path] = [column.tolist() for column in columns]  # means may differ by a last bit
        elif view.type == "stringSeries":
            found[view.path] = (view, list(api.series.texts(project, run, view.path)))
        elif view.type == "imageSeries":
            found[view.path] = (view, list(api.series.pictures(project, run, view.path)))
        elif view.type == "fileSet":
            members = api.files.members(project, run, view.path)
            found[view.path] = (view, [(member.path, member.size_bytes, member.sha256) for member in members])
        elif view.type == "artifact":
            found[view.path] = (view, list(api.artifact_files(project, run, view.path)))
    return found


def without(found: dict[str, Any], paths: set[str]) -> dict[str, Any]:
    return {path: value for path, value in found.items() if path not in paths}


def same_head(head: RunHead) -> dict[str, Any]:
    names = ("sys_id", "type", "failed", "trashed", "name", "description", "tags", "owner", "custom_run_id")
    moments = ("created_ms", "modified_ms", "pinged_ms", "running_ms")
    return {name: getattr(head, name) for name in (*names, *moments)}


def picture(shade: int) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (4, 3), (shade, 0, 0)).save(target, "PNG")
    return target.getvalue()


def exported_runs(export: Export) -> list[Row]:
    listed = [
        {"filePath": "a.csv", "fileHash": "ab", "type": "Local", "size": 3, "metadata": [{"key": "k", "value": "v"}]}
    ]
    add = export.add_file
    generator = random.Random(0)
    folder = str(Path(add("SAN-7", "code/a/b.py", b"b")).parent.parent)
    add("SAN-7", "code/only.zip", b"PK")
    return [
        *system_rows("SAN-7"),
        row("args/lr", "float", 0.1),
        row("args/epochs", "int", -(2**62)),
        row("args/cos", "bool", value=True),
        row("args/long", "string", "ä" * 100_000),
        row("args/empty", "string", ""),
        row("args/when", "datetime", export_moment()),
        *(point("loss/a", Decimal(step) / 3, generator.gauss(0, 1e9), step) for step in range(1200)),
        *(point("loss/b", step, 1e-300 * step, step) for step in range(-5, 5)),
        *(point("log", step, f"line {step}\n,é", step, "string_series") for step in range(60)),
        row("weights/best.pt", "file", add("SAN-7", "weights/best.pt", b"\x00" * 70_000)),
        row("weights", "file", add("SAN-7", "weights_", b"1,2")),
        row("con/AUX", "file", add("SAN-7", "one", picture(1))),
        row("con/aux", "file", add("SAN-7", "two", picture(2))),
        row("code", "file_set", folder),
        row("data", "artifact", add("SAN-7", "data/files_list.json", json.dumps(listed).encode())),
        *(
            row("shots", "file_series", add("SAN-7", f"shots/{n}.png", picture(n)), step=Decimal(n) / 2)
            for n in (2, 0, 1)
        ),
    ]


def export_moment() -> Any:
    from datetime import UTC, datetime

    return datetime(1999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)


def test_what_was_exported_comes_in_as_it_was(destination: Destination, other: Destination, tmp_path: Path) -> None:
    given = Export(tmp_path / "given")
    given.add("SAN-7", exported_runs(given))
    given.add("SAN-8", [*system_rows("SAN-8"), row("sys/trashed", "bool", value=True)])
    given.add("SAN-M", [row("sys/id", "string", "SAN-M"), row("sys/name", "string", "m")], kind=ExportedKind.MODEL)
    version = [row("sys/id", "string", "SAN-M-1"), row("sys/model_id", "string", "SAN-M")]
    version += [row("sys/stage", "string", "production"), row("sys/name", "string", "v")]
    kept = given.add_file("SAN-M-1", "weights", b"of the version", ExportedKind.MODEL_VERSION)
    given.add("SAN-M-1", [*version, row("weights", "file", kept)], kind=ExportedKind.MODEL_VERSION)
    assert run_import(destination, given.folder).exit_code == 0

    out = tmp_path / "out"
    report = run_export(destination.api, out, trashed=True)
    assert (report.exit_code, [run.problems for run in report.runs]) == (0, [[]] * 4)
    assert report.totals()["points"] == 1200 + 10 + 60 + 3
    again = run_import(other, out)
    assert (again.exit_code, len(again.runs)) == (0, 4)
    for run in ("SAN-7", "SAN-8", "SAN-M", "SAN-M-1"):
        before, after = (content(api, PROJECT, run) for api in (destination.api, other.api))
        assert without(before, OF_STORAGE) == without(after, OF_STORAGE), run
        assert same_head(destination.api.run(PROJECT, run)) == same_head(other.api.run(PROJECT, run))
    assert content(other.api, PROJECT, "SAN-7")["import/sys/size"].value == 123.0


def test_a_run_of_the_client_comes_in_as_it_was(
    service: Service,
    destination: Destination,
    other: Destination,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import neptune.types

    with opening_runs(service, monkeypatch) as open_run:
        run = open_run(name="first", custom_run_id="mine", tags=["a", "b"])
        run["args"] = {"lr": 0.01, "epochs": 3, "name": "x/y"}
        run["loss"].extend([1.0, 0.5, 0.25], steps=[0, 0.5, 1e9], timestamps=[1, 2, 3.5])
        run["shots"].append(neptune.types.File.from_content(picture(7), extension="png"), name="n", step=3)
        run["plain"].upload(neptune.types.File.from_content("text", extension=""))
        run["emptied"].append("text")
        run["emptied"].clear()
        run["notes"].upload(neptune.types.File.from_content("a,b", extension="csv"))
        run.stop()
    report = run_export(destination.api, tmp_path / "out", OWN)
    (only,) = report.runs
    assert (report.exit_code, only.differences) == (0, [])
    assert only.problems[-1:] == [
        "shots: names and descriptions of pictures were left out: the layout has no place for them"
    ]
    assert run_import(other, tmp_path / "out").exit_code == 0
    before, after = (content(api, OWN, "YOL-1") for api in (destination.api, other.api))
    for path in (
        "loss",
        "notes",
        "plain",
        "args/lr",
        "args/epochs",
        "args/name",
        "sys/custom_run_id",
        "sys/tags",
        "sys/name",
    ):
        assert before[path] == after[path], path
    shots = [(shot.step, shot.logged_ms, shot.sha256) for shot in before["shots"][1]]
    assert shots == [(shot.step, shot.logged_ms, shot.sha256) for shot in after["shots"][1]]


def test_pyarrow_reads_it_and_parts_follow_each_other(
    destination: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Export(tmp_path / "given")
    given.add("SAN-7", [*system_rows("SAN-7"), *(point("loss", n, n / 7, n) for n in range(3000))])
    run_import(destination, given.folder)
    monkeypatch.setattr(tables, "GROUP_ROWS", 500)
    monkeypatch.setattr(tables, "MAX_PART_BYTES", 10_000)
    run_export(destination.api, tmp_path / "out")
    folder = tmp_path / "out" / "data" / sanitized(PROJECT)
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) > 2
    assert names == sorted(part_name("SAN-7", number) for number in range(len(names)))
    table = pa.concat_tables([pq.read_table(folder / part_name("SAN-7", number)) for number in range(len(names))])
    assert table.schema.equals(arrow_schema())
    losses = [found for found in table.to_pylist() if found["attribute_path"] == "loss"]
    assert [float(found["step"]) for found in losses] == list(range(3000))
    assert [found["float_value"] for found in losses] == [n / 7 for n in range(3000)]
    assert {found["attribute_type"] for found in losses} == {"float_series"}


def test_a_second_export_skips_what_is_there_and_takes_up_what_was_broken_off(
    destination: Destination, tmp_path: Path
) -> None:
    given = Export(tmp_path / "given")
    for number in (7, 8, 9):
        given.add(f"SAN-{number}", [*system_rows(f"SAN-{number}"), point("loss", 1, 0.5)])
    run_import(destination, given.folder)
    out = tmp_path / "out"
    run_export(destination.api, out, names=("SAN-7", "SAN-9"))
    folder = out / "data" / sanitized(PROJECT)
    broken = folder / part_name("SAN-9", 0)
    broken.rename(folder / part_name("SAN-9", 0, unfinished=True))
    report = run_export(destination.api, out)
    outcomes = {run.source[-5:]: run.outcome for run in report.runs}
    assert outcomes == {"SAN-7": Outcome.UNCHANGED, "SAN-8": Outcome.NEW, "SAN-9": Outcome.NEW}
    assert sorted(path.suffix for path in folder.iterdir()) == [".parquet"] * 3
    assert run_export(destination.api, out, with_files=False).totals()["new"] == 3


def test_an_error_of_one_run_does_not_stop_the_others(destination: Destination, tmp_path: Path) -> None:
    given = Export(tmp_path / "given")
    for number in (7, 8):
        given.add(f"SAN-{number}", system_rows(f"SAN-{number}"))
    run_import(destination, given.folder)
    in_the_way = tmp_path / "out" / "data" / sanitized(PROJECT) / part_name("SAN-7", 0)
    (in_the_way / "folder").mkdir(parents=True)
    report = run_export(destination.api, tmp_path / "out", names=("SAN-7", "SAN-8", "SAN-99"))
    assert [run.outcome for run in report.runs] == [Outcome.FAILED, Outcome.NEW, Outcome.FAILED]
    assert report.exit_code == 1
    assert all(run.error for run in report.runs if run.outcome is Outcome.FAILED)


def test_steps_are_rounded_as_the_column_has_them() -> None:
    steps = np.array([0.0, 1 / 3, -2 / 3, 1e-7, 12345678.123456, 2.0**39 + 0.5, 999_999_999_999.0, np.nan])
    found = decimals(steps)
    found.validate(full=True)
    texts = [None if np.isnan(step) else Decimal(step).quantize(Decimal("1.000000")) for step in steps]
    assert found.to_pylist() == texts
    assert rounded(steps)[:-1].tolist() == [float(text or 0) for text in texts[:-1]]


def test_a_damaged_export_is_found(destination: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Export(tmp_path / "given")
    given.add("SAN-7", [*system_rows("SAN-7"), *(point("loss", n, 0.5) for n in range(9))])
    run_import(destination, given.folder)
    spoil: Callable[..., Any] = tables.RunTables.add_series

    def spoiled(self: Any, path: Any, kind: Any, steps: Any, times: Any, values: Any) -> None:
        spoil(self, path, kind, steps, times, values + 1)

    monkeypatch.setattr(tables.RunTables, "add_series", spoiled)
    report = run_export(destination.api, tmp_path / "out")
    assert [found.path for run in report.runs for found in run.differences] == ["loss"]
    assert report.exit_code == 1
