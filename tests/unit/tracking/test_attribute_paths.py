import pytest

from neptune_yolo.tracking.attribute_paths import ATTRIBUTES, checkpoint_path


def test_each_path_stands_in_the_table_once() -> None:
    paths = [attribute.path for attribute in ATTRIBUTES]

    assert len(set(paths)) == len(paths)


def test_each_attribute_is_explained_in_a_sentence() -> None:
    assert all(attribute.meaning.endswith(".") for attribute in ATTRIBUTES)


@pytest.mark.parametrize(
    ("path", "family"),
    [
        ("Configuration/Hyperparameters/lr0", "Configuration/Hyperparameters/{argument}"),
        ("metrics/mAP50-95(B)", "metrics/{metric}"),
        ("final/metrics/mAP50(B)", "final/metrics/{metric}"),
        ("Configuration/Model/model/speed_PyTorch(ms)", "Configuration/Model/model/speed_PyTorch(ms)"),
        ("weights/best", "weights/best"),
    ],
)
def test_paths_are_found_in_the_table(path: str, family: str) -> None:
    assert [attribute.path for attribute in ATTRIBUTES if attribute.matches(path)] == [family]


@pytest.mark.parametrize("path", ["metrics", "metrics/", "metrics/a/b", "weights/bests", "xtraining/status"])
def test_other_paths_are_not(path: str) -> None:
    assert not [attribute.path for attribute in ATTRIBUTES if attribute.matches(path)]


def test_checkpoints_go_to_the_weights() -> None:
    assert checkpoint_path("best") == "weights/best"
