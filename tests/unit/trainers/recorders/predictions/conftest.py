from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import SequentialSampler
from ultralytics.models.yolo.detect import DetectionValidator
from ultralytics.models.yolo.obb import OBBValidator
from ultralytics.models.yolo.pose import PoseValidator
from ultralytics.models.yolo.segment import SegmentationValidator

WIDTH, HEIGHT, INPUT, GAIN, PAD_TOP = 200, 100, 64, 0.32, 16.0
"""A wide picture of 200 x 100 pixels in a square input of 64 pixels, of which it takes 64 x 32, below a bar of 16."""

NAMES = {0: "cat", 1: "dog"}


def inward(points: Any) -> torch.Tensor:
    """Points (..., 2) of the picture as points of the input."""
    return torch.as_tensor(points, dtype=torch.float32) * GAIN + torch.tensor([0.0, PAD_TOP])


def boxes_inward(boxes: Any) -> torch.Tensor:
    return inward(torch.as_tensor(boxes, dtype=torch.float32).reshape(-1, 2, 2)).reshape(-1, 4)


@dataclass
class Scene:
    """A validator of Ultralytics that has seen nothing yet, and one batch for it: two images, of which one is empty."""

    validator: Any
    batch: dict[str, Any]
    predictions: list[dict[str, torch.Tensor]]

    def fresh(self) -> tuple[Any, dict[str, Any], list[dict[str, torch.Tensor]]]:
        """The same once more, for another validation."""
        batch = {k: v.clone() if isinstance(v, torch.Tensor) else v for k, v in self.batch.items()}
        predictions = [{k: v.clone() for k, v in one.items()} for one in self.predictions]
        self.validator.init_metrics(SimpleNamespace(names=NAMES))
        return self.validator, batch, predictions


TRUE_BOXES = [[20, 10, 60, 50], [100, 20, 140, 60], [150, 60, 199, 99]]
TRUE_CLASSES = [0, 1, 0]
FOUND_BOXES = [[22, 10, 60, 52], [100, 20, 140, 62], [24, 10, 60, 50], [5, 70, 30, 95], [150, 62, 199, 99]]
FOUND_CLASSES = [0, 0, 0, 1, 0]
CONFIDENCES = [0.9, 0.8, 0.7, 0.4, 0.05]
"""Right; right place but another class; a second one of the first; nowhere; right but below the confidence."""


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    """Paths of two pictures of 200 x 100 pixels."""
    folder = tmp_path / "set" / "images"
    folder.mkdir(parents=True)
    generator = np.random.default_rng(0)
    files = [folder / "bild ä.png", folder / "zwei.jpg"]
    for file in files:
        Image.fromarray(generator.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)).save(file)
    return [str(file) for file in files]


@pytest.fixture
def scene(pictures: list[str], tmp_path: Path) -> Callable[[str], Scene]:
    def make(task: str) -> Scene:
        kinds = {
            "detect": DetectionValidator,
            "segment": SegmentationValidator,
            "pose": PoseValidator,
            "obb": OBBValidator,
        }
        dataset = SimpleNamespace(im_files=pictures)
        loader = SimpleNamespace(dataset=dataset, sampler=SequentialSampler(pictures))
        validator = kinds[task](loader, save_dir=tmp_path / "val", args={"plots": False, "save_json": False})
        validator.data = {"path": str(tmp_path / "set"), "val": "images", "kpt_shape": [3, 3]}
        validator.device = torch.device("cpu")
        batch, predictions = _labels(pictures), [_predictions(), _nothing()]
        if task == "segment":
            numbered, masks = _masks(TRUE_BOXES)[0], _masks(FOUND_BOXES)[1]
            batch["masks"] = torch.stack([numbered, torch.zeros_like(numbered)])
            predictions[0]["masks"], predictions[1]["masks"] = masks, masks[:0]
        elif task == "pose":
            batch["keypoints"], found = _keypoints()
            predictions[0]["keypoints"], predictions[1]["keypoints"] = found, found[:0]
        elif task == "obb":
            _turn(batch, predictions)
        return Scene(validator, batch, predictions)

    return make


def _labels(pictures: list[str]) -> dict[str, Any]:
    corners = boxes_inward(TRUE_BOXES)
    middles = torch.cat([(corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]], dim=1)
    return {
        "img": torch.zeros(2, 3, INPUT, INPUT),
        "im_file": tuple(pictures),
        "ori_shape": ((HEIGHT, WIDTH), (HEIGHT, WIDTH)),
        "ratio_pad": (((GAIN, GAIN), (0.0, PAD_TOP)),) * 2,
        "batch_idx": torch.zeros(len(TRUE_BOXES)),
        "cls": torch.tensor(TRUE_CLASSES, dtype=torch.float32)[:, None],
        "bboxes": middles / INPUT,
    }


def _predictions() -> dict[str, torch.Tensor]:
    return {
        "bboxes": boxes_inward(FOUND_BOXES),
        "conf": torch.tensor(CONFIDENCES),
        "cls": torch.tensor(FOUND_CLASSES, dtype=torch.float32),
    }


def _nothing() -> dict[str, torch.Tensor]:
    return {"bboxes": torch.zeros(0, 4), "conf": torch.zeros(0), "cls": torch.zeros(0)}


def _masks(boxes: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """The boxes as overlapping numbers (height, width) and one by one (n, height, width), at a quarter of the input."""
    side = INPUT // 4
    single = torch.zeros(len(boxes), side, side, dtype=torch.uint8)
    for mask, box in zip(single, boxes_inward(boxes) / 4, strict=True):
        left, top, right, bottom = (round(float(edge)) for edge in box)
        mask[top:bottom, left:right] = 1
    numbered = torch.zeros(side, side, dtype=torch.uint8)
    for number, mask in enumerate(single, 1):
        numbered[mask > 0] = number
    return numbered, single


def _keypoints() -> tuple[torch.Tensor, torch.Tensor]:
    """Three points of each object: upper left, middle, and one that is not labelled."""

    def points(boxes: list[list[int]], visible: float) -> torch.Tensor:
        corners = torch.tensor(boxes, dtype=torch.float32)
        places = torch.stack([corners[:, :2], (corners[:, :2] + corners[:, 2:]) / 2, corners[:, :2]], dim=1)
        marks = torch.tensor([visible, visible, 0.0]).expand(len(boxes), 3)[..., None]
        return torch.cat([inward(places), marks], dim=-1)

    true = points(TRUE_BOXES, 2.0)
    true[..., :2] /= INPUT
    return true, points(FOUND_BOXES, 0.75)


def _turn(batch: dict[str, Any], predictions: list[dict[str, torch.Tensor]]) -> None:
    """Turn every box by 0.3 about its middle."""
    batch["bboxes"] = torch.cat([batch["bboxes"], torch.full((len(TRUE_BOXES), 1), 0.3)], dim=1)
    for one in predictions:
        boxes = one["bboxes"]
        parts = [(boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2], torch.full((len(boxes), 1), 0.3)]
        one["bboxes"] = torch.cat(parts, dim=1)
