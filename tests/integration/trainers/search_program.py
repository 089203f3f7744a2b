"""A search in a process of its own: python search_program.py '<JSON of the keywords of tune, settings and signs>'.

Its trainer completes the first trial, fails in the second one, and waits in the third one until the file `go` appears.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from neptune_yolo import NeptuneDetectionTrainer, NeptuneSettings, tune
from neptune_yolo.policies import PredictionPolicy


class MoodyTrainer(NeptuneDetectionTrainer):
    signs = Path()

    def save_metrics(self, metrics: dict[str, float]) -> None:
        super().save_metrics(metrics)
        if self.save_dir.name == "trial-2":
            raise ValueError("the second trial fails, with an ä")
        if self.save_dir.name == "trial-3":
            (self.signs / "paused").touch()
            while not (self.signs / "go").exists():
                time.sleep(0.05)


def main(options: dict[str, Any]) -> None:
    MoodyTrainer.signs = Path(options.pop("signs"))
    # few attributes make a run quick to read
    few: dict[str, Any] = {"class_metrics": False, "predictions": PredictionPolicy(images=0)}
    settings = NeptuneSettings(**few, **options.pop("settings"))
    result = tune("yolo11n.yaml", MoodyTrainer, settings=settings, isolated=False, **options)
    told = {"folder": str(result.folder), "states": [trial.state for trial in result.trials]}
    (MoodyTrainer.signs / "result.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
