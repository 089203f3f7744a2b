"""Imports exports as neptune-exporter leaves them into a real server."""

import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from neptune_yolo.read.forms import AttributeView
from neptune_yolo.transfer.neptune_export.finding import find_export
from neptune_yolo.transfer.neptune_export.importing import Choice, ExportImport
from neptune_yolo.transfer.neptune_export.layout import ExportedKind
from neptune_yolo.transfer.progress import Silent
from neptune_yolo.transfer.report import Outcome, RunReport, TransferReport
from neptune_yolo.transfer.writing import Destination, Source
from tests.exports import CREATED, CREATED_MS, Export, Row, point, row, system_rows

PNG = b"\x89PNG\r\n\x1a\n rest"
PROJECT = "ws/san"


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The import speaks HTTP; the server's own tests look at each database."""
    (tmp_path / "neptune.db").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{tmp_path / 'neptune.db'}"


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return Export(tmp_path / "exports")


def run_import(destination: Destination, export: Export, **choice: object) -> TransferReport:
    return ExportImport(destination, Choice(**choice), Silent()).run(find_export(export.folder))  # type: ignore[arg-type]


def only(report: TransferReport) -> RunReport:
    (run,) = report.runs
    return run


def attributes(destination: Destination, run: str, project: str = PROJECT) -> dict[str, AttributeView]:
    return {view.path: view for view in destination.api.attributes(project, run)}


