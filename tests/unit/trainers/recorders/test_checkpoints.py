from collections.abc import Callable
from pathlib import Path
from typing import Any

from neptune_yolo.policies import CheckpointPolicy
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders.checkpoints import CheckpointRecorder


def test_missing_checkpoints_are_no_error(logger: RunLogger, tmp_path: Path) -> None:
    CheckpointRecorder(logger, CheckpointPolicy()).final(tmp_path / "best.pt", tmp_path / "last.pt")

    assert logger.ledger.total == 0


def test_a_torn_checkpoint_is_not_uploaded(logger: RunLogger, written: Callable[[], Any], tmp_path: Path) -> None:
    (tmp_path / "last.pt").write_bytes(b"PK\x03\x04 cut off")

    CheckpointRecorder(logger, CheckpointPolicy()).final(tmp_path / "best.pt", tmp_path / "last.pt")

    assert written().at("weights/last") == []
    assert "torn" in logger.ledger.summary()
