"""Real validators, one hand-made batch, a run on disk: what is recorded, and that the metrics stay as they are."""

import base64
import io
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch.utils.data import RandomSampler
from ultralytics.models.yolo.classify import ClassificationValidator
from ultralytics.models.yolo.depth import DepthValidator
from ultralytics.models.yolo.semantic import SemanticSegmentationValidator
from ultralytics.utils import ops

from neptune_yolo.policies import PredictionPolicy
from neptune_yolo.tracking.prediction_data import ImagePredictions, PredictionData, PredictionStatus, from_json
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders.predictions import PredictionRecorder
from neptune_yolo.trainers.recorders.predictions.captured import CapturedEpoch
from neptune_yolo.trainers.recorders.predictions.classes import ClassCapture
from neptune_yolo.trainers.recorders.predictions.selection import ChosenImage

POLICY = PredictionPolicy(images=2, every=5)


def record(recorder: PredictionRecorder, validator: Any, preds: Any, batch: Any, *, epoch: int = 1) -> None:
    recorder.begin(epoch, final=False)
    validator.update_metrics(preds, batch)
    recorder.finish(epoch)


def data_of(run: Any, name: str = "epoch_0001") -> PredictionData:
    return from_json(run.file(f"predictions/data/{name}").decode("utf-8"))


def statuses(image: ImagePredictions) -> tuple[list[str], list[str]]:
    return [str(one.status) for one in image.ground_truth], [str(one.status) for one in image.predictions]


@pytest.mark.parametrize("task", ["detect", "segment", "pose", "obb"])
def test_objects_are_recorded_and_the_metrics_are_those_without(
    task: str, scene: Callable[[str], Any], logger: RunLogger, written: Callable[[], Any]
) -> None:
    made = scene(task)
    validator, batch, preds = made.fresh()
    validator.update_metrics(preds, batch)
    bare = {name: [np.copy(one) for one in values] for name, values in validator.metrics.stats.items()}

    recorder = PredictionRecorder(logger, POLICY)
    recorder.attach(validator)
    _, batch, preds = made.fresh()
    recorder.begin(1, final=False)
    state = torch.get_rng_state()
    validator.update_metrics(preds, batch)
    assert torch.equal(torch.get_rng_state(), state)
    recorder.finish(1)
    recorder.close(20)

    logged = validator.metrics.stats
    assert {name: len(values) for name, values in bare.items()} == {
        name: len(values) for name, values in logged.items()
    }
    for name, values in bare.items():
        assert all(np.array_equal(old, new) for old, new in zip(values, logged[name], strict=True)), name
    data = data_of(written())
    assert (data.task, data.step, data.final) == (task, 1, False)
    full, empty = data.images
    assert (full.file, full.name, full.width, full.height) == ("images/bild ä.png", "bild ä.png", 200, 100)
    assert statuses(full) == (["matched", "fn", "fn"], ["tp", "fp", "fp", "fp"])
    assert (full.ground_truth[0].matched_by, full.predictions[0].matches) == (0, 0)
    assert [one.name for one in full.predictions] == ["cat", "cat", "cat", "dog"]
    assert [one.confidence for one in full.predictions] == [0.9, 0.8, 0.7, 0.4]
    assert full.predictions[1].iou == pytest.approx(0.95, abs=0.03)  # the right place, another class
    assert statuses(empty) == ([], [])
    check_shapes(task, full)
    assert logger.ledger.total == 0