def zipped(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def full_run(export: Export, run: str) -> list[Row]:
    """Return rows of every type, of a run whose files are there."""
    listed = [
        {"filePath": "a.csv", "fileHash": "ab", "type": "Local", "size": 3, "metadata": [{"key": "k", "value": "v"}]}
    ]
    files = export.add_file
    return [
        *system_rows(run),
        row("args/lr", "float", 0.1),
        row("args/epochs", "int", 300),
        row("args/cos", "bool", value=True),
        row("args/model", "string", "yolo.pt"),
        *(point("loss", Decimal(step) / 3, 1 / (step + 1), step) for step in range(120)),
        *(point("log", step, f"line {step}", step, "string_series") for step in range(60)),
        row("weights/best", "file", files(run, "weights/best", zipped(**{"best/data.pkl": b"x"}))),
        row("plot", "file", files(run, "plot", PNG)),
        row("code", "file_set", str(Path(files(run, "code/code.zip", zipped(**{"a/b.py": b"b", "c.py": b""}))).parent)),
        row("data", "artifact", files(run, "data/files_list.json", json.dumps(listed).encode())),
        *(
            row("shots", "file_series", files(run, f"shots/{n}.png", PNG + bytes([n])), step=Decimal(n))
            for n in (2, 0, 1)
        ),
    ]


def test_a_run_is_there_as_it_was(destination: Destination, export: Export) -> None:
    export.add("SAN-7", full_run(export, "SAN-7"))
    report = run_import(destination, export)
    assert report.exit_code == 0
    run = only(report)
    assert (run.source, run.run, run.outcome, run.problems, run.differences) == ("ws/san/SAN-7", "SAN-7", "new", [], [])
    assert (run.points, run.files, run.error) == (183, 7, "")
    head = destination.api.run(PROJECT, "SAN-7")
    assert (head.created_ms, head.owner, head.running_ms, head.failed) == (CREATED_MS, "ada", 7_190_500, True)
    assert (head.name, head.description, head.tags) == ("first try", "of many", ["day", "night"])
    found = attributes(destination, "SAN-7")
    assert found["import/original_run_id"].value == "SAN-7"
    assert found["import/original_project"].value == PROJECT
    assert found["import/sys/size"].value == 123.0
    assert found["args/epochs"].value == 300
    (loss,) = destination.api.series.raw(PROJECT, [("SAN-7", "loss")])
    assert loss.steps.tolist()[:3] == [0, 0.333333, 0.666667]
    assert loss.times_ms.tolist()[:2] == [CREATED_MS, CREATED_MS + 1]
    files = {path: found[path].file for path in ("weights/best", "plot", "code")}
    assert {path: file and file.extension for path, file in files.items()} == {
        "weights/best": "pt",
        "plot": "png",
        "code": "",
    }
    members = destination.api.files.members(PROJECT, "SAN-7", "code")
    assert [(member.path, member.size_bytes) for member in members] == [("a/b.py", 1), ("c.py", 0)]
    assert [p.step for p in destination.api.series.pictures(PROJECT, "SAN-7", "shots")] == [0, 1, 2]
    assert [file.metadata for file in destination.api.artifact_files(PROJECT, "SAN-7", "data")] == [{"k": "v"}]


def test_a_second_import_changes_nothing_and_check_compares(destination: Destination, export: Export) -> None:
    export.add("SAN-7", full_run(export, "SAN-7"))
    first = only(run_import(destination, export))
    before = destination.api.run(PROJECT, "SAN-7")
    assert only(run_import(destination, export)).outcome is Outcome.UNCHANGED
    checked = only(run_import(destination, export, check=True))
    assert (checked.outcome, checked.differences) == (Outcome.UNCHANGED, [])
    assert (checked.points, checked.files, checked.file_bytes) == (first.points, first.files, first.file_bytes)
    assert destination.api.run(PROJECT, "SAN-7") == before


def test_check_finds_what_was_changed_since(destination: Destination, export: Export, tmp_path: Path) -> None:
    export.add("SAN-7", full_run(export, "SAN-7"))
    run_import(destination, export)
    writer = destination.open(destination.project(PROJECT), Source("neptune-export:ws/san/SAN-7", sys_id="SAN-7"))
    writer.assign("args/lr", 0.2)
    writer.log_floats("loss", [(1000, 0, 1.0)])
    writer.flush()
    other = tmp_path / "other"
    other.write_bytes(b"other")
    writer.upload_file("plot", other, "png")
    report = run_import(destination, export, check=True)
    assert [difference.path for difference in only(report).differences] == [
        "args/lr",
        "loss",
        "plot",
        "sys/modification_time",
    ]
    assert report.exit_code == 1


def test_rows_come_in_any_order_and_over_several_parts(destination: Destination, export: Export) -> None:
    mixed = [point(path, step, step * 1.5) for step in range(40) for path in ("a", "b")]
    export.add("SAN-1", [*mixed[:31]], group=7)
    export.add("SAN-1", [*mixed[31:], *system_rows("SAN-1")], number=1, group=7)
    run = only(run_import(destination, export))
    assert (run.differences, run.problems, run.points) == ([], [], 80)
    assert destination.api.run(PROJECT, "SAN-1").created_ms == CREATED_MS


def test_what_cannot_be_kept_is_told(destination: Destination, export: Export) -> None:
    histogram = {"type": "COUNTING", "edges": [0.0, 1.0], "values": [3.0]}
    export.add(
        "SAN-1",
        [
            *system_rows("SAN-1"),
            row("nan", "float", float("nan")),
            point("loss", 0, 1.0),
            point("loss", 1, float("inf")),
            point("loss", None, 2.0),
            row("hist", "histogram_series", histogram, step=Decimal(1), timestamp=None),
            row("labels", "string_set", ["a", "b"]),
            row("nul", "string", "a\0b"),
        ],
    )
    report = run_import(destination, export)
    run = only(report)
    assert (report.exit_code, run.differences) == (0, [])
    assert run.problems == [
        "nan: the value nan was left out: only finite numbers can be kept",
        "loss: points were left out: only finite numbers can be kept",
        "loss: points without a step got the one after the last",
        "hist: histograms became texts in JSON: no series can hold them",
        "hist: points without a moment got that of the run's creation",
        "labels: the set of strings became a text in JSON: only tags can be sets",
        "nul: NUL characters became replacement characters",
    ]
    found = attributes(destination, "SAN-1")
    assert found["import/not_kept"].value == "\n".join(run.problems)
    assert json.loads(str(found["hist"].value)) == histogram
    assert json.loads(str(found["labels"].value)) == ["a", "b"]


def test_points_that_go_back_or_share_a_step_are_differences(destination: Destination, export: Export) -> None:
    rows = [point("loss", step, value) for step, value in ((0, 1.0), (2, 2.0), (2, 3.0))]
    export.add("SAN-1", [*system_rows("SAN-1"), *rows, point("loss", 1, 9.0), point("loss", 1, 9.0)], group=17)
    run = only(run_import(destination, export))
    assert [str(difference)[:75] for difference in run.differences] == [
        "loss: expected one point at a step, found 1 further ones, of which the first was kept"[:75],
        "loss: expected points in the order of their steps, 1 of them up to step 2, found nothing"[:75],
    ]


def test_models_and_versions_are_there(destination: Destination, export: Export) -> None:
    kind = ExportedKind.MODEL_VERSION
    weights = export.add_file("SAN-DET-2", "weights", b"weights", kind)
    export.add("SAN-DET", system_rows("SAN-DET"), kind=ExportedKind.MODEL)
    stage = row("sys/stage", "string", "production")
    of_version = [
        *system_rows("SAN-DET-2"),
        row("sys/model_id", "string", "SAN-DET"),
        row("weights", "file", weights),
        stage,
    ]
    export.add("SAN-DET-2", of_version, kind=kind)
    report = run_import(destination, export)
    assert [(run.source, run.run, run.differences) for run in report.runs] == [
        ("ws/san/SAN-DET", "SAN-DET", []),
        ("ws/san/SAN-DET-2", "SAN-DET-2", []),
    ]
    found = attributes(destination, "SAN-DET-2")
    assert (found["sys/stage"].value, found["sys/model_id"].value) == ("production", "SAN-DET")


def test_a_run_of_neptune_3_keeps_its_own_identifier(destination: Destination, export: Export) -> None:
    shot = export.add_file("my experiment #1", "shots/0_5.png", PNG)
    rows = [
        row("sys/id", "string", "RUN-4"),
        row("sys/custom_run_id", "string", "my experiment #1"),
        row("sys/forking/parent", "string", "other"),
        *({**row(f"absent {kind}", kind, None), "file_value": None} for kind in ("float", "file", "file_series")),
        row("shots", "file_series", shot, step=Decimal("0.5"), timestamp=CREATED),
    ]
    export.add("my experiment #1", rows)
    run = only(run_import(destination, export))
    assert (run.run, run.differences, run.error) == ("RUN-4", [], "")
    assert destination.api.run(PROJECT, "RUN-4").custom_run_id == "my experiment #1"
    found = attributes(destination, "RUN-4")
    assert found["import/sys/forking/parent"].value == "other"
    assert not any(path.startswith("absent") for path in found)
    (picture,) = destination.api.series.pictures(PROJECT, "RUN-4", "shots")
    assert (picture.step, picture.logged_ms) == (0.5, CREATED_MS)


def test_names_that_nothing_can_have_here_are_kept_beside(destination: Destination, export: Export) -> None:
    export.add("long", [row("sys/id", "string", "some-1"), row("sys/custom_run_id", "string", "x" * 300)])
    export.add("one", [row("sys/id", "string", "RUN-5"), row("sys/custom_run_id", "string", "same")])
    export.add("two", [row("sys/id", "string", "RUN-6"), row("sys/custom_run_id", "string", "same")])
    report = run_import(destination, export, new_ids=True)
    runs = {str(run.source).rpartition("/")[2]: run for run in report.runs}
    assert [run.error for run in runs.values()] == [""] * 3
    found = attributes(destination, str(runs["long"].run))
    assert (found["import/sys/id"].value, found["import/sys/custom_run_id"].value) == ("some-1", "x" * 300)
    same = [attributes(destination, name).get("import/sys/custom_run_id") for name in ("RUN-5", "RUN-6")]
    assert sorted(view is not None for view in same) == [False, True]


def test_what_the_exporter_could_not_export_is_told(destination: Destination, export: Export) -> None:
    export.add("SAN-1", system_rows("SAN-1"))
    entry = {"project_id": PROJECT, "run_id": "SAN-1", "attribute_path": "loss", "exception": "TimeoutError"}
    lines = [json.dumps(entry), "no json", "[]", json.dumps({**entry, "run_id": "SAN-2"}), json.dumps(entry)]
    (export.folder.parent / "neptune_exporter_errors_1.jsonl").write_text("\n".join(lines))
    said = ["loss: the exporter could not export it (TimeoutError)"]
    assert only(run_import(destination, export)).problems == said
    assert only(run_import(destination, export)).problems == said
    assert attributes(destination, "SAN-1")["import/not_kept"].value == said[0]


def test_several_projects_become_projects_or_one(destination: Destination, export: Export) -> None:
    export.add("SAN-1", system_rows("SAN-1"))
    other = Export(export.folder, "ws/other")
    other.add("OTH-1", system_rows("OTH-1"))
    report = run_import(destination, export)
    assert {(run.source, run.run) for run in report.runs} == {("ws/san/SAN-1", "SAN-1"), ("ws/other/OTH-1", "OTH-1")}
    assert [destination.api.project(name).key for name in ("ws/san", "ws/other")] == ["SAN", "OTH"]
    assert {run.run for run in run_import(destination, export, project="ws/all").runs} == {"SAN-1", "OTH-1"}


def test_a_taken_name_is_told_and_replaced_if_asked(destination: Destination, export: Export) -> None:
    other = Export(export.folder, "ws/other")
    export.add("SAN-1", system_rows("SAN-1"))
    other.add("SAN-1", system_rows("SAN-1"))
    report = run_import(destination, export, project="ws/all")
    failed, good = sorted(report.runs, key=lambda run: run.outcome is not Outcome.FAILED)
    assert report.exit_code == 1
    assert "another run (SAN-1)" in failed.error
    assert "--new-ids" in failed.error
    again = run_import(destination, export, project="ws/all", new_ids=True)
    assert {run.outcome for run in again.runs} == {Outcome.NEW, Outcome.UNCHANGED}
    (renamed,) = [run for run in again.runs if run.outcome is Outcome.NEW]
    assert (renamed.run, renamed.source) == ("SAN-2", failed.source)
    assert attributes(destination, "SAN-2", "ws/all")["import/original_run_id"].value == "SAN-1"
    assert good.run == "SAN-1"
