import csv
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from neptune_yolo.demo.digits import make_digits
from neptune_yolo.server.embedded import EmbeddedServer

FOLDER = Path(__file__).parent
TIMEOUT_SECONDS = 120


@dataclass
class Training:
    """A training in a process of its own."""

    process: subprocess.Popen[str]
    save_dir: Path
    signs: Path
    output: str = field(default="", repr=False)

    def wait_until_paused(self) -> None:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not (self.signs / "paused").exists():
            assert self.process.poll() is None, f"the training ended before its pause:\n{self.finish()}"
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def go_on(self) -> None:
        (self.signs / "go").touch()

    def finish(self) -> str:
        """Wait for the end and return everything that the program printed."""
        self.output += self.process.communicate(timeout=TIMEOUT_SECONDS)[0]
        return self.output

    @property
    def run_id(self) -> str:
        """The id in the link that the trainer prints at the end."""
        (run_id,) = set(re.findall(r"Neptune run (\S+) \(", self.output))
        return str(run_id)

    def csv_rows(self) -> list[dict[str, str]]:
        with (self.save_dir / "results.csv").open(encoding="utf-8") as file:
            return [{name.strip(): value.strip() for name, value in row.items()} for row in csv.DictReader(file)]


@dataclass(frozen=True)
class ReadRun:
    """What another process reads of a run through the real client."""

    content: dict[str, dict[str, Any]]

    def __getitem__(self, path: str) -> Any:
        return self.content[path]["value"]

    def __contains__(self, path: str) -> bool:
        return path in self.content

    def type_of(self, path: str) -> str:
        return str(self.content[path]["type"])

    def below(self, prefix: str) -> dict[str, Any]:
        return {p.removeprefix(prefix): v["value"] for p, v in self.content.items() if p.startswith(prefix)}

    def series(self) -> dict[str, list[list[float]]]:
        """Every float series but those of the hardware monitoring."""
        return {
            path: attribute["value"]
            for path, attribute in self.content.items()
            if attribute["type"] == "FloatSeries" and not path.startswith("monitoring/")
        }


StartTraining = Callable[..., Training]
ReadRunOf = Callable[..., ReadRun]


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """data.yaml of a data set that is just large enough to train on."""
    return make_digits(tmp_path_factory.mktemp("digits ä"), train=16, val=8, size=64)


@pytest.fixture
def start_training(digits: Path, tmp_path: Path) -> Iterator[StartTraining]:
    """Start a training in a process of its own; keywords are the program's options."""
    started: list[subprocess.Popen[str]] = []

    def start(name: str = "train", **options: Any) -> Training:
        project = tmp_path / "my runs ü"
        signs = tmp_path / f"signs {name}"
        signs.mkdir()
        arguments = {
            "data": str(digits),
            "epochs": 3,
            "imgsz": 64,
            "batch": 8,
            "nbs": 8,
            "optimizer": "SGD",  # "auto" would rewrite arguments as the training begins
            "device": "cpu",
            "plots": False,
            "project": str(project),
            "name": name,
        }
        arguments |= options.pop("arguments", {})
        arguments = options.pop("only", arguments)  # a resumed training has those of its checkpoint
        program = [sys.executable, str(FOLDER / "training_program.py")]
        process = subprocess.Popen(
            [*program, json.dumps({"arguments": arguments, "signs": str(signs), **options})],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        )
        started.append(process)
        return Training(process, project / name, signs)

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def read_run(tmp_path: Path) -> ReadRunOf:
    """Read a run of the embedded server in a second process; only the paths that begin with `below`, if it is given."""

    def read(run_id: str, project: str = "local/yolo", below: str = "") -> ReadRun:
        folder = tmp_path / f"read {run_id}"
        folder.mkdir()
        program = [sys.executable, str(FOLDER / "reading_program.py"), project, run_id, str(folder), below]
        done = subprocess.run(program, check=False, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
        assert done.returncode == 0, done.stdout + done.stderr
        return ReadRun(json.loads((folder / "run.json").read_text(encoding="utf-8")))

    return read


@pytest.fixture
def kill_server() -> Callable[[], None]:
    """Kill the embedded server as ``kill -9`` does, and wait until it is gone."""

    def kill() -> None:
        running = EmbeddedServer().running()
        assert running is not None
        process = psutil.Process(running.pid)
        process.kill()
        deadline = time.monotonic() + 10
        while psutil.pid_exists(running.pid) and process.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    return kill


@pytest.fixture
def sync() -> Callable[..., str]:
    """Run ``neptune-yolo sync`` and return what it prints."""

    def run(*arguments: str) -> str:
        program = [sys.executable, "-c", "from neptune_yolo.cli import main; main()", "sync", *arguments]
        done = subprocess.run(
            program, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=TIMEOUT_SECONDS
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    return run
