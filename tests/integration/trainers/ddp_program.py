"""A training by two processes: python ddp_program.py '<JSON of the options>'.

Each of the three processes leaves in the folder `signs` what it sees of the run.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from torch import distributed
from two_workers import TwoWorkersMixin  # type: ignore[import-not-found] # beside this program
from ultralytics import YOLO

from neptune_yolo import NeptuneDetectionTrainer
from neptune_yolo.exceptions import RunNotAvailableError
from neptune_yolo.server.embedded import EmbeddedServer

SIGNS = "SIGNS_FOLDER"
RESUMED_FROM = "training/resumes/1/from_epoch"
RESUMED_FROM = "training/resumes/1/from_epoch"


class MineTrainer(TwoWorkersMixin, NeptuneDetectionTrainer):
    """A user's own class in the program itself, which travels by value."""

    def save_metrics(self, metrics: dict[str, float]) -> None:
        super().save_metrics(metrics)
        self.run["custom/rank"].append(distributed.get_rank(), step=self.step)

    def final_eval(self) -> None:
        """Runs in every worker."""
        super().final_eval()
        seen = {
            "class": type(self).__name__,
            "run": type(self.run).__name__,
            "run_id": self.run_id,
            "tags": self.neptune.tags,
        }
        (Path(os.environ[SIGNS]) / f"rank {distributed.get_rank()}.json").write_text(json.dumps(seen), encoding="utf-8")


def before_training(trainer: Any) -> str:
    """Return what `trainer.run` says in the process that starts the workers, before they have begun."""
    try:
        return f"no error: {trainer.run}"
    except RunNotAvailableError as error:
        return str(error)


def has_second_run() -> bool:
    import neptune
    from neptune.exceptions import MetadataContainerNotFound

    running = EmbeddedServer().running()
    assert running is not None
    try:
        neptune.init_run(with_id="YOL-2", project="local/yolo", api_token=running.api_token, mode="read-only").stop()
    except MetadataContainerNotFound:
        return False
    return True


def main(options: dict[str, Any]) -> None:
    os.environ[SIGNS] = options["signs"]
    seen: dict[str, Any] = {}

    class NotedTrainer(MineTrainer.with_settings(**options["settings"])):  # type: ignore[misc] # made on the spot
        """A class inside a function, on top of one that was made on the spot."""

        def train(self) -> Any:
            if self.ddp:
                seen["before"] = before_training(self)
            return super().train()

    model = YOLO(options["model"])
    model.train(trainer=NotedTrainer, **options["arguments"])
    run = model.trainer.run
    seen |= {
        "run_id": run["sys/id"].fetch(),
        "status": run["training/status"].fetch(),
        "losses": [[row.step, row.value] for row in run["train/box_loss"].fetch_values().itertuples()],
        "same": model.trainer.run is run,
        "resumed from": run[RESUMED_FROM].fetch() if run.exists(RESUMED_FROM) else None,
    }
    run.stop()
    seen["second run"] = has_second_run()
    (Path(options["signs"]) / "parent.json").write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