def check_shapes(task: str, image: ImagePredictions) -> None:
    """Everything stands in pixels of the original, where the hand-made labels put it."""
    truth, found = image.ground_truth[0], image.predictions[0]
    assert (found.shape_status is PredictionStatus.TP) == (task in ("segment", "pose"))
    if task == "obb":
        turned = torch.tensor([[40.0, 30.0, 40.0, 40.0, 0.3]])
        expected = ops.xywhr2xyxyxyxy(turned)[0].numpy()
        assert truth.corners is not None
        assert {tuple(np.round(one)) for one in np.array(truth.corners)} == {tuple(np.round(one)) for one in expected}
        assert truth.box == pytest.approx((*expected.min(axis=0), *expected.max(axis=0)), abs=0.1)
        return
    assert truth.box == pytest.approx((20, 10, 60, 50), abs=0.1)
    assert found.box == pytest.approx((22, 10, 60, 52), abs=0.1)
    if task == "segment":
        assert truth.polygons is not None
        points = np.concatenate([np.array(ring) for ring in truth.polygons])
        pixel = 4 / 0.32  # of the mask, in pixels of the picture
        assert np.allclose((*points.min(axis=0), *points.max(axis=0)), (20, 10, 60, 50), atol=pixel * 0.6)
    if task == "pose":
        assert truth.keypoints is not None
        assert found.keypoints is not None
        assert np.array(truth.keypoints).tolist() == [[20, 10, 2], [40, 30, 2], [0, 0, 0]]
        assert np.allclose(found.keypoints, [[22.0, 10.0, 0.75], [41.0, 31.0, 0.75], [0.0, 0.0, 0.0]], atol=0.1)


def test_pictures_and_names_are_those_of_the_data(
    scene: Callable[[str], Any], logger: RunLogger, written: Callable[[], Any]
) -> None:
    made = scene("detect")
    recorder = PredictionRecorder(logger, POLICY)
    recorder.attach(made.validator)
    for epoch in range(1, 7):
        validator, batch, preds = made.fresh()
        record(recorder, validator, preds, batch, epoch=epoch)
        wait_for(recorder)
    validator, batch, preds = made.fresh()
    recorder.begin(6, final=True)
    validator.update_metrics(preds, batch)
    recorder.finish(6)
    recorder.close(20)

    run = written()
    assert run.paths("predictions/data/") == [
        f"predictions/data/{name}" for name in ("epoch_0001", "epoch_0005", "final")
    ]
    assert data_of(run, "final").final
    assert run.value("predictions/names/0") == "images/bild ä.png"
    assert len(run.at("predictions/images/0")) == 1  # it never changes
    clean = Image.open(io.BytesIO(run.file("predictions/images/0")))
    assert (clean.format, clean.size) == ("JPEG", (200, 100))
    steps = [step for step, _ in run.pictures("predictions/pictures/0")]
    assert steps == [1, 5, 6]
    drawn = Image.open(io.BytesIO(base64.b64decode(run.pictures("predictions/pictures/0")[0][1])))
    assert drawn.width == 800  # enlarged by four, so that labels can be read
    assert logger.ledger.total == 0


def wait_for(recorder: PredictionRecorder) -> None:
    worker = recorder._worker
    with worker._changed:
        assert worker._changed.wait_for(lambda: not worker._busy and worker._waiting is None, timeout=20)


def test_the_series_rises_when_an_epoch_comes_again_and_when_the_last_one_was_recorded(
    scene: Callable[[str], Any], logger: RunLogger, written: Callable[[], Any]
) -> None:
    made = scene("detect")
    recorder = PredictionRecorder(logger, PredictionPolicy(images=1, every=1), last_step=3)
    recorder.attach(made.validator)
    for epoch, final in ((3, False), (4, False), (4, True)):
        validator, batch, preds = made.fresh()
        recorder.begin(epoch, final=final)
        validator.update_metrics(preds, batch)
        recorder.finish(epoch)
        wait_for(recorder)
    recorder.close(20)

    run = written()
    assert [step for step, _ in run.pictures("predictions/pictures/0")] == [4, 4.5]
    assert run.paths("predictions/data/") == [
        f"predictions/data/{name}" for name in ("epoch_0003", "epoch_0004", "final")
    ]


def test_bounds_and_half_precision(scene: Callable[[str], Any], logger: RunLogger, written: Callable[[], Any]) -> None:
    made = scene("segment")
    validator, batch, preds = made.fresh()
    preds[0]["conf"], preds[0]["bboxes"] = preds[0]["conf"].half(), preds[0]["bboxes"].half()
    recorder = PredictionRecorder(logger, replace(POLICY, max_boxes=1, files=("bild ä",)))
    recorder.attach(validator)
    record(recorder, validator, preds, batch)
    recorder.close(20)

    (image,) = data_of(written()).images
    assert statuses(image) == (["matched", "fn", "fn"], ["tp"])
    assert image.omitted_predictions == 3
    assert image.predictions[0].box == pytest.approx((22, 10, 60, 52), abs=0.5)


