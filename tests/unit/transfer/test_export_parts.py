"""Small parts of exports: keys, steps and texts as other programs take them, and what is compared."""

import numpy as np
import pytest

from neptune_yolo.transfer.exporting.comparing import differences
from neptune_yolo.transfer.formats.formulas import neutral, original
from neptune_yolo.transfer.formats.mlflow_names import MAX_KEY_LENGTH, MAX_REQUEST_BYTES, Keys, batches
from neptune_yolo.transfer.formats.whole_steps import LARGEST, lies_between, whole_steps
from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx", "'=1", "''-1"])
def test_no_text_is_a_formula_and_each_comes_back(text: str) -> None:
    assert neutral(text) == f"'{text}"
    assert original(neutral(text)) == text


@pytest.mark.parametrize("text", ["", "a=1", "'a", "1", " =1"])
def test_other_texts_stay(text: str) -> None:
    assert neutral(text) == original(text) == text


def test_keys_are_those_of_mlflow_and_stay_apart() -> None:
    mlflow = pytest.importorskip("mlflow.utils.validation")
    keys = Keys()
    paths = [
        "a b/c.d-e_f",
        "metrics/mAP50(B)",
        "metrics/mAP50B",
        "a:b",
        "a_b",
        "../up",
        "/a//b/",
        "()",
        "ä/ß",
        "x" * 300,
    ]
    paths += ["x" * 299 + "y", "a/../b", "."]
    made = [keys.key(path) for path in paths]
    assert len(set(made)) == len(paths)
    assert made[:3] == ["a b/c.d-e_f", "metrics/mAP50B", "metrics/mAP50B-" + made[2][-8:]]
    assert [keys.key(path) for path in paths] == made
    for key in made:
        mlflow._validate_metric_name(key)
        assert len(key) <= MAX_KEY_LENGTH


def test_batches_fit_into_requests() -> None:
    small = list(batches(((number, "x") for number in range(250)), 100))
    assert [len(part) for part in small] == [100, 100, 50]
    large = list(batches(((number, "ä" * 6000) for number in range(100)), 100))
    assert [number for part in large for number in part] == list(range(100))
    assert max(map(len, large)) * 6 * 6000 <= MAX_REQUEST_BYTES


def test_steps_between_whole_numbers_become_thousandths() -> None:
    steps = np.array([0.0, 0.25, 1e300])
    assert lies_between(steps)
    assert whole_steps(steps, is_between=True).tolist() == [0, 250, LARGEST]
    assert not lies_between(np.array([1.0, 2.0]))
    assert whole_steps(np.array([1.0, -2.0]), is_between=False).tolist() == [1, -2]


def test_differences_are_named() -> None:
    there, found = Expected(), Expected()
    assert list(differences(there, found)) == []
    there.atom("a", "float", 0.1)
    found.atom("a", "float", 0.1 + 2e-17)
    there.atom("b", "string", "x" * 3000)
    found.atom("b", "string", "x" * 2999)
    there.floats["c"] = ExpectedFloats()
    there.floats["c"].add(np.array([1.0]), np.array([5]), np.array([2.0]))
    there.files["d"], found.files["d"] = (1, "aa"), (1, "ab")
    there.sets["e"], found.sets["e"] = {"m": (1, "aa")}, {}
    there.pictures["f"] = [(0.5, 1, "aa")]
    different = ["a", "b", "c", "d", "e/m", "f at step 0.5"]
    assert [difference.path for difference in differences(there, found)] == different
    assert [difference.path for difference in differences(found, there)] == different
