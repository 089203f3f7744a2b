"""Saves checkpoints as a training would: python checkpoint_program.py <JSON: token, url, folder, epochs, policy>.

Prints the run's id, waits for a line, saves the checkpoints epoch_<n>.pt of the folder, and waits for another line;
then it ends as a training does, with best.pt and torn.pt, and prints how long that took and what went wrong.
"""

import json
import sys
import time
from pathlib import Path

from neptune_yolo.policies import CheckpointPolicy
from neptune_yolo.settings import Mode, NeptuneSettings
from neptune_yolo.tracking.opening import Target, open_run
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders.checkpoints import CheckpointRecorder, SavedCheckpoint


def main(token: str, url: str, folder: Path, epochs: int, policy: CheckpointPolicy) -> None:
    settings = NeptuneSettings(source_files=(), git_ref=False, capture_hardware_metrics=False, capture_stdout=False)
    opened = open_run(settings, Target(Mode.ASYNC, "local/yolo", token, url), "test")
    opened.run.wait()
    tell(opened.run["sys/id"].fetch())
    sys.stdin.readline()
    logger = RunLogger(opened)
    recorder = CheckpointRecorder(logger, policy)
    for epoch in range(1, epochs + 1):
        file = folder / f"epoch_{epoch}.pt"
        best = file if epoch == 2 else None
        recorder.saved(SavedCheckpoint(last=file, best=best, epoch=epoch, fitness=0.5))
        time.sleep(0.1)
    tell("saved")
    sys.stdin.readline()
    began = time.monotonic()
    recorder.final(folder / "best.pt", folder / "torn.pt")
    final_seconds = time.monotonic() - began
    logger.close(1.0)
    recorder.close(0.5)
    tell({"final": final_seconds, "total": time.monotonic() - began, "problems": logger.ledger.summary()})


def tell(content: object) -> None:
    sys.stdout.write(f"> {json.dumps(content)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    words = json.loads(sys.argv[1])
    main(words["token"], words["url"], Path(words["folder"]), words["epochs"], CheckpointPolicy(**words["policy"]))
