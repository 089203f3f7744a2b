import math
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.exceptions import RunStoppedError
from neptune_yolo.tracking.figures import figure_path
from neptune_yolo.tracking.opening import OpenedRun, adopt_run
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.tracking.status import Outcome, TrainingState

Operations = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def logger(opened: OpenedRun) -> RunLogger:
    return RunLogger(opened)


def copy_of(opened: OpenedRun, operation: dict[str, Any]) -> Path:
    assert opened.queue_folder is not None
    return opened.queue_folder / "upload_path" / str(operation["tmp_file_name"])


def test_metrics_become_points_of_series(logger: RunLogger, operations: Operations) -> None:
    logger.log_metrics({"train/box_loss": 1.5}, step=1)
    logger.log_metrics({"train/box_loss": 1.25}, step=2)

    points = [operation["values"][0] for operation in operations("train/box_loss")]
    assert [(point["step"], point["value"]) for point in points] == [(1, 1.5), (2, 1.25)]


def test_what_is_logged_is_on_disk_after_a_flush(logger: RunLogger, opened: OpenedRun) -> None:
    logger.log_metrics({"train/box_loss": 1.5}, step=1)
    logger.flush()

    assert opened.queue_folder is not None
    assert "box_loss" in (opened.queue_folder / "data-1.log").read_text(encoding="utf-8")


def test_what_is_not_finite_is_left_out_and_told(logger: RunLogger, operations: Operations) -> None:
    logger.log_metrics({"val/box_loss": math.nan, "val/cls_loss": 1.0}, step=1)

    assert operations("val/box_loss") == []
    assert len(operations("val/cls_loss")) == 1
    assert "nan" in logger.ledger.summary()
    assert "val/box_loss" in logger.ledger.summary()


def test_hyperparameters_have_types(logger: RunLogger, operations: Operations) -> None:
    logger.log_hyperparameters({"epochs": 3, "lr0": 0.01, "plots": True, "name": "ä", "time": None, "size": [1, 2]})

    types = {
        name: (operation["type"], operation["value"])
        for name in ("epochs", "lr0", "plots", "name", "time", "size")
        for operation in operations(f"Configuration/Hyperparameters/{name}")
    }
    assert types == {
        "epochs": ("AssignInt", 3),
        "lr0": ("AssignFloat", 0.01),
        "plots": ("AssignBool", True),
        "name": ("AssignString", "ä"),
        "time": ("AssignString", ""),
        "size": ("AssignString", "[1, 2]"),
    }


def test_only_changed_hyperparameters_are_written_again(logger: RunLogger, operations: Operations) -> None:
    logger.log_hyperparameters({"batch": 16, "epochs": 3})
    logger.log_hyperparameters({"batch": 8, "epochs": 3})

    assert len(operations("Configuration/Hyperparameters/epochs")) == 1
    assert [op["value"] for op in operations("Configuration/Hyperparameters/batch")] == [16, 8]


def test_a_hyperparameter_may_change_its_type(logger: RunLogger, operations: Operations) -> None:
    logger.log_hyperparameters({"batch": 0.7})
    logger.log_hyperparameters({"batch": 16})

    kinds = [operation["type"] for operation in operations("Configuration/Hyperparameters/batch")]
    assert kinds == ["AssignFloat", "DeleteAttribute", "AssignInt"]
    assert logger.ledger.total == 0


def test_a_plot_is_copied_at_once(logger: RunLogger, opened: OpenedRun, operations: Operations, tmp_path: Path) -> None:
    plot = tmp_path / "results dir ä" / "results.png"
    plot.parent.mkdir()
    plot.write_bytes(b"first")

    logger.upload_file(figure_path(plot), plot)
    plot.write_bytes(b"rewritten")
    plot.unlink()

    (operation,) = operations("Plots/results")
    assert operation["ext"] == "png"
    assert copy_of(opened, operation).read_bytes() == b"first"


def test_a_missing_plot_is_counted_and_harmless(logger: RunLogger, tmp_path: Path) -> None:
    logger.upload_file(figure_path(tmp_path / "gone.png"), tmp_path / "gone.png")

    assert logger.ledger.summary() == "1 x uploading Plots/gone: FileNotFoundError"


