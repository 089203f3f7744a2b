"""Trains on several data sets: python several_program.py '<JSON of the arguments of train>'. It fails on `second`."""

import json
import sys
from pathlib import Path
from typing import Any

from ultralytics import YOLO

from neptune_yolo import NeptuneDetectionTrainer, NeptuneSettings
from neptune_yolo.policies import PredictionPolicy


class PickyTrainer(NeptuneDetectionTrainer):
    neptune = NeptuneSettings(
        name="sweep",
        tags=["mine"],
        group_tags=["night"],
        custom_run_id="same for all",
        class_metrics=False,
        predictions=PredictionPolicy(images=0),
    )

    def save_metrics(self, metrics: dict[str, float]) -> None:
        super().save_metrics(metrics)
        if "second" in str(self.args.data):
            raise ValueError("not with this data set")


def main(arguments: dict[str, Any]) -> None:
    results = YOLO("yolo11n.yaml").train(trainer=PickyTrainer, **arguments)
    trained = {name: bool(metrics) for name, metrics in results.items()}
    Path("results.json").write_text(json.dumps(trained), encoding="utf-8")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
