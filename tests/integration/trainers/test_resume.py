"""A resumed training goes on in its run, whatever ended it, and wherever its folder lies by then."""

import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.server.embedded import EmbeddedServer
from neptune_yolo.tracking.resume import read_note

pytestmark = pytest.mark.training

EPOCHS = 3


def resume(start_training: Any, checkpoint: Path, name: str, **options: Any) -> Any:
    """Go on from a checkpoint in a process of its own, to the end; Ultralytics takes the arguments from it."""
    arguments = {"resume": True, **options.pop("arguments", {})}
    training = start_training(name, only=arguments, model=str(checkpoint), **options)
    output = training.finish()
    assert training.process.returncode == 0, output
    return training


def epochs_of(run: Any, path: str = "train/box_loss") -> list[float]:
    return [point[0] for point in run[path]]


def check_no_epoch_is_doubled_or_lost(run: Any, epochs: int = EPOCHS) -> None:
    for path in ("train/box_loss", "metrics/mAP50(B)", "val/cls_loss", "lr/pg0"):
        assert epochs_of(run, path) == list(range(1, epochs + 1))
    assert run["training/epochs_completed"] == epochs
    assert run["training/status"] == "completed"


@pytest.mark.parametrize(
    "crash_at",
    [
        "after metrics",
        *(pytest.param(moment, marks=pytest.mark.thorough) for moment in ("before metrics", "after model")),
    ],
)
def test_a_crash_at_any_moment_loses_and_doubles_nothing(
    start_training: Any, read_run: Any, kill_server: Any, crash_at: str
) -> None:
    crashed = start_training("a", trainer="CrashingTrainer", crash_at=crash_at, pause_before=2)
    crashed.wait_until_paused()
    kill_server()  # so that what the second epoch logs can be left on disk
    crashed.go_on()
    crashed.finish()
    assert crashed.process.returncode == 9

    resumed = resume(start_training, crashed.save_dir / "weights" / "last.pt", "b")

    run = read_run(resumed.run_id)
    assert resumed.run_id == "YOL-1"
    check_no_epoch_is_doubled_or_lost(run)
    first = 3 if crash_at == "after model" else 2
    assert run["training/resumes/1/from_epoch"] == first
    assert run["training/resumes/1/from_step"] == (2 if crash_at == "before metrics" else 3)
    assert run["training/resumes/1/host"]
    assert run["sys/name"] == "a"
    assert "errors of logging" not in resumed.output
    assert "training/reason" not in run


@pytest.mark.thorough
def test_a_copied_folder_goes_on_where_it_lies(start_training: Any, read_run: Any, tmp_path: Path) -> None:
    first = interrupted(start_training, "a")
    copied = tmp_path / "copied ü"
    shutil.copytree(first.save_dir, copied)
    before = (first.save_dir / "weights" / "last.pt").read_bytes()

    resumed = resume(start_training, copied / "weights" / "last.pt", "b")

    check_no_epoch_is_doubled_or_lost(read_run(resumed.run_id))
    assert resumed.run_id == "YOL-1"
    assert (first.save_dir / "weights" / "last.pt").read_bytes() == before
    note = read_note(copied)
    assert note is not None
    assert (note.run_id, note.last_step) == ("YOL-1", EPOCHS)


@pytest.mark.thorough
def test_a_checkpoint_without_its_folder_knows_its_run(start_training: Any, read_run: Any, tmp_path: Path) -> None:
    first = interrupted(start_training, "a")
    alone = tmp_path / "alone.pt"
    shutil.copy(first.save_dir / "weights" / "last.pt", alone)
    shutil.rmtree(first.save_dir)

    resumed = resume(start_training, alone, "b")

    run = read_run(resumed.run_id)
    assert resumed.run_id == "YOL-1"
    check_no_epoch_is_doubled_or_lost(run)
    assert run["training/resumes/1/checkpoint"] == str(alone)


@pytest.mark.thorough
def test_offline_parts_are_sent_into_the_run_that_they_continue(start_training: Any, read_run: Any, sync: Any) -> None:
    first = interrupted(start_training, "a", settings={"mode": "offline"})
    second = start_training(
        "b",
        only={"resume": True},
        model=str(first.save_dir / "weights" / "last.pt"),
        settings={"mode": "offline"},
        pause_before=3,
    )
    stop(second)

    third = resume(start_training, first.save_dir / "weights" / "last.pt", "c")

    run = read_run(third.run_id)
    assert third.run_id == "YOL-1"
    check_no_epoch_is_doubled_or_lost(run)
    assert run["training/resumes/2/from_epoch"] == 3
    assert not list(Path(".neptune").glob("*/run__*"))
    sync()


@pytest.mark.thorough
def test_what_is_offline_after_an_online_part_is_synced_into_it(start_training: Any, read_run: Any, sync: Any) -> None:
    first = interrupted(start_training, "a")
    resume(start_training, first.save_dir / "weights" / "last.pt", "b", settings={"mode": "offline"})

    printed = sync()

    assert "goes into the run YOL-1" in printed
    check_no_epoch_is_doubled_or_lost(read_run("YOL-1"))
    assert EmbeddedServer().running() is not None


@pytest.mark.thorough
def test_a_further_training_in_a_run_goes_on_with_its_steps(start_training: Any, read_run: Any) -> None:
    start_training("a", arguments={"epochs": 2}).finish()
    second = start_training("b", arguments={"epochs": 2}, settings={"with_id": "YOL-1"})
    output = second.finish()

    run = read_run("YOL-1")
    assert second.run_id == "YOL-1"
    assert epochs_of(run) == [1, 2, 3, 4]
    assert (run["training/step_offset"], run["training/epochs_planned"]) == (2, 4)
    assert run["training/resumes/1/from_step"] == 3
    assert run["sys/name"] == "a"
    assert "errors of logging" not in output


@pytest.mark.thorough
def test_a_checkpoint_that_is_resumed_into_another_run_goes_on_where_that_ends(
    start_training: Any, read_run: Any
) -> None:
    first = interrupted(start_training, "a")
    start_training("b", arguments={"epochs": 2}).finish()

    resume(start_training, first.save_dir / "weights" / "last.pt", "c", settings={"with_id": "YOL-2"})

    run = read_run("YOL-2")
    assert epochs_of(run) == [1, 2, 3, 4]  # the epochs 2 and 3 of the checkpoint
    assert (run["training/resumes/1/from_epoch"], run["training/resumes/1/from_step"]) == (2, 3)
    assert (run["training/epochs_completed"], run["training/step_offset"]) == (4, 1)


def interrupted(start_training: Any, name: str, **options: Any) -> Any:
    """A training that Ctrl+C has ended after its first epoch."""
    training = start_training(name, pause_before=2, **options)
    stop(training)
    return training


def stop(training: Any) -> None:
    training.wait_until_paused()
    training.process.send_signal(signal.SIGINT)
    training.finish()
