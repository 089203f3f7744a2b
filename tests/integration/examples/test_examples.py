"""Each example is run as a user would, without a network, and leaves the run that it promises."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.server.embedded import EmbeddedServer

EXAMPLES = Path(__file__).parents[3] / "examples"
PROGRAM = Path(__file__).with_name("run_examples.py")
RUN_OF = {
    "custom_metrics": "EXA-1",
    "callbacks_beside": "EXA-2",
    "own_trainer": "EXA-3",
    "offline_then_sync": "EXA-4",
    "upload_checkpoints": "EXA-5",
    "resume_by_run_id": "EXA-6",
}

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What became of the examples, and what their runs hold."""
    folder = tmp_path_factory.mktemp("examples")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NEPTUNE_", "PYTEST_"))}
    environment |= {"NEPTUNE_YOLO_HOME": str(folder / "home"), "PYTHONIOENCODING": "utf-8"}
    result = folder / "result.json"
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(EXAMPLES), str(result)],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=300,
        cwd=folder,
        env=environment,
    )
    try:
        assert done.returncode == 0, done.stdout
        yield json.loads(result.read_text(encoding="utf-8")) | {"output": done.stdout, "folder": folder}
    finally:
        EmbeddedServer(folder / "home").stop()


@pytest.fixture
def example(finished: dict[str, Any]) -> Any:
    """Return the run of an example and what the example printed, after a look at its error."""

    def look(name: str) -> tuple[dict[str, Any], str]:
        outcome = finished["outcomes"][name]
        assert outcome["error"] == "", outcome["error"] + finished["output"]
        return finished["runs"][RUN_OF[name]], outcome["printed"]

    return look


def test_every_offline_example_is_run(finished: dict[str, Any]) -> None:
    elsewhere = {"train_detection", "self_hosted_server", "kfold", "tune"}

    assert {path.stem for path in EXAMPLES.glob("*.py")} - elsewhere == set(finished["outcomes"])


@pytest.mark.parametrize("name", RUN_OF)
def test_the_run_is_complete(example: Any, name: str) -> None:
    run, _ = example(name)

    assert run["training/status"] == "completed"
    assert "training/log_errors" not in run
    assert run["train/box_loss"] == [float(step + 1) for step in range(run["training/epochs_planned"])]


def test_custom_metrics(example: Any) -> None:
    run, _ = example("custom_metrics")

    assert run["custom/gap"] == [1]
    assert run["sys/tags"] == ["gap"]


def test_callbacks_beside(example: Any) -> None:
    run, _ = example("callbacks_beside")

    assert run["custom/images"] == 32
    assert run["custom/momentum"] == [1]
    assert len(run["custom/checkpoint_age"]) == 1


def test_own_trainer(example: Any) -> None:
    run, _ = example("own_trainer")

    assert run["custom/trainable_parameters"] > 2_000_000
    assert run["custom/weight_norm"] == [1]
    assert run["custom/verdict"] == "completed: train longer"
    assert [path for path in run if path.startswith("Plots/")]
    assert [path for path in run if path.startswith(("Mosaic/", "Validation/"))] == []


def test_offline_then_sync(example: Any) -> None:
    run, _ = example("offline_then_sync")

    assert run["sys/name"] == "offline first"
    assert run["weights/best"] == "File"


def test_upload_checkpoints(example: Any) -> None:
    run, printed = example("upload_checkpoints")

    assert [path for path in run if path.startswith("weights/epoch_")] == ["weights/epoch_2", "weights/epoch_3"]
    for name in ("best", "last", "epoch_2", "epoch_3"):
        assert f"weights/{name}: epoch " in printed
    assert "weights/epoch_1:" not in printed
    assert "fetched.pt detects 10 classes." in printed


def test_resume_by_run_id(finished: dict[str, Any], example: Any) -> None:
    run, printed = example("resume_by_run_id")

    assert printed.splitlines()[-1] == "EXA-6 has all 2 epochs."
    assert "The power is gone." in printed
    assert run["training/save_dir"] == str(finished["folder"] / "elsewhere")
    assert (finished["folder"] / "elsewhere" / "weights" / "best.pt").is_file()