def test_nothing_is_touched_when_it_is_switched_off(scene: Callable[[str], Any], logger: RunLogger) -> None:
    made = scene("detect")
    before, threads = dict(vars(made.validator)), threading.active_count()
    recorder = PredictionRecorder(logger, PredictionPolicy(images=0))
    recorder.attach(made.validator)
    validator, batch, preds = made.fresh()
    record(recorder, validator, preds, batch)
    recorder.close(1)
    assert "update_metrics" not in before | vars(made.validator)
    assert threading.active_count() == threads


def test_what_cannot_be_recorded_is_said_and_nothing_stops(
    scene: Callable[[str], Any], pictures: list[str], logger: RunLogger, written: Callable[[], Any]
) -> None:
    made = scene("detect")
    with open(pictures[1], "wb"):  # noqa: PTH123 - it is emptied
        pass
    recorder = PredictionRecorder(logger, replace(POLICY, files=("zwei.jpg", "none.png")))
    recorder.attach(made.validator)
    validator, batch, preds = made.fresh()
    record(recorder, validator, preds, batch)
    recorder.begin(5, final=False)
    recorder.finish(5)  # no validation in between
    recorder.close(20)

    problems = logger.ledger.summary()
    assert "'none.png'" in problems
    assert "cannot be read" in problems
    assert "did not show any" in problems
    run = written()
    (image,) = data_of(run).images
    assert (image.name, image.picture_scale, image.width) == ("zwei.jpg", None, 200)
    assert run.paths("predictions/pictures/") == []


