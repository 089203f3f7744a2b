from collections.abc import Callable
from typing import Any

import pytest

from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders.class_metrics import ClassMetricsRecorder


def test_a_class_has_its_own_values_though_another_one_has_no_labels(
    logger: RunLogger, written: Callable[[], Any], detected: Callable[..., Any]
) -> None:
    validator = detected(4, missing=(1,))
    recorder = ClassMetricsRecorder(logger)
    recorder.record(validator, 1)
    recorder.record(validator, 2)

    run, box = written(), validator.metrics.box
    assert box.ap_class_index.tolist() == [0, 2, 3]
    assert len(run.paths("metrics/per_class/")) == 3 * 4
    for row, name in enumerate(("klasse 0", "klasse 2", "klasse 3")):
        for metric, values in (("precision", box.p), ("recall", box.r), ("AP50", box.ap50), ("AP50-95", box.ap)):
            value = pytest.approx(float(values[row]))
            assert run.points(f"metrics/per_class/{name}/{metric}(B)") == [(1, value), (2, value)]
    assert run.points("metrics/per_class/klasse 3/AP50(B)") == [(1, 0.0), (2, 0.0)]
    assert run.paths("training/per_class_limit") == []


def test_masks_have_series_beside_boxes(
    logger: RunLogger, written: Callable[[], Any], detected: Callable[..., Any]
) -> None:
    validator = detected(2, masks=True)
    ClassMetricsRecorder(logger).record(validator, 1)

    points = written().points("metrics/per_class/klasse 0/AP50-95(M)")
    assert points == [(1, pytest.approx(float(validator.metrics.seg.ap[0])))]


def test_many_classes_are_limited_and_the_run_says_so(
    logger: RunLogger, written: Callable[[], Any], detected: Callable[..., Any]
) -> None:
    ClassMetricsRecorder(logger).record(detected(130, images=1), 1)

    run = written()
    assert len(run.paths("metrics/per_class/")) == 400
    assert run.value("training/per_class_limit").startswith("100 of 130 classes")


def test_accuracy_of_each_class_with_images(logger: RunLogger, written: Callable[[], Any], classified: Any) -> None:
    ClassMetricsRecorder(logger).record(classified, 1)

    run = written()
    assert run.paths("metrics/") == ["metrics/per_class/cat/accuracy", "metrics/per_class/dog/accuracy"]
    assert run.points("metrics/per_class/cat/accuracy") == [(1, 0.75)]
    assert run.points("metrics/per_class/dog/accuracy") == [(1, 0.5)]


def test_overlap_of_each_class_with_pixels(logger: RunLogger, written: Callable[[], Any], segmented: Any) -> None:
    ClassMetricsRecorder(logger).record(segmented, 1)

    run = written()
    assert run.points("metrics/per_class/road/IoU") == [(1, pytest.approx(0.75))]
    assert run.points("metrics/per_class/road/pixel_accuracy") == [(1, pytest.approx(0.75))]
    assert run.points("metrics/per_class/sky/IoU") == [(1, pytest.approx(0.8))]
    assert run.paths("metrics/per_class/none") == []
