"""A trial in a process of its own: what it does there does not reach the search."""

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from neptune_yolo.exceptions import SettingsError
from neptune_yolo.tracking.status import TrainingState
from neptune_yolo.tuning.isolation import pickled, train_isolated
from neptune_yolo.tuning.trial import TrialJob

pytestmark = pytest.mark.training


class KilledTrainer:
    """Stands for a training that takes all memory, so that the system kills its process."""

    def __init__(self, **_options: Any) -> None:
        psutil.Process().kill()


class SlowTrainer:
    """Stands for a training that goes on until it is interrupted, and then closes its run."""

    def __init__(self, overrides: dict[str, Any], **_options: Any) -> None:
        folder = Path(overrides["project"])
        (folder / "started").touch()
        try:
            while True:
                time.sleep(0.01)
        except KeyboardInterrupt:
            time.sleep(0.5)
            (folder / "closed").touch()
            raise


def job(trainer: type[Any], folder: Path) -> TrialJob:
    arguments = {"data": "coco8.yaml", "project": str(folder)}
    return TrialJob(
        model="yolo11n.yaml", task="detect", callbacks={}, trainer=trainer, arguments=arguments, folder=folder
    )


def test_a_killed_process_is_a_failed_trial(tmp_path: Path) -> None:
    report = train_isolated(job(KilledTrainer, tmp_path), stop_seconds=5)
    assert (report.state, report.is_lost) == (TrainingState.FAILED, True)
    assert "SIGKILL; the system may have run out of memory" in report.reason


def test_ctrl_c_reaches_the_trial_once_and_waits_until_it_has_ended(tmp_path: Path) -> None:
    def interrupt() -> None:
        while not (tmp_path / "started").exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        train_isolated(job(SlowTrainer, tmp_path), stop_seconds=30)
    assert (tmp_path / "closed").exists()
    alive = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    assert [child for child in alive if "trial_process" in " ".join(child.cmdline())] == []


def test_what_cannot_travel_is_refused(tmp_path: Path) -> None:
    class LockedTrainer(SlowTrainer):
        run = threading.Lock()

    with pytest.raises(SettingsError, match="isolated=False"):
        pickled(job(LockedTrainer, tmp_path))
