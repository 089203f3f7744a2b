"""Exports into CSV, JSON, TensorBoard event files and MLflow, each read by the program that owns the format."""

import csv
import io
import json
import runpy
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image

from neptune_yolo.cli import main
from neptune_yolo.read.exceptions import ReadError
from neptune_yolo.read.searches import RunSearch
from neptune_yolo.read.series_reader import SeriesReader
from neptune_yolo.read.series_wire import SeriesPoints
from neptune_yolo.transfer.exceptions import TransferError
from neptune_yolo.transfer.exporting.engine import Choice, RunExport
from neptune_yolo.transfer.exporting.source_run import SourceRun
from neptune_yolo.transfer.exporting.targets import LOCK_NAME, open_target
from neptune_yolo.transfer.neptune_export import importing
from neptune_yolo.transfer.neptune_export.finding import find_export
from neptune_yolo.transfer.neptune_export.importing import ExportImport
from neptune_yolo.transfer.progress import Silent
from neptune_yolo.transfer.report import Outcome, RunReport, TransferReport
from neptune_yolo.transfer.writing import Destination
from tests.exports import CREATED, CREATED_MS, Export, point, row, system_rows
from tests.service import Service

PROJECT = "ws/san"
LONG = "x" * 7000
EXAMPLES = Path(__file__).parents[3] / "examples" / "migration"


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (4, 3), (9, 0, 0)).save(target, "PNG")
    return target.getvalue()


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The export speaks HTTP; the server's own tests look at each database."""
    (tmp_path / "neptune.db").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{tmp_path / 'neptune.db'}"


@pytest.fixture
def filled(destination: Destination, tmp_path: Path) -> Destination:
    """Give a server with two runs."""
    given = Export(tmp_path / "given")
    add = given.add_file
    given.add(
        "SAN-7",
        [
            *system_rows("SAN-7"),
            row("args/lr", "float", 0.1),
            row("args/cos", "bool", value=True),
            row("odd:key", "int", 1),
            row("args/risky", "string", "=1+1"),
            row("args/quoted", "string", "'=1"),
            row("args/long", "string", LONG),
            *(point("metrics/mAP50(B)", step, step / 7, step) for step in range(1500)),
            *(point("batch/loss", Decimal(step) / 4, 1 / (step + 1), step) for step in range(8)),
            *(point("log", step, f"@line {step}\n,é", step, "string_series") for step in range(3)),
            row("weights/best", "file", add("SAN-7", "weights/best.pt", b"\x00" * 100)),
            row("code", "file_set", str(Path(add("SAN-7", "code/a/b.py", b"b")).parent.parent)),
            *(row("shots", "file_series", add("SAN-7", f"shots/{n}", picture()), step=Decimal(n)) for n in (1, 2)),
        ],
    )
    later = row("sys/creation_time", "datetime", CREATED + timedelta(seconds=1))
    given.add("SAN-8", system_rows("SAN-8", later=later))
    report = ExportImport(destination, importing.Choice(), Silent()).run(find_export(given.folder))
    assert report.exit_code == 0
    return destination


def run_export(server: Destination, form: str, target: str, **options: Any) -> TransferReport:
    choice = Choice(PROJECT, **options)
    with open_target(form, target, choice) as opened:
        folder = None if form == "mlflow" else Path(target)
        return RunExport(server.api, opened, choice, Silent(), folder).run(workers=2)


def run_example(name: str, service: Service, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """Run an example of the migration page as a program, and return what it prints."""
    monkeypatch.setenv("NEPTUNE_API_TOKEN", service.token)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    file = EXAMPLES / f"{name}.py"
    monkeypatch.setattr(sys, "argv", [str(file), *arguments])
    output = io.StringIO()
    with redirect_stdout(output):
        runpy.run_path(str(file), run_name="__main__")
    return output.getvalue()


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_csv_is_a_table_of_runs_and_one_of_points(filled: Destination, tmp_path: Path) -> None:
    report = run_export(filled, "csv", str(tmp_path / "out"))
    assert (report.exit_code, report.totals()["points"], report.totals()["files"]) == (0, 1500 + 8 + 3 + 2, 4)
    first, second = read_csv(tmp_path / "out" / "runs.csv")
    assert (first["run"], first["args/lr"], first["args/cos"], first["args/risky"]) == ("SAN-7", "0.1", "True", "'=1+1")
    assert (first["args/long"], first["sys/tags"], second["args/lr"]) == (LONG, '["day", "night"]', "")
    assert (first["metrics/mAP50(B)"], first["sys/creation_time"]) == (repr(1499 / 7), "2021-05-01T12:00:00.000+00:00")
    points = read_csv(tmp_path / "out" / "series.csv")
    numbers = [point for point in points if point["path"] == "metrics/mAP50(B)"]
    assert [float(point["value"]) for point in numbers] == [step / 7 for step in range(1500)]
    assert points[-1] == {
        "run": "SAN-7",
        "path": "log",
        "type": "string",
        "step": "2.0",
        "time": "2021-05-01T12:00:00.002+00:00",
        "value": "'@line 2\n,é",
    }
    files = read_csv(tmp_path / "out" / "files.csv")
    assert [(file["path"], file["member"], file["step"]) for file in files] == [
        ("code", "a/b.py", ""),
        ("shots", "", "1.0"),
        ("shots", "", "2.0"),
        ("weights/best", "", ""),
    ]
    assert (tmp_path / "out" / files[-1]["file"]).read_bytes() == b"\x00" * 100
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "runs.csv",
        "series.csv",
        "files.csv",
        "files",
        LOCK_NAME,
    }


