import json
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders import curves
from neptune_yolo.trainers.recorders.curves import CurveRecorder

BOX_CURVES = ["BoxPR_curve", "BoxF1_curve", "BoxP_curve", "BoxR_curve"]


def data(run: Any, name: str) -> Any:
    return json.loads(run.file(f"Plots/data/{name}"))


def test_curves_and_matrix_are_data_and_charts(
    logger: RunLogger, written: Callable[[], Any], detected: Callable[..., Any]
) -> None:
    validator = detected(4, missing=(1,))
    recorder = CurveRecorder(logger)
    recorder.record(validator, 3)
    recorder.close(timeout_seconds=20)

    run, box = written(), validator.metrics.box
    names = [*BOX_CURVES, "confusion_matrix"]
    assert run.paths("Plots/data/") == [f"Plots/data/{name}" for name in names]
    assert run.paths("Plots/charts/") == [f"Plots/charts/{name}" for name in names]
    for name, values in zip(BOX_CURVES, (box.prec_values, box.f1_curve, box.p_curve, box.r_curve), strict=True):
        document = data(run, name)
        assert document["class_names"] == ["klasse 0", "klasse 2", "klasse 3"]
        assert document["labels"] == [31, 31, 31]
        assert document["step"] == 3
        np.testing.assert_allclose(document["y"], values, atol=1e-5)
    assert data(run, "BoxP_curve")["scores"] == np.round(box.p, 5).tolist()
    matrix = data(run, "confusion_matrix")
    assert matrix["names"][-1] == "background"
    assert matrix["matrix"][4] == [0, 0, 0, 31, 0]  # predicted background: the class that is never found
    assert run.file("Plots/charts/BoxPR_curve").startswith(b"<!doctype html>")
    assert logger.ledger.total == 0


def test_masks_have_curves_of_their_own(
    logger: RunLogger, written: Callable[[], Any], detected: Callable[..., Any]
) -> None:
    validator = detected(2, masks=True)
    validator.confusion_matrix = None
    recorder = CurveRecorder(logger)
    recorder.record(validator, 3)
    recorder.close(timeout_seconds=20)

    run = written()
    assert run.paths("Plots/data/") == [
        f"Plots/data/{prefix}{name.removeprefix('Box')}" for prefix in ("Box", "Mask") for name in BOX_CURVES
    ]
    np.testing.assert_allclose(data(run, "MaskPR_curve")["y"], validator.metrics.seg.prec_values, atol=1e-5)


def test_matrices_without_background(
    logger: RunLogger, written: Callable[[], Any], classified: Any, segmented: Any
) -> None:
    recorder = CurveRecorder(logger)
    recorder.record(classified, 1)
    recorder.close(timeout_seconds=20)
    matrix = data(written(), "confusion_matrix")
    assert (matrix["names"], matrix["unit"]) == (["cat", "dog", "none"], "images")
    assert matrix["matrix"] == [[3, 1, 0], [0, 1, 0], [1, 0, 0]]

    recorder.record(segmented, 1)
    recorder.close(timeout_seconds=20)
    run = written()
    assert data(run, "confusion_matrix")["matrix"] == [[3, 0, 0], [1, 4, 0], [0, 0, 0]]
    assert data(run, "confusion_matrix")["unit"] == "pixels"
    bars = data(run, "iou_bar_chart")
    assert bars["class_names"] == ["road", "sky"]
    assert bars["values"] == [0.75, 0.8]


def test_an_interrupted_training_has_the_curves_of_its_last_validation(
    logger: RunLogger, written: Callable[[], Any], detected: Callable[..., Any]
) -> None:
    validator = detected(3)
    expected = validator.metrics.box.f1_curve
    recorder = CurveRecorder(logger)
    recorder.remember(validator, 5)
    validator.metrics.box.f1_curve = np.zeros_like(expected)  # the next validation was not finished
    assert written().paths("Plots/") == []

    recorder.close(timeout_seconds=20)

    document = data(written(), "BoxF1_curve")
    np.testing.assert_allclose(document["y"], expected, atol=1e-5)
    assert document["step"] == 5


def test_tasks_without_classes_and_validations_without_labels_have_no_figures(
    logger: RunLogger, written: Callable[[], Any], detected: Callable[..., Any]
) -> None:
    empty = detected(2, missing=(0, 1))
    recorder = CurveRecorder(logger)
    recorder.record(empty, 1)
    recorder.record(SimpleNamespace(metrics=SimpleNamespace(delta1=0.5), confusion_matrix=None), 1)
    recorder.close(timeout_seconds=20)

    assert written().paths("Plots/") == []
    assert logger.ledger.total == 0


def test_the_end_does_not_wait_for_ever(
    logger: RunLogger, detected: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slow(_figure: Any) -> str:
        go_on.wait(20)
        return ""

    monkeypatch.setattr(curves, "chart_html", slow)
    recorder = CurveRecorder(logger)
    recorder.record(detected(2), 1)
    recorder.close(timeout_seconds=0.05)
    go_on.set()

    assert "drawing charts" in logger.ledger.summary()
