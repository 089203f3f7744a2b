"""``neptune-yolo train``: Ultralytics' words, a run, the folder that Ultralytics would make, and the exit codes."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from neptune_yolo.demo.digits import make_digits

Invoke = Callable[..., Result]
RunAsUser = Callable[..., subprocess.CompletedProcess[str]]

OWN_TRAINER = '''
import os, signal
from ultralytics import settings
from neptune_yolo import NeptuneDetectionTrainer, NeptuneSettings

settings.update(tensorboard=True)

class InterruptedTrainer(NeptuneDetectionTrainer):
    """Presses Ctrl+C in the second epoch of each start."""

    neptune = NeptuneSettings(group_tags=["own"])

    def preprocess_batch(self, batch):
        if self.epoch == self.start_epoch + 1:
            os.kill(os.getpid(), signal.SIGINT)
        return super().preprocess_batch(batch)
'''

READ = """
import json, sys
from neptune_yolo.connection import open_connection
from neptune_yolo.settings import NeptuneSettings
connection = open_connection(NeptuneSettings(project=sys.argv[1]))
import neptune
run = neptune.init_run(
    with_id=sys.argv[2], project=connection.project, api_token=connection.api_token, mode="read-only"
)
values = {path: run[path].fetch() for path in sys.argv[4:]}
values["steps"] = [row.step for row in run["train/box_loss"].fetch_values(include_timestamp=False).itertuples()]
run.stop()
with open(sys.argv[3], "w", encoding="utf-8") as file:
    json.dump(values, file, default=sorted)
