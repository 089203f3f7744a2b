"""A program whose server dies: python leaving_program.py SIGNS_FOLDER. It is killed in the end, as by ``kill -9``."""

import os
import sys
import time
from pathlib import Path
from typing import Any

import neptune
from neptune.types import File

QUIET: dict[str, Any] = {
    "capture_hardware_metrics": False,
    "capture_stdout": False,
    "capture_stderr": False,
    "capture_traceback": False,
}


def main(signs: Path) -> None:
    run = neptune.init_run(name="night shift", tags=["old"], git_ref=False, source_files=[], flush_period=0.2, **QUIET)
    model = neptune.init_model(key="DET", name="detector")
    version = neptune.init_model_version(model=model["sys/id"].fetch())
    project = neptune.init_project(project=os.environ["NEPTUNE_PROJECT"], mode="async")
    for step in range(50):
        run["train/loss"].append(1 / (step + 1), step=step)
    run["sent/file"].upload(File.from_content(b"the former server has it", extension="bin"))
    run["words"].append("first")
    run.wait()
    (signs / "ready").touch()
    while not (signs / "go").exists():
        time.sleep(0.02)
    for step in range(50, 100):
        run["train/loss"].append(1 / (step + 1), step=step)
    run["unsent/file"].upload(File.from_content(b"nobody has it", extension="bin"))
    run["beside"].upload("beside.txt")
    run["words"].append("second")
    run["config/lr"] = 0.1
    model["purpose"] = "signs"
    version["weights/size"] = 7
    project["brief"] = "all runs"
    for container in (run, model, version, project):
        container.wait(disk_only=True)
    os._exit(9)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
