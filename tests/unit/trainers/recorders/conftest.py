from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from ultralytics.utils.metrics import ClassifyMetrics, ConfusionMatrix, DetMetrics, SegmentMetrics, SemanticMetrics

from neptune_yolo.settings import Mode, NeptuneSettings
from neptune_yolo.tracking.opening import OpenedRun, Target, open_run
from neptune_yolo.tracking.run_logger import RunLogger


@dataclass(frozen=True)
class Written:
    """What the client has put into its queue on disk."""

    folder: Path
    operations: list[dict[str, Any]]

    def paths(self, prefix: str = "") -> list[str]:
        found = dict.fromkeys("/".join(operation["path"]) for operation in self.operations)
        return [path for path in found if path.startswith(prefix)]

    def at(self, path: str) -> list[dict[str, Any]]:
        return [operation for operation in self.operations if "/".join(operation["path"]) == path]

    def points(self, path: str) -> list[tuple[float, Any]]:
        return [(point["step"], point["value"]) for operation in self.at(path) for point in operation["values"]]

    def pictures(self, path: str) -> list[tuple[float, str]]:
        """Steps and base64 text of the pictures of a series."""
        return [(step, value["data"]) for step, value in self.points(path)]

    def value(self, path: str) -> Any:
        return self.at(path)[-1]["value"]

    def file(self, path: str) -> bytes:
        """Content of the last upload."""
        operation = self.at(path)[-1]
        return (self.folder / "upload_path" / str(operation["tmp_file_name"])).read_bytes()


@pytest.fixture
def logger(quiet: NeptuneSettings) -> Iterator[RunLogger]:
    """A logger into a run of the real client that is kept on disk."""
    logger = RunLogger(open_run(quiet, Target(Mode.OFFLINE, None, None, None), "test"))
    yield logger
    logger.close(stop_timeout_seconds=5)


@pytest.fixture
def written(logger: RunLogger, queued: Callable[[OpenedRun], list[dict[str, Any]]]) -> Callable[[], Written]:
    """Read back what was written so far."""

    def read() -> Written:
        folder = logger._opened.queue_folder
        assert folder is not None
        return Written(folder, queued(logger._opened))

    return read


@pytest.fixture
def detected() -> Callable[..., Any]:
    """Make the metrics of a detection or segmentation with Ultralytics' own classes, without a training."""
    return _detected


@pytest.fixture
def classified() -> Any:
    """Class 0 is right in 3 of 4 images, class 1 in 1 of 2, class 2 has none."""
    return _classified()


@pytest.fixture
def segmented() -> Any:
    """Class 0: 3 of 4 pixels are right; class 1: all 4, and one more is taken for it; class 2 has none."""
    return _segmented()


def _detected(classes: int, *, images: int = 30, missing: tuple[int, ...] = (), masks: bool = False) -> Any:
    """A validator's parts after a detection; classes in `missing` have no labels, the last class is never found."""
    names = {index: f"klasse {index}" for index in range(classes)}
    metrics = SegmentMetrics(names) if masks else DetMetrics(names)
    confusion = ConfusionMatrix(names)
    generator = np.random.default_rng(0)
    present = [index for index in range(classes) if index not in missing]
    for number in range(images):
        true = np.array(present * (2 if number == 0 else 1))
        found = true[true != classes - 1]
        right = generator.random((len(found), 10)) < np.linspace(0.9, 0.2, 10)
        metrics.update_stats(
            {
                "tp": right,
                "tp_m": right & (generator.random(right.shape) < 0.8),
                "conf": generator.random(len(found)),
                "pred_cls": found.astype(float),
                "target_cls": true.astype(float),
                "target_img": np.unique(true).astype(float),
                "im_name": f"{number}.jpg",
            }
        )
        boxes = torch.arange(len(true))[:, None] * 100.0 + torch.tensor([0.0, 0.0, 50.0, 50.0])
        confusion.process_batch(
            {
                "bboxes": boxes[torch.tensor(true != classes - 1)],
                "conf": torch.full((len(found),), 0.9),
                "cls": torch.tensor(found),
            },
            {"bboxes": boxes, "cls": torch.tensor(true)},
        )
    metrics.process()
    return SimpleNamespace(metrics=metrics, confusion_matrix=confusion, names=names)


def _classified() -> Any:
    """Class 0 is right in 3 of 4, class 1 in 1 of 2, class 2 has no images."""
    names = {0: "cat", 1: "dog", 2: "none"}
    metrics, confusion = ClassifyMetrics(), ConfusionMatrix(names, task="classify")
    predicted = [torch.tensor([[0], [0], [0], [2], [1], [0]], dtype=torch.int32)]
    true = [torch.tensor([0, 0, 0, 0, 1, 1], dtype=torch.int32)]
    metrics.process(true, predicted)
    confusion.process_cls_preds(predicted, true)
    return SimpleNamespace(metrics=metrics, confusion_matrix=confusion, names=names)


def _segmented() -> Any:
    """Class 0: 3 of 4 pixels; class 1: 4 pixels, one more is taken for it; class 2 has none."""
    names = {0: "road", 1: "sky", 2: "none"}
    metrics = SemanticMetrics(names)
    metrics.update_stats(torch.tensor([[[0, 0, 0, 1], [1, 1, 1, 1]]]), torch.tensor([[[0, 0, 0, 0], [1, 1, 1, 1]]]))
    metrics.process()
    confusion = ConfusionMatrix(names, task="semantic")
    confusion.matrix = metrics.matrix.numpy().T.astype(float)
    return SimpleNamespace(metrics=metrics, confusion_matrix=confusion, names=names)