"""

WORDS = ("imgsz=64", "batch=8", "nbs=8", "--device=cpu", "plots=False", "optimizer=SGD", "amp=False")


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """data.yaml of a data set that is just large enough to train on."""
    return make_digits(tmp_path_factory.mktemp("digits"), train=16, val=8, size=64)


@pytest.fixture
def run_as_user(tmp_path: Path) -> RunAsUser:
    """Call the command where Ultralytics does not know that it is tested, with settings of Ultralytics of its own."""
    shutil.copytree(os.environ["YOLO_CONFIG_DIR"], tmp_path / "config", ignore=shutil.ignore_patterns("*.json"))

    def run_python(*arguments: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"YOLO_CONFIG_DIR": str(tmp_path / "config"), "PYTHONIOENCODING": "utf-8"}
        del env["PYTEST_CURRENT_TEST"]
        return subprocess.run(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            env=env,
        )

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return run_python("-m", "neptune_yolo.cli", *map(str, arguments))

    done = run_python("-c", "from ultralytics import settings; settings.update(mlflow=False)")
    assert done.returncode == 0, done.stdout
    return run


def _read(project: str, run_id: str, *paths: str) -> dict[str, Any]:
    subprocess.run([sys.executable, "-c", READ, project, run_id, "run.json", *paths], check=True, timeout=60)
    found: dict[str, Any] = json.loads(Path("run.json").read_text(encoding="utf-8"))
    return found


def _assert_interrupted(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 130, done.stdout
    assert re.search(r"Neptune run MYP-1 \(interrupted\): http://127\.0\.0\.1:\d+/open/", done.stdout)
    assert done.stdout.rstrip().endswith("Interrupted.")
    assert "Traceback" not in done.stdout


@pytest.mark.thorough
@pytest.mark.training
def test_a_training_is_interrupted_and_resumed_by_either_command_beside_tensorboard(
    run_as_user: RunAsUser, digits: Path
) -> None:
    Path("own.py").write_text(OWN_TRAINER, encoding="utf-8")
    named = ("project=my-workspace/my-project", "name=experiment-1")
    own = ("--trainer", "own.py:InterruptedTrainer", "--no-git")
    first = run_as_user("train", "model=yolo11n.yaml", f"data={digits}", "epochs=3", *WORDS, *named, *own, "--tags=a,b")

    _assert_interrupted(first)
    save_dir = Path("runs/detect/my-workspace/my-project/experiment-1").absolute()

    second = run_as_user("train", "resume", f"model={save_dir / 'weights' / 'last.pt'}", *own)

    _assert_interrupted(second)

    third = run_as_user("resume", "my-workspace/my-project/MYP-1", "patience=7", "--description", "part three")

    assert third.returncode == 0, third.stdout
    assert "Neptune run MYP-1 (completed)" in third.stdout
    arguments = "Configuration/Hyperparameters"
    paths = ("sys/name", "sys/description", "sys/tags", "sys/group_tags", "training/status", "training/save_dir")
    found = _read("my-workspace/my-project", "MYP-1", *paths, f"{arguments}/imgsz", f"{arguments}/patience")
    assert found == {
        "sys/name": "experiment-1",
        "sys/description": "part three",
        "sys/tags": ["a", "b"],
        "sys/group_tags": ["own"],
        "training/status": "completed",
        "training/save_dir": str(save_dir),
        f"{arguments}/imgsz": 64,
        f"{arguments}/patience": 7,
        "steps": [1.0, 2.0, 3.0],
    }
    assert bool(list(save_dir.glob("events.out.tfevents.*"))) == (find_spec("tensorboard") is not None)


@pytest.mark.training
def test_switched_off_there_is_no_run_whatever_the_task(
    run_as_user: RunAsUser, data_folder: Path, digits: Path
) -> None:
    labels = _as_polygons(digits)
    Path("custom.yaml").write_text("epochs: 1\nsave_period: 1\nval: false\n", encoding="utf-8")
    words = ("segment", "model=yolo11n-seg.yaml", f"data={labels}", "cfg=custom.yaml", *WORDS)
    done = run_as_user("train", *words, "--no-log")

    assert done.returncode == 0, done.stdout
    assert Path("runs/segment/train/weights/epoch0.pt").is_file()
    assert "eptune run" not in done.stdout
    assert not data_folder.exists()
    assert not Path(".neptune").exists()


def _as_polygons(data: Path) -> Path:
    """Return a copy of a data set, in the working directory, whose boxes are polygons."""
    folder = Path("polygons").absolute()
    shutil.copytree(data.parent, folder, ignore=shutil.ignore_patterns("*.cache"))
    for file in folder.glob("labels/*/*.txt"):
        lines = []
        for line in file.read_text(encoding="utf-8").splitlines():
            kind, x, y, width, height = line.split()
            left, right = float(x) - float(width) / 2, float(x) + float(width) / 2
            top, bottom = float(y) - float(height) / 2, float(y) + float(height) / 2
            lines.append(f"{kind} {left} {top} {right} {top} {right} {bottom} {left} {bottom}\n")
        file.write_text("".join(lines), encoding="utf-8")
    return folder / "data.yaml"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("epoch=5",), 1, "Error: 'epoch' is not a valid YOLO argument. Similar arguments are i.e. ['epochs=100'"),
        (("--tgas", "a"), 1, "Error: --tgas is neither an option of this command nor an argument of YOLO."),
        (("val",), 1, "Error: This command trains; mode must be 'train', got 'val'."),
        (("resume",), 1, "Error: resume needs the checkpoint to go on from: model=path/to/last.pt"),
        (("model=sam_b.pt",), 1, "Error: Expected a model that Ultralytics can train, got 'sam_b.pt'."),
        (("--trainer", "nowhere:Trainer"), 1, "Error: --trainer names the module 'nowhere'"),
        (("--with-id", "A-1", "--custom-run-id", "b"), 1, "Error: with_id and custom_run_id both name the run"),
        (("--checkpoint-every", "0"), 2, "Invalid value for '--checkpoint-every'"),
    ],
)
def test_a_wrong_word_is_one_line_before_anything_is_loaded(
    invoke: Invoke, data_folder: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    result = invoke("train", *arguments)

    assert result.exit_code == code
    assert message in result.output
    assert "Traceback" not in result.output
    assert not data_folder.exists()


def test_errors_of_ultralytics_stay_as_they_are(invoke: Invoke) -> None:
    result = invoke("train", "model=yolo11n.yaml", "data=missing.yaml", "--mode", "debug")

    assert result.exit_code == 1
    assert not isinstance(result.exception, SystemExit)
    assert "missing.yaml" in str(result.exception)


def test_the_word_help_shows_the_help(invoke: Invoke) -> None:
    assert invoke("train", "help").output == invoke("train", "--help").output


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("YOL-1", "model=yolo11n.pt"), 1, "Error: model= is what the run says; leave it out."),
        (("YOL-1", "segment"), 1, "Error: task= is what the run says; leave it out."),
        (("YOL-1", "epoch=5"), 1, "Error: 'epoch' is not a valid YOLO argument."),
        (("a/YOL-1",), 2, "expected a run as YOL-12 or workspace/name/YOL-12, got 'a/YOL-1'."),
        ((), 2, "Missing argument 'RUN_ID'"),
    ],
)
def test_resume_refuses_what_it_cannot_do(
    invoke: Invoke, data_folder: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    result = invoke("resume", *arguments)

    assert result.exit_code == code
    assert message in result.output
    assert not data_folder.exists()
