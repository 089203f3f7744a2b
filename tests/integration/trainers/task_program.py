"""Trains each task once, one after the other: python task_program.py <folder> [<case>...].

Makes the data in the folder, trains, and keeps ``cases.json`` there: case -> where it trained, its run, how it ended.
"""

import hashlib
import json
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
import yaml
from task_data import Sizes, Task, make_task_data  # type: ignore[import-not-found] # beside this program
from ultralytics import RTDETR, YOLO

from neptune_yolo import trainers

SETTINGS = {"source_files": (), "git_ref": False, "capture_hardware_metrics": False}
ARGUMENTS = {
    "imgsz": 64,
    "batch": 8,
    "nbs": 8,
    "optimizer": "SGD",
    "device": "cpu",
    "plots": False,
    "epochs": 1,
}


@dataclass(frozen=True)
class Case:
    """One training: the trainer's name, the model, whose data it takes, and what differs from `ARGUMENTS`."""

    trainer: str
    model: str
    task: Task = Task.DETECT
    arguments: dict[str, Any] = field(default_factory=dict)
    build: Callable[..., Any] = YOLO
    several_sets: bool = False


PLOTTED = {"plots": True}
PROMPTED_CLASSES = 80
"""YOLOE is trained from scratch with so many texts an image; Ultralytics fails if the data has fewer classes."""

CASES = {
    "segment": Case("NeptuneSegmentationTrainer", "yolo11n-seg.yaml", Task.SEGMENT, PLOTTED),
    "pose": Case("NeptunePoseTrainer", "yolo11n-pose.yaml", Task.POSE, PLOTTED),
    "obb": Case("NeptuneOBBTrainer", "yolo11n-obb.yaml", Task.OBB),
    "classify": Case("NeptuneClassificationTrainer", "yolo11n-cls.yaml", Task.CLASSIFY, {"epochs": 2}),
    "semantic": Case("NeptuneSemanticSegmentationTrainer", "yolo26n-sem.yaml", Task.SEMANTIC, PLOTTED),
    "depth": Case("NeptuneDepthTrainer", "yolo26n-depth.yaml", Task.DEPTH),
    "rtdetr": Case("NeptuneRTDETRTrainer", "small-rtdetr.yaml", build=RTDETR),
    "world": Case("NeptuneWorldTrainer", "yolov8n-worldv2.yaml"),
    "world from scratch": Case("NeptuneWorldTrainerFromScratch", "yolov8n-worldv2.yaml", several_sets=True),
    "yoloe": Case("NeptuneYOLOETrainer", "yoloe-11n.yaml"),
    "yoloe from scratch": Case("NeptuneYOLOETrainerFromScratch", "yoloe-11n.yaml", several_sets=True),
    "yoloe visual": Case("NeptuneYOLOEVPTrainer", "yoloe-11n.yaml", several_sets=True),
    "yoloe probing": Case("NeptuneYOLOEPETrainer", "yoloe"),
    "yoloe without prompts": Case("NeptuneYOLOEPEFreeTrainer", "yoloe", several_sets=True),
    "yoloe-seg": Case("NeptuneYOLOESegTrainer", "yoloe-11n-seg.yaml", Task.SEGMENT),
    "yoloe-seg from scratch": Case(
        "NeptuneYOLOESegTrainerFromScratch", "yoloe-11n-seg.yaml", Task.SEGMENT, several_sets=True
    ),
    "yoloe-seg visual": Case("NeptuneYOLOESegVPTrainer", "yoloe-11n-seg.yaml", Task.SEGMENT, several_sets=True),
    "yoloe-seg probing": Case("NeptuneYOLOEPESegTrainer", "yoloe-seg", Task.SEGMENT),
}


SMALL_RTDETR = """
nc: 10
scales: {n: [1.0, 1.0, 1024]}
backbone:
  - [-1, 1, Conv, [16, 3, 2]]
  - [-1, 1, Conv, [32, 3, 2]]
  - [-1, 1, Conv, [32, 3, 2]]
  - [-1, 1, Conv, [32, 3, 2]]
  - [-1, 1, Conv, [32, 3, 2]]
head:
  - [[2, 3, 4], 1, RTDETRDecoder, [nc, 64, 50, 4, 4, 2, 128]]
"""
"""A model of the same kind as rtdetr-l.yaml, whose 33 million parameters are too many here."""


class TextEncoder:
    """Stands for the text encoders, whose weights are downloaded: each text has a direction of its own."""

    def tokenize(self, texts: list[str]) -> torch.Tensor:
        return torch.tensor([[int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])] for text in texts])

    def encode_text(self, tokens: torch.Tensor) -> torch.Tensor:
        drawn = [torch.randn(512, generator=torch.Generator().manual_seed(int(token))) for token in tokens]
        return torch.nn.functional.normalize(torch.stack(drawn), dim=-1)


def replace_text_encoder() -> None:
    module = ModuleType("ultralytics.nn.text_model")
    module.build_text_model = lambda *_, **__: TextEncoder()  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module


def several_sets(data: Path) -> dict[str, Any]:
    """Return the form of ``data=`` that lists data sets, here one with names to spare."""
    content = yaml.safe_load(data.read_text(encoding="utf-8"))
    content["names"] |= {number: f"no {number}" for number in range(len(content["names"]), PROMPTED_CLASSES)}
    content.pop("nc", None)
    larger = data.with_name("many names.yaml")
    larger.write_text(yaml.safe_dump(content), encoding="utf-8")
    return {split: {"yolo_data": [str(larger)]} for split in ("train", "val")}


def train(name: str, case: Case, folder: Path) -> dict[str, Any]:
    data = folder / f"{case.task} ä"
    found = data if case.task is Task.CLASSIFY else data / "data.yaml"
    if not data.exists():
        make_task_data(case.task, data, Sizes())
    given = several_sets(found) if case.several_sets else str(found)
    (folder / "small-rtdetr.yaml").write_text(SMALL_RTDETR, encoding="utf-8")
    model = str(folder / case.model) if (folder / case.model).exists() else case.model
    if not model.endswith(".yaml"):
        model = str(folder / "runs" / model / "weights" / "last.pt")
    trainer = getattr(trainers, case.trainer).with_settings(**SETTINGS)
    yolo = case.build(model)
    arguments = ARGUMENTS | case.arguments
    yolo.train(trainer=trainer, data=given, project=str(folder / "runs"), name=name, **arguments)
    trained = yolo.trainer
    loaded = [case.build(str(file)).task for file in (trained.best, trained.last)]
    return {
        "name": name,
        "trainer": case.trainer,
        "task": str(case.task),
        "tasks_of_checkpoints": loaded,
        "save_dir": str(trained.save_dir),
        "run_id": trained.run_id,
        "epochs": arguments["epochs"],
        "loss_names": list(trained.loss_names),
        "final": {key: float(value) for key, value in trained.metrics.items()},
    }


def main(folder: Path, names: list[str]) -> None:
    replace_text_encoder()
    cases: dict[str, Any] = {}
    for name in names or CASES:
        started = time.monotonic()
        try:
            cases[name] = train(name, CASES[name], folder)
        except Exception:  # noqa: BLE001 - the other tasks are still to be trained
            cases[name] = {"error": traceback.format_exc()}
        cases[name]["seconds"] = time.monotonic() - started
        (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
