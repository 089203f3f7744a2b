import json

import numpy as np
import pytest
from ultralytics.utils.metrics import smooth

from neptune_yolo.tracking.curve_data import (
    MOST_POINTS,
    ClassCurves,
    ClassValues,
    Confusion,
    best_confidence,
    figure_json,
)

X = np.linspace(0, 1, 1000)


def curves(classes: int, *, y: np.ndarray | None = None) -> ClassCurves:
    indices = np.arange(classes) * 2
    return ClassCurves(
        name="BoxF1_curve",
        title="F1 over confidence, boxes",
        x_label="Confidence",
        y_label="F1",
        x=X,
        y=np.tile(np.linspace(0, 1, classes)[:, None], (1, 1000)) if y is None else y,
        class_index=indices,
        class_names=tuple(f"class {index}" for index in indices),
        labels=np.arange(classes) + 1,
        score_label="F1 at 0.500",
        scores=np.full(classes, 1 / 3),
        best_x=0.5,
        step=3,
    )


def confusion(names: int, *, background: bool = True) -> Confusion:
    matrix = np.arange(names * names).reshape(names, names)
    labels = tuple(f"n{index}" for index in range(names))
    return Confusion("confusion_matrix", "Confusion matrix", labels, background, "labels", matrix, None)


def test_a_row_belongs_to_the_class_beside_it() -> None:
    document = json.loads(figure_json(curves(3)))

    assert (document["schema"], document["kind"], document["name"], document["step"]) == (1, "curves", "BoxF1_curve", 3)
    assert document["class_index"] == [0, 2, 4]
    assert document["class_names"] == ["class 0", "class 2", "class 4"]
    assert document["labels"] == [1, 2, 3]
    assert len(document["x"]) == 1000
    assert [row[0] for row in document["y"]] == [0, 0.5, 1]
    assert document["mean"] == [0.5] * 1000
    assert document["scores"] == [0.33333] * 3
    assert document["best_x"] == 0.5


def test_many_classes_have_fewer_points_with_both_ends() -> None:
    document = json.loads(figure_json(curves(1000)))

    assert len(document["y"]) == 1000
    assert len(document["x"]) == len(document["y"][0]) == len(document["mean"]) == MOST_POINTS // 1000
    assert (document["x"][0], document["x"][-1]) == (0, 1)
    assert np.diff(document["x"]).max() < 0.0061


def test_what_is_not_finite_is_null() -> None:
    y = np.zeros((1, 1000))
    y[0, 5] = np.nan

    assert json.loads(figure_json(curves(1, y=y)))["y"][0][5] is None


def test_a_matrix_has_predicted_rows_and_true_columns() -> None:
    document = json.loads(figure_json(confusion(3)))

    assert (document["rows"], document["columns"], document["background"]) == ("predicted", "true", True)
    assert document["matrix"] == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert document["names"] == ["n0", "n1", "n2"]
    assert document["step"] is None


def test_a_very_large_matrix_has_its_cells_above_zero() -> None:
    figure = confusion(1001)
    figure.matrix[:] = 0
    figure.matrix[1000, 7] = 3

    document = json.loads(figure_json(figure))
    assert document["cells"] == [[1000, 7, 3]]
    assert "matrix" not in document


def test_values_of_classes() -> None:
    figure = ClassValues(
        "iou_bar_chart", "IoU", "IoU", "pixels", np.array([1, 4]), ("b", "e"), np.array([9, 8]), np.array([0.25, 1]), 2
    )

    document = json.loads(figure_json(figure))
    assert document["kind"] == "class_values"
    assert document["values"] == [0.25, 1.0]
    assert document["class_names"] == ["b", "e"]
    assert document["mean"] == 0.625


@pytest.mark.parametrize("classes", [1, 5])
def test_the_best_confidence_is_where_ultralytics_reports_precision_and_recall(classes: int) -> None:
    generator = np.random.default_rng(classes)
    f1 = np.sort(generator.random((classes, 1000)), axis=1)[:, ::-1] * X * generator.random((classes, 1))

    assert best_confidence(X, f1) == X[smooth(f1.mean(0), 0.1).argmax()]
