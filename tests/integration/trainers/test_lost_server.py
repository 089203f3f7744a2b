"""The server goes away while a training runs, or is not there at all: the training goes on, and nothing is lost."""

import shutil
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.training


def test_a_server_that_is_killed_in_mid_training_comes_back(
    start_training: Any, read_run: Any, kill_server: Any
) -> None:
    training = start_training(pause_before=2)
    training.wait_until_paused()
    kill_server()
    training.go_on()
    output = training.finish()

    assert training.process.returncode == 0, output
    assert "not sent yet" not in output
    run = read_run(training.run_id)
    assert run["training/status"] == "completed"
    assert [step for step, _ in run["train/box_loss"]] == [1, 2, 3]
    assert [f"{value:.6g}" for _, value in run["train/box_loss"]] == [
        row["train/box_loss"] for row in training.csv_rows()
    ]
    assert Path(run["weights/best"]).read_bytes() == (training.save_dir / "weights/best.pt").read_bytes()


@pytest.mark.thorough
def test_a_server_that_cannot_come_back_leaves_everything_for_a_sync(
    start_training: Any, read_run: Any, sync: Any, kill_server: Any, data_folder: Path, tmp_path: Path
) -> None:
    training = start_training(pause_before=2)
    training.wait_until_paused()
    kill_server()
    aside = tmp_path / "data aside"
    data_folder.rename(aside)
    data_folder.write_text("in the way", encoding="utf-8")
    training.go_on()
    output = training.finish()

    assert training.process.returncode == 0, output
    assert "not sent yet" in output
    assert "neptune-yolo sync" in output
    assert str(tmp_path / "work" / ".neptune" / "async") in output

    data_folder.unlink()
    aside.rename(data_folder)
    sync()
    run = read_run(training.run_id)
    assert run["training/status"] == "completed"
    assert [step for step, _ in run["train/box_loss"]] == [1, 2, 3]
    assert Path(run["weights/best"]).read_bytes() == (training.save_dir / "weights/best.pt").read_bytes()


@pytest.mark.thorough
def test_an_offline_run_is_whole_although_its_folder_was_moved(
    start_training: Any, read_run: Any, sync: Any, queue_root: Path
) -> None:
    training = start_training(arguments={"epochs": 2}, settings={"mode": "offline", "project": "team/traffic"})
    training.go_on()
    output = training.finish()
    assert training.process.returncode == 0, output
    assert str(queue_root / "offline") in output
    assert "`neptune-yolo sync --project team/traffic`" in output
    moved = training.save_dir.with_name("moved elsewhere")
    training.save_dir.rename(moved)

    sync("--project", "team/traffic")

    run = read_run("TRA-1", "team/traffic")
    assert run["training/status"] == "completed"
    assert Path(run["weights/best"]).read_bytes() == (moved / "weights/best.pt").read_bytes()
    assert len(run["train/box_loss"]) == 2


@pytest.mark.thorough
def test_a_missing_server_is_waited_for_offline_if_so_set(
    start_training: Any, read_run: Any, sync: Any, data_folder: Path
) -> None:
    data_folder.write_text("in the way", encoding="utf-8")
    training = start_training(arguments={"epochs": 1}, settings={"on_unreachable": "offline"})
    training.go_on()
    output = training.finish()
    assert training.process.returncode == 0, output
    assert "Going on offline" in output
    data_folder.unlink()

    sync()

    assert read_run("YOL-1")["training/status"] == "completed"


def test_a_full_queue_folder_does_not_end_the_training(start_training: Any, queue_root: Path) -> None:
    training = start_training(pause_before=2, settings={"mode": "offline"})
    training.wait_until_paused()
    (queue,) = (queue_root / "offline").iterdir()
    shutil.rmtree(queue / "upload_path")
    (queue / "upload_path").write_text("in the way", encoding="utf-8")
    training.go_on()
    output = training.finish()

    assert training.process.returncode == 0, output
    assert "Logging failed while uploading weights/best" in output
    assert "errors of logging in this training" in output
    assert (training.save_dir / "weights" / "best.pt").stat().st_size > 0
