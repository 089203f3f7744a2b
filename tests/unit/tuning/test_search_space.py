import pytest

from neptune_yolo.exceptions import SettingsError
from neptune_yolo.tuning.search_space import checked_space, parse_space

ARGUMENTS = {"lr0": 0.01, "close_mosaic": 10, "optimizer": "auto", "rect": False, "momentum": 0.9}


def test_a_space_keeps_bounds_and_gain() -> None:
    space = checked_space({"lr0": [1e-5, 0.01], "momentum": (0.7, 0.98, 0.3), "close_mosaic": (0, 10)}, ARGUMENTS)
    assert space == {"lr0": (1e-5, 0.01), "momentum": (0.7, 0.98, 0.3), "close_mosaic": (0.0, 10.0)}


@pytest.mark.parametrize(
    ("space", "words"),
    [
        pytest.param({}, ["at least one", "none"], id="empty"),
        pytest.param({"lr1": (0, 1)}, ["'lr1'"], id="unknown name"),
        pytest.param({"optimizer": (0, 1)}, ["'optimizer'", "'auto'"], id="no number"),
        pytest.param({"rect": (0, 1)}, ["'rect'", "False"], id="a switch"),
        pytest.param({"lr0": (1, 0)}, ["lr0", "(1, 0)"], id="highest below lowest"),
        pytest.param({"lr0": (0, 1, 2, 3)}, ["lr0", "(0, 1, 2, 3)"], id="too many bounds"),
        pytest.param({"lr0": "01"}, ["lr0", "'01'"], id="a text"),
        pytest.param({"lr0": (0, float("nan"))}, ["lr0", "nan"], id="not finite"),
    ],
)
def test_a_space_that_cannot_be_searched_is_refused(space: dict[str, tuple[float, ...]], words: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        checked_space(space, ARGUMENTS)
    assert [word for word in words if word not in str(caught.value)] == []


def test_texts_describe_a_space() -> None:
    assert parse_space(["lr0=1e-5:1e-2", "momentum=0.7:0.98:0.3"]) == {
        "lr0": (1e-5, 1e-2),
        "momentum": (0.7, 0.98, 0.3),
    }
    for wrong in ("lr0", "lr0=1", "lr0=a:b", "lr0=1:2:3:4"):
        with pytest.raises(SettingsError, match=wrong):
            parse_space([wrong])
