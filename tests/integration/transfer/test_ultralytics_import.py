"""Folders of trainings become runs: once, to the end, and however often they are imported."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from neptune_yolo.cli import main
from neptune_yolo.read.exceptions import ServerNotAnsweringError
from neptune_yolo.tracking.resume import RunNote, write_note
from neptune_yolo.transfer.report import Outcome, RunReport
from neptune_yolo.transfer.ultralytics_runs.importing import RunsImport
from neptune_yolo.transfer.writing import Destination, RunWriter
from tests.service import PROJECT, Service, opening_runs
from tests.training_folders import NOW_SECONDS, make_training, make_yolov5, set_times


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database: what the database has to do with imports is tested with the door for them."""
    shutil.copy(sqlite_template, tmp_path / "neptune.db")
    return f"sqlite:///{tmp_path / 'neptune.db'}"


def import_folder(destination: Destination, folder: Path, project: str = PROJECT) -> list[RunReport]:
    return RunsImport(destination, project, lambda *_: None).run(folder).runs


def outcomes(reports: list[RunReport]) -> list[str]:
    assert [report.error for report in reports] == [""] * len(reports)
    assert [report.differences for report in reports] == [[]] * len(reports)
    return [str(report.outcome) for report in reports]


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(file): (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.rglob("*") if file.is_file()}


def test_a_folder_becomes_a_run_of_its_own_time_once(destination: Destination, tmp_path: Path) -> None:
    make_training(tmp_path / "runs" / "detect" / "train")
    make_yolov5(tmp_path / "runs" / "train" / "exp")
    before = snapshot(tmp_path / "runs")

    assert outcomes(import_folder(destination, tmp_path / "runs")) == ["new", "new"]
    assert outcomes(import_folder(destination, tmp_path / "runs")) == ["unchanged", "unchanged"]
    (tmp_path / "runs").rename(tmp_path / "moved")
    assert outcomes(import_folder(destination, tmp_path / "moved")) == ["unchanged", "unchanged"]
    (tmp_path / "moved").rename(tmp_path / "runs")

    assert snapshot(tmp_path / "runs") == before
    run = destination.api.run(PROJECT, "YOL-1")
    assert (run.name, run.tags, run.state, run.failed) == ("train", ["Ultralytics", "imported"], "idle", False)
    assert (run.created_ms, run.modified_ms) == ((NOW_SECONDS - 31.5) * 1000, NOW_SECONDS * 1000)
    assert run.running_ms == 31_500
    held = destination.attributes(PROJECT, "YOL-1")
    series = held["train/box_loss"].series
    assert series is not None
    assert (series.count, series.last_step, series.minimum, series.maximum) == (3, 3, 0.102, 0.302)
    assert held["import/folder"].value == "detect/train"
    assert "import/finished" in held