def test_an_error_of_the_recorder_leaves_the_validation_alone(
    scene: Callable[[str], Any], logger: RunLogger, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = scene("detect")
    recorder = PredictionRecorder(logger, POLICY)
    recorder.attach(made.validator)
    for place in ("choose_images", "Frame"):
        target = "recorder" if place == "choose_images" else "objects"
        with monkeypatch.context() as patch:
            patch.delattr(f"neptune_yolo.trainers.recorders.predictions.{target}.{place}")
            validator, batch, preds = made.fresh()
            record(recorder, validator, preds, batch)
            assert validator.seen == 2
            assert "_process_batch" not in vars(validator)
    assert logger.ledger.total >= 2


def test_classified_images_are_found_in_shuffled_batches(
    pictures: list[str], tmp_path: Any, logger: RunLogger, written: Callable[[], Any]
) -> None:
    class Images(list[dict[str, Any]]):
        samples = [[pictures[0], 0], [pictures[1], 1]]  # noqa: RUF012 - as Ultralytics has them

        def __getitem__(self, position: Any) -> Any:
            torch.rand(1)  # a user's preparation may draw random numbers
            return super().__getitem__(position)

    generator = torch.Generator().manual_seed(0)
    dataset = Images({"img": torch.rand(3, 64, 64, generator=generator), "cls": i} for i in (0, 1))
    loader = type("Loader", (), {"dataset": dataset, "sampler": RandomSampler(dataset)})()
    validator = ClassificationValidator(loader, save_dir=tmp_path / "val", args={"plots": False})
    validator.init_metrics(type("Model", (), {"names": dict(enumerate("abcdefg"))}))
    recorder = PredictionRecorder(logger, POLICY)
    recorder.attach(validator)
    probabilities = torch.tensor([[0.0, 0.1, 0.6, 0.1, 0.1, 0.1, 0.0], [0.5, 0.2, 0.1, 0.1, 0.1, 0.0, 0.0]])
    batch = {"img": torch.stack([one["img"] for one in reversed(list(dataset))]).half(), "cls": torch.tensor([1, 0])}
    state = torch.get_rng_state()
    record(recorder, validator, probabilities, batch)
    assert torch.equal(torch.get_rng_state(), state)
    recorder.close(20)

    right, wrong = data_of(written()).images
    assert (right.file, wrong.file) == ("bild ä.png", "zwei.jpg")
    assert right.classification is not None
    assert wrong.classification is not None
    assert (right.classification.correct, wrong.classification.correct) == (True, False)
    assert [(score.name, score.probability) for score in right.classification.top][:2] == [("a", 0.5), ("b", 0.2)]
    assert len(right.classification.top) == 5
    assert (wrong.classification.name, wrong.classification.top[0].name) == ("b", "c")
    assert logger.ledger.total == 0


def test_two_images_that_look_alike_are_both_recorded(pictures: list[str]) -> None:
    images = tuple(ChosenImage(i, i, file, file) for i, file in enumerate(pictures))
    alike = {"img": torch.full((3, 32, 32), 0.5), "cls": 0}
    epoch = CapturedEpoch("classify", {}, final=False)
    capture = ClassCapture(images, [alike, alike])
    batch = {"img": torch.stack([alike["img"], alike["img"]]), "cls": torch.tensor([0, 0])}
    with capture.watching(None, torch.tensor([[0.25, 0.75], [0.5, 0.5]]), batch, epoch):
        pass
    assert [one.probabilities.tolist() for one in epoch.images.values()] == [[0.25, 0.75], [0.5, 0.5]]  # type: ignore[union-attr]


def test_class_maps_are_recorded_at_the_place_of_the_picture(
    scene: Callable[[str], Any], tmp_path: Any, logger: RunLogger, written: Callable[[], Any]
) -> None:
    made = scene("detect")
    validator = SemanticSegmentationValidator(made.validator.dataloader, save_dir=tmp_path / "val", args={})
    validator.data = made.validator.data
    validator.init_metrics(type("Model", (), {"names": {0: "road", 1: "sky"}}))
    truth = torch.full((2, 64, 64), 255, dtype=torch.int32)
    truth[:, 16:48] = 0
    truth[:, 16:32] = 1  # the upper half of the picture
    predicted = torch.zeros(2, 64, 64, dtype=torch.int32)
    predicted[:, :24] = 1  # its upper quarter, and the grey bar
    recorder = PredictionRecorder(logger, POLICY)
    recorder.attach(validator)
    record(recorder, validator, predicted, made.batch | {"semantic_mask": truth})
    recorder.close(20)

    semantic = data_of(written()).images[0].semantic
    assert semantic is not None
    assert {area.name: (area.iou, area.true_area, area.predicted_area) for area in semantic.classes} == {
        "road": (0.6667, 0.5, 0.75),
        "sky": (0.5, 0.5, 0.25),
    }
    validator.metrics.process()
    assert semantic.mean_iou == pytest.approx(validator.metrics.miou, abs=1e-3)
    assert semantic.pixel_accuracy == 0.75
    classes = np.asarray(Image.open(io.BytesIO(base64.b64decode(semantic.ground_truth.png))))
    assert classes.shape == (semantic.ground_truth.height, semantic.ground_truth.width) == (100, 200)
    assert (classes[:50] == 1).all()
    assert (classes[50:] == 0).all()
    assert logger.ledger.total == 0


def test_depth_has_the_errors_of_the_validator(
    scene: Callable[[str], Any], tmp_path: Any, logger: RunLogger, written: Callable[[], Any]
) -> None:
    made = scene("detect")
    validator = DepthValidator(made.validator.dataloader, save_dir=tmp_path / "val", args={})
    validator.data = made.validator.data | {"max_depth": 10}
    validator.init_metrics(None)
    truth = torch.linspace(1, 5, 64)[None, None, :, None].repeat(2, 1, 1, 64)
    truth[0, :, :8] = 0  # not known
    truth[1] = 0
    predicted = torch.linspace(1, 6, 32)[None, None, :, None].repeat(2, 1, 1, 32)
    recorder = PredictionRecorder(logger, POLICY)
    recorder.attach(validator)
    record(recorder, validator, predicted, made.batch | {"depth": truth})
    recorder.close(20)

    known, unknown = (image.depth for image in data_of(written()).images)
    assert known is not None
    assert unknown is not None
    validator.metrics.process()
    expected = {name.removeprefix("metrics/"): value for name, value in validator.metrics.results_dict.items()}
    assert known.errors["abs_rel"] == pytest.approx(expected["abs_rel"], abs=1e-6)
    assert known.errors["rmse"] > 0
    assert (known.known_pixels, known.farthest) == (56 * 64, 5.0)
    assert (dict(unknown.errors), unknown.known_pixels) == ({}, 0)
    assert json.loads(written().file("predictions/data/epoch_0001"))["images"][0]["width"] == 200
    assert logger.ledger.total == 0