def test_an_unwritable_queue_is_counted_and_harmless(logger: RunLogger, opened: OpenedRun, tmp_path: Path) -> None:
    assert opened.queue_folder is not None
    plot = tmp_path / "a.png"
    plot.write_bytes(b"x")
    (opened.queue_folder / "upload_path").rmdir()
    (opened.queue_folder / "upload_path").write_text("in the way", encoding="utf-8")

    logger.upload_file(figure_path(plot), plot)

    assert "uploading Plots/a" in logger.ledger.summary()


def test_the_outcome_of_a_failure(logger: RunLogger, operations: Operations) -> None:
    logger.log_outcome(Outcome(TrainingState.FAILED, "ValueError: x", ("line 1", "line 2")))

    assert operations("training/status")[-1]["value"] == "failed"
    assert operations("training/reason")[-1]["value"] == "ValueError: x"
    assert operations("sys/failed")[-1]["value"] is True
    assert len(operations("training/ended_at")) == 1
    lines = operations(f"{logger.run.monitoring_namespace}/traceback")[0]["values"]
    assert [line["value"] for line in lines] == ["line 1", "line 2"]


def test_a_completed_training_has_not_failed(logger: RunLogger, operations: Operations) -> None:
    logger.log_outcome(Outcome(TrainingState.COMPLETED))

    assert operations("training/status")[-1]["value"] == "completed"
    assert operations("training/reason") == []
    assert [operation["value"] for operation in operations("sys/failed")] == [False]


def test_values_that_no_attribute_can_hold_become_text(logger: RunLogger, operations: Operations) -> None:
    logger.log_values({"a": Path("x"), "b": datetime(2026, 1, 2, tzinfo=UTC), "c": 2**40})

    assert operations("a")[0]["value"] == "x"
    assert operations("b")[0]["type"] == "AssignDatetime"
    assert operations("c")[0]["value"] == "1099511627776"


def test_close_stops_the_run_and_tells_what_is_left(logger: RunLogger, opened: OpenedRun) -> None:
    left = logger.close(stop_timeout_seconds=5)

    assert opened.run.get_state() == "stopped"
    assert left.folder == opened.queue_folder
    assert left.operations > 0


def test_close_writes_the_errors(logger: RunLogger, operations: Operations, tmp_path: Path) -> None:
    logger.upload_file(figure_path(tmp_path / "gone.png"), tmp_path / "gone.png")
    logger.close(stop_timeout_seconds=5)

    assert operations("training/log_errors")[0]["value"] == "1 x uploading Plots/gone: FileNotFoundError"


def test_after_close_everything_is_harmless(
    logger: RunLogger, operations: Operations, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    plot = tmp_path / "late.png"
    plot.write_bytes(b"x")
    logger.close(stop_timeout_seconds=5)

    logger.upload_file(figure_path(plot), plot)
    logger.log_metrics({"a": 1}, step=1)
    logger.log_values({"b": 1})
    second = logger.close(stop_timeout_seconds=5)

    assert second.operations == 0
    assert operations("Plots/late") == operations("a") == operations("b") == []
    assert logger.ledger.total == 0
    assert not [record for record in caplog.records if record.name.startswith("neptune_yolo")]


def test_a_run_that_was_handed_in_stays_open(opened: OpenedRun) -> None:
    logger = RunLogger(adopt_run(opened.run))

    logger.close(stop_timeout_seconds=5)

    assert opened.run.get_state() == "started"


def test_a_stopped_run_cannot_be_handed_in(opened: OpenedRun) -> None:
    opened.run.stop()

    with pytest.raises(RunStoppedError, match="with_id"):
        adopt_run(opened.run)


def test_a_run_that_was_stopped_by_others_is_no_error_for_the_training(logger: RunLogger) -> None:
    logger.run.stop()

    logger.log_metrics({"a": 1}, step=1)

    assert "InactiveRunException" in logger.ledger.summary()


def test_plots_may_come_from_threads_while_the_run_is_closed(logger: RunLogger, tmp_path: Path) -> None:
    plot = tmp_path / "plot.png"
    plot.write_bytes(bytes(100_000))

    def draw() -> None:
        for _ in range(20):
            logger.upload_file(figure_path(plot), plot)

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()

    logger.close(stop_timeout_seconds=5)
    for thread in threads:
        thread.join()

    assert logger.ledger.total == 0