def test_a_copy_with_the_times_of_the_copying_changes_nothing(destination: Destination, tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train", planned=5)
    (folder / "results.png").unlink()
    import_folder(destination, folder)
    first = destination.api.run(PROJECT, "YOL-1")
    set_times(folder, NOW_SECONDS + 5000)

    assert outcomes(import_folder(destination, folder)) == ["unchanged"]
    make_training(folder, epochs=4, planned=5)
    set_times(folder, NOW_SECONDS + 9000)
    assert outcomes(import_folder(destination, folder)) == ["continued"]
    longer = destination.api.run(PROJECT, "YOL-1")
    assert (longer.created_ms, longer.modified_ms) == (first.created_ms, (NOW_SECONDS + 9000) * 1000)


def test_an_older_copy_of_a_folder_takes_nothing_from_the_run(destination: Destination, tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train", epochs=5, planned=5)
    import_folder(destination, folder)
    before = destination.attributes(PROJECT, "YOL-1")
    older = make_training(tmp_path / "older" / "train", epochs=3, planned=5)

    (report,) = import_folder(destination, older)

    assert (report.outcome, report.is_good) == (Outcome.SKIPPED, True)
    assert "the run has 5 epochs, the folder 3" in report.problems[0]
    assert destination.attributes(PROJECT, "YOL-1") == before


def test_of_copies_beside_each_other_the_longest_counts(destination: Destination, tmp_path: Path) -> None:
    make_training(tmp_path / "runs" / "a" / "train", epochs=3, planned=5)
    make_training(tmp_path / "runs" / "b" / "train", epochs=5, planned=5)
    make_training(tmp_path / "runs" / "c" / "train", epochs=5, planned=5)

    assert outcomes(import_folder(destination, tmp_path / "runs")) == ["new", "continued", "skipped"]
    assert destination.attributes(PROJECT, "YOL-1")["training/epochs_completed"].value == 5
    assert outcomes(import_folder(destination, tmp_path / "runs")) == ["skipped", "unchanged", "skipped"]


def test_the_original_completes_what_a_later_copy_began(destination: Destination, tmp_path: Path) -> None:
    copy = make_training(tmp_path / "copy" / "train", planned=5)
    set_times(copy, NOW_SECONDS + 9000)
    import_folder(destination, copy)
    folder = make_training(tmp_path / "train", epochs=5, planned=5)

    (report,) = import_folder(destination, folder)

    assert (report.outcome, report.is_good) == (Outcome.CONTINUED, True)
    run = destination.api.run(PROJECT, "YOL-1")
    assert run.created_ms < run.modified_ms == NOW_SECONDS * 1000


def test_the_client_reads_what_was_imported(
    service: Service, destination: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_training(tmp_path / "runs" / "train")
    import_folder(destination, folder)

    with opening_runs(service, monkeypatch) as open_run:
        run = open_run(with_id="YOL-1", mode="read-only")
        frame = run["metrics/mAP50(B)"].fetch_values()
        assert list(frame["step"]) == [1, 2, 3]
        assert frame["timestamp"].iloc[-1].timestamp() == NOW_SECONDS
        run["weights/best"].download(str(tmp_path / "best.pt"))
        assert (tmp_path / "best.pt").read_bytes() == (folder / "weights" / "best.pt").read_bytes()
        assert run["Configuration/Hyperparameters/imgsz"].fetch() == 640


def test_a_training_that_went_on_is_continued(destination: Destination, tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train", planned=5)
    (folder / "results.png").unlink()
    import_folder(destination, folder)
    assert destination.attributes(PROJECT, "YOL-1")["training/status"].value == "interrupted"
    destination.api._transport.request(  # a user renames the run in the dashboard
        "PATCH", "/projects/local/yolo/runs/YOL-1", body={"name": "mine"}
    )

    make_training(folder, epochs=5, planned=5, arguments={"imgsz": [640, 480]})

    assert outcomes(import_folder(destination, folder)) == ["continued"]
    held = destination.attributes(PROJECT, "YOL-1")
    series = held["train/box_loss"].series
    assert series is not None
    assert (series.count, series.last_step) == (5, 5)
    assert held["training/status"].value == "completed"
    assert "training/reason" not in held
    assert held["Configuration/Hyperparameters/imgsz"].value == "[640, 480]"
    assert held["sys/name"].value == "mine"


class _CutOffError(Exception):
    """The import is killed here."""


@pytest.mark.parametrize("after", [0, 1, 4])
def test_an_import_that_was_cut_off_goes_on(
    destination: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    folder = make_training(tmp_path / "train", epochs=4)
    upload, uploads = RunWriter.upload_file, iter(range(100))

    def upload_until(writer: RunWriter, *arguments: Any) -> Any:
        if next(uploads) == after:
            raise _CutOffError
        return upload(writer, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(RunWriter, "upload_file", upload_until)
        with pytest.raises(_CutOffError):
            import_folder(destination, folder)
    assert "import/finished" not in destination.attributes(PROJECT, "YOL-1")

    assert outcomes(import_folder(destination, folder)) == ["new"]
    assert outcomes(import_folder(destination, folder)) == ["unchanged"]
    series = destination.attributes(PROJECT, "YOL-1")["train/box_loss"].series
    assert series is not None
    assert series.count == 4


def test_what_was_changed_on_the_server_is_told_and_mended(destination: Destination, tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train")
    import_folder(destination, folder)
    project = destination.project(PROJECT)
    from neptune_yolo.transfer.writing import Source

    key = str(destination.attributes(PROJECT, "YOL-1")["import/source"].value)
    writer = destination.open(project, Source(words=key))
    writer.delete("weights/best")
    writer.delete("train/box_loss")
    writer.assign("training/status", "failed")
    writer.flush()

    assert outcomes(import_folder(destination, folder)) == ["continued"]
    assert outcomes(import_folder(destination, folder)) == ["unchanged"]


def test_a_server_that_takes_no_value_is_told_as_a_difference(
    destination: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_training(tmp_path / "train")
    monkeypatch.setattr(RunWriter, "log_floats", lambda *_: None)

    (report,) = import_folder(destination, folder)

    assert not report.is_good
    assert "train/box_loss" in {difference.path for difference in report.differences}
    assert "import/finished" not in destination.attributes(PROJECT, "YOL-1")
    assert outcomes(import_folder(destination, folder / "none")) == []


def test_what_a_training_has_logged_itself_is_not_imported(
    service: Service, destination: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_training(tmp_path / "train")
    with opening_runs(service, monkeypatch) as open_run:
        run = open_run(custom_run_id="logged")
        run.wait()
    note = RunNote(run_id="YOL-1", custom_run_id="logged", project=PROJECT, server_url=service.url)
    write_note(folder, note)

    (report,) = import_folder(destination, folder)
    assert (report.outcome, report.run) == (Outcome.SKIPPED, "YOL-1")
    assert "logged it as local/yolo/YOL-1 already" in report.problems[0]

    write_note(folder, RunNote(run_id="OLD-9", custom_run_id="of a dead server", project="old/gone"))
    assert outcomes(import_folder(destination, folder)) == ["new"]
    assert outcomes(import_folder(destination, folder)) == ["unchanged"]
    assert destination.api.run(PROJECT, "YOL-2").custom_run_id == "of a dead server"


def test_an_import_that_lies_in_the_trash_stays_there(destination: Destination, tmp_path: Path) -> None:
    folder = make_training(tmp_path / "train")
    import_folder(destination, folder)
    destination.api.trash_runs(PROJECT, ["YOL-1"])

    (report,) = import_folder(destination, folder)

    assert report.outcome is Outcome.SKIPPED
    assert "lies in the trash" in report.problems[0]
    destination.api.restore_runs(PROJECT, ["YOL-1"])
    assert outcomes(import_folder(destination, folder)) == ["unchanged"]


def test_a_folder_that_vanishes_meanwhile_harms_no_other(
    destination: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        make_training(tmp_path / "runs" / name)
    upload = RunWriter.upload_file

    def vanish(writer: RunWriter, *arguments: Any) -> Any:
        shutil.rmtree(tmp_path / "runs" / "a", ignore_errors=True)
        return upload(writer, *arguments)

    monkeypatch.setattr(RunWriter, "upload_file", vanish)

    first, second = import_folder(destination, tmp_path / "runs")

    assert first.outcome is Outcome.FAILED
    assert outcomes([second]) == ["new"]


@pytest.fixture
def invoke(service: Service, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("NEPTUNE_API_TOKEN", service.token)
    return lambda *arguments: CliRunner().invoke(main, ["import", "ultralytics", *map(str, arguments)])


def test_the_command_reports_for_people_and_for_scripts(invoke: Any, destination: Destination, tmp_path: Path) -> None:
    make_training(tmp_path / "runs" / "train")

    planned = invoke(tmp_path / "runs", "--dry-run").output
    assert "train: new: " in planned
    assert "nothing was written" in planned
    assert destination.find_project("local/traffic") is None
    result = invoke(tmp_path / "runs", "--project", "local/traffic", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.output)
    assert report["runs"][0]["run"] == "TRA-1"
    assert report["totals"]["new"] == 1
    assert report["is_good"] is True
    again = invoke(tmp_path / "runs", "--project", "local/traffic")
    assert "train: unchanged as TRA-1" in again.output
    assert "0 differences" in again.output


def test_wrong_use_has_an_exit_code_of_its_own(invoke: Any, tmp_path: Path) -> None:
    assert invoke(tmp_path / "missing").exit_code == 2
    assert invoke(tmp_path, "--project", "a/b/c").exit_code == 1


def test_a_server_that_is_gone_ends_the_import_with_one_sentence(
    destination: Destination, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_training(tmp_path / "train")

    def gone(*_: Any) -> Any:
        raise ServerNotAnsweringError("http://127.0.0.1:9", "refused")

    monkeypatch.setattr(RunWriter, "flush", gone)

    (report,) = import_folder(destination, tmp_path)

    assert report.outcome is Outcome.FAILED
    assert "Expected an answer of the server" in report.error