def test_tables_in_csv_come_back(
    filled: Destination, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    run_export(filled, "csv", str(out), with_files=False)
    tables = [str(out / name) for name in ("runs.csv", "series.csv")]
    printed = run_example("from_csv", service, monkeypatch, *tables, "--project", "ws/back")
    assert [line.split(":")[0] for line in printed.splitlines() if line.startswith("SAN-")] == ["SAN-7", "SAN-8"]
    back = next(found.run.sys_id for found in filled.api.search_runs("ws/back", RunSearch(words="SAN-7")))
    attributes = {view.path: view for view in filled.api.attributes("ws/back", back)}
    assert [attributes[f"args/{name}"].value for name in ("lr", "cos", "risky", "quoted")] == [0.1, True, "=1+1", "'=1"]
    for path in ("metrics/mAP50(B)", "batch/loss"):
        (before,) = filled.api.series.raw(PROJECT, [("SAN-7", path)])
        (after,) = filled.api.series.raw("ws/back", [(back, path)])
        for column in ("steps", "times_ms", "values"):
            assert getattr(before, column).tolist() == getattr(after, column).tolist()
    places = ((PROJECT, "SAN-7"), ("ws/back", back))
    texts = [list(filled.api.series.texts(*place, "log")) for place in places]
    assert texts[0] == texts[1]


def test_bad_tables_are_told_before_a_run_is_made(
    service: Service, destination: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, series = tmp_path / "runs.csv", tmp_path / "series.csv"
    runs.write_text("run,lr\nfirst,0.1\n,0.2\n", encoding="utf-8")
    lines = (
        "run,path,type,step,value,time",
        "first,loss,float,1,nan,",
        "first,loss,float,2,low,",
        "first,log,string,1,,",
    )
    more = ("first,,float,next,1,", "first,loss,float,3,1,noon", "first,loss")
    series.write_text("\n".join([*lines, *more]), encoding="utf-8")

    with pytest.raises(SystemExit) as ended:
        run_example("from_csv", service, monkeypatch, str(runs), str(series), "--project", "ws/back")

    told = str(ended.value).splitlines()
    assert [line.split(": ")[0].replace(f"{tmp_path}/", "") for line in told[:-1]] == [
        "runs.csv, row 3, column run",
        "series.csv, row 3, column value",
        "series.csv, row 5, column path",
        "series.csv, row 5, column step",
        "series.csv, row 6, column time",
        "series.csv, row 7, column step",
        "series.csv, row 7, column value",
    ]
    assert "found 'low'" in told[1]
    assert told[-1].startswith("Nothing was logged.")
    assert destination.find_project("ws/back") is None


def test_csv_holds_nothing_of_a_run_that_failed(
    filled: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: SourceRun, path: str) -> Iterator[Any]:
        raise ReadError(f"no texts of {self.sys_id} at {path}")

    monkeypatch.setattr(SourceRun, "texts", broken)
    report = run_export(filled, "csv", str(tmp_path / "out"), with_files=False)
    assert [(run.outcome, run.error) for run in report.runs] == [
        (Outcome.FAILED, "no texts of SAN-7 at log"),
        (Outcome.NEW, ""),
    ]
    assert [found["run"] for found in read_csv(tmp_path / "out" / "runs.csv")] == ["SAN-8"]
    assert read_csv(tmp_path / "out" / "series.csv") == []


def test_points_that_do_not_come_are_a_difference(
    filled: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = SeriesReader.raw

    def cut(*arguments: Any, **options: Any) -> Iterator[SeriesPoints]:
        return (points for points in whole(*arguments, **options) if points.path != "batch/loss")

    monkeypatch.setattr(SeriesReader, "raw", cut)
    report = run_export(filled, "json", str(tmp_path / "out"), with_files=False)
    assert [str(difference) for difference in report.runs[0].differences] == [
        "batch/loss: expected 8 points, found 0, which is all that came"
    ]
    assert report.exit_code == 1
    monkeypatch.setattr(SeriesReader, "raw", whole)
    again = run_export(filled, "json", str(tmp_path / "out"), with_files=False)
    assert [run.outcome for run in again.runs] == [Outcome.NEW, Outcome.UNCHANGED]
    assert again.exit_code == 0
    assert run_export(filled, "json", str(tmp_path / "out"), with_files=False).totals()["unchanged"] == 2


def test_json_has_a_file_for_each_run(filled: Destination, tmp_path: Path) -> None:
    report = run_export(filled, "json", str(tmp_path / "out"))
    assert report.exit_code == 0
    found = json.loads((tmp_path / "out" / "SAN-7.json").read_text(encoding="utf-8"))
    assert (found["format"], found["run"]["sys_id"], found["run"]["created_ms"]) == (
        "neptune_yolo.run/1",
        "SAN-7",
        CREATED_MS,
    )
    attributes = found["attributes"]
    assert attributes["args/lr"] == {"type": "float", "value": 0.1}
    assert attributes["batch/loss"]["points"][1] == [0.25, CREATED_MS + 1, 0.5]
    assert len(attributes["metrics/mAP50(B)"]["points"]) == 1500
    assert attributes["log"]["points"][2] == [2.0, CREATED_MS + 2, "@line 2\n,é"]
    assert [file["step"] for file in attributes["shots"]["files"]] == [1.0, 2.0]
    best = attributes["weights/best"]["files"][0]["file"]
    assert (tmp_path / "out" / best).read_bytes() == b"\x00" * 100
    again = run_export(filled, "json", str(tmp_path / "out"))
    assert [run.outcome for run in again.runs] == [Outcome.UNCHANGED] * 2


def test_tensorboard_reads_its_event_files(filled: Destination, tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    report = run_export(filled, "tensorboard", str(tmp_path / "out"))
    assert report.exit_code == 0
    between = "steps between whole numbers are counted in 1000ths there: batch/loss"
    assert report.runs[0].problems == [between]
    events = EventAccumulator(str(tmp_path / "out" / "SAN-7"), size_guidance={"scalars": 0, "images": 0, "tensors": 0})
    events.Reload()
    scalars = events.Scalars("metrics/mAP50(B)")
    assert [scalar.step for scalar in scalars] == list(range(1500))
    assert [scalar.value for scalar in scalars] == pytest.approx([step / 7 for step in range(1500)])
    assert scalars[2].wall_time == pytest.approx((CREATED_MS + 2) / 1000)
    assert [scalar.step for scalar in events.Scalars("batch/loss")] == [250 * step for step in range(8)]
    assert [(image.step, image.width, image.height) for image in events.Images("shots")] == [(1, 4, 3), (2, 4, 3)]
    texts = [tensor.tensor_proto.string_val[0].decode() for tensor in events.Tensors("log")]
    assert texts == [f"@line {step}\n,é" for step in range(3)]
    assert "|args/lr|0.1|" in events.Tensors("attributes")[0].tensor_proto.string_val[0].decode()
    again = run_export(filled, "tensorboard", str(tmp_path / "out"))
    assert [run.outcome for run in again.runs] == [Outcome.UNCHANGED] * 2
    without = run_export(filled, "tensorboard", str(tmp_path / "out"), with_files=False)
    assert [run.outcome for run in without.runs] == [Outcome.NEW] * 2
    assert len(list((tmp_path / "out" / "SAN-7").glob("events*"))) == 1


def test_event_files_of_others_are_left_alone(filled: Destination, tmp_path: Path) -> None:
    theirs = tmp_path / "out" / "SAN-7" / "events.out.tfevents.1.theirs"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"theirs")
    report = run_export(filled, "tensorboard", str(tmp_path / "out"))
    assert [run.outcome for run in report.runs] == [Outcome.FAILED, Outcome.NEW]
    assert theirs.read_bytes() == b"theirs"


@pytest.mark.filterwarnings("ignore:The ..noload.. loader strategy")  # in MLflow
def test_mlflow_reads_its_store_and_its_runs_come_back(
    filled: Destination, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mlflow

    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    report = run_export(filled, "mlflow", uri)
    assert [run.error for run in report.runs] == ["", ""]
    assert report.exit_code == 0
    client = mlflow.MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(PROJECT)
    (run,) = client.search_runs([experiment.experiment_id], "tags.`neptune_yolo.run` = 'ws/san/SAN-7'")
    assert (run.info.run_id, run.info.run_name) == (report.runs[0].run, "first try")
    assert (run.info.status, run.info.start_time, run.data.tags["mlflow.user"]) == ("FAILED", CREATED_MS, "ada")
    assert (run.data.params["args/lr"], run.data.params["args/cos"]) == ("0.1", "True")
    assert run.data.params["args/long"] == LONG[:6000]
    assert run.data.tags["sys/tags"] == '["day", "night"]'
    history = client.get_metric_history(run.info.run_id, "metrics/mAP50B")
    assert [(m.step, m.value, m.timestamp) for m in history] == [(n, n / 7, CREATED_MS + n) for n in range(1500)]
    assert [m.step for m in client.get_metric_history(run.info.run_id, "batch/loss")] == [250 * n for n in range(8)]
    problems = report.runs[0].problems
    assert report.runs[0].details == {"keys without their parentheses, which MLflow does not take": 1}
    assert "odd:key: became the key odd_key" in problems
    assert "args/long: cut after 6000 of 7000 characters; all of it is the artifact texts/…" in problems
    folder = Path(client.download_artifacts(run.info.run_id, "", str(tmp_path)))
    assert (folder / "weights" / "best.pt").read_bytes() == b"\x00" * 100
    assert (folder / "code" / "a" / "b.py").read_bytes() == b"b"
    assert (folder / "texts" / "args" / "long.txt").read_text(encoding="utf-8") == LONG
    assert read_csv(folder / "log.csv")[2]["value"] == "@line 2\n,é"

    run_example("from_mlflow", service, monkeypatch, uri, PROJECT, "--project", "ws/back")
    names = {head.name: head for head in (found.run for found in filled.api.search_runs("ws/back", RunSearch()))}
    back = names["first try"].sys_id
    attributes = {view.path: view for view in filled.api.attributes("ws/back", back)}
    assert attributes["import/mlflow/started_at"].value == CREATED_MS
    assert attributes["Configuration/Hyperparameters/args/lr"].value == 0.1
    assert attributes["weights/best"].file == filled.api.attribute(PROJECT, "SAN-7", "weights/best").file
    key = [(back, "metrics/mAP50(B)")]
    (points,) = filled.api.series.raw("ws/back", key)
    assert (points.steps.tolist(), points.times_ms[1], points.values[7]) == (list(range(1500)), CREATED_MS + 1, 1.0)
    printed = run_example("from_mlflow", service, monkeypatch, uri, PROJECT, "--project", "ws/back")
    assert printed.count("is here already") == 2

    client.delete_tag(run.info.run_id, "neptune_yolo.complete")
    again = run_export(filled, "mlflow", uri, with_files=False)
    assert [run.outcome for run in again.runs] == [Outcome.NEW, Outcome.UNCHANGED]
    assert (
        again.runs[0].problems[0] == f"the run {run.info.run_id} of an export that was broken off was deleted in MLflow"
    )
    assert len(client.search_runs([experiment.experiment_id])) == 2


def test_a_target_that_cannot_be_used_is_told(filled: Destination, tmp_path: Path) -> None:
    with pytest.raises(TransferError, match="sqlite:///"):
        run_export(filled, "mlflow", "mlflow.db")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(TransferError, match="got the file"):
        run_export(filled, "json", str(tmp_path / "file"))
    with (
        open_target("json", str(tmp_path / "out"), Choice(PROJECT)),
        pytest.raises(TransferError, match="another one is writing"),
        open_target("json", str(tmp_path / "out"), Choice(PROJECT)),
    ):
        pass


def test_the_command_chooses_runs_and_reports(
    filled: Destination, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del filled
    monkeypatch.setenv("NEPTUNE_API_TOKEN", service.token)

    def call(*arguments: str) -> tuple[int, dict[str, Any]]:
        result = CliRunner().invoke(
            main, ["export", "json", str(tmp_path / "out"), "-p", PROJECT, "--json", *arguments]
        )
        return result.exit_code, json.loads(result.stdout)

    code, report = call("--query", "(`args/lr`:float = 0.1)", "--no-files")
    assert (code, [run["source"] for run in report["runs"]]) == (0, ["ws/san/SAN-7"])
    code, report = call("--runs", "SAN-[89]", "--runs", "SAN-99")
    assert (code, [run["outcome"] for run in report["runs"]]) == (1, ["failed", "new"])
    assert report["runs"][0]["error"] == "Expected a run SAN-99 in ws/san, found none. Correct the name."
    assert RunReport("", Outcome.NEW).is_good
