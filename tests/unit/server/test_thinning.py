import numpy as np
import pytest

from neptune_yolo.server.domain.series import FloatArrays
from neptune_yolo.server.services.thinning import thin


def _series(steps: np.ndarray, values: np.ndarray) -> FloatArrays:
    return FloatArrays(steps, np.arange(len(steps), dtype=np.int64), values)


def test_few_points_all_stay() -> None:
    points = _series(np.arange(12.0), np.arange(12.0))

    assert len(thin(points, points.steps, 5).points) == 12
    assert thin(_series(np.array([]), np.array([])), np.array([]), 5).parts is None


def test_each_bin_keeps_its_smallest_and_its_largest_and_the_ends_stay() -> None:
    random = np.random.default_rng(1)
    values = random.normal(size=10_000)
    points = _series(np.cumsum(random.exponential(size=10_000)), values)

    thinned = thin(points, points.steps, 50)

    shown, parts = thinned.points, thinned.parts
    assert parts is not None

    assert len(shown) <= 102
    assert (shown.steps[0], shown.steps[-1]) == (points.steps[0], points.steps[-1])
    assert np.isin(shown.steps, points.steps).all()
    borders = np.linspace(points.steps[0], points.steps[-1], 51)[1:-1]
    bins = np.searchsorted(borders, points.steps, "right")
    of_shown = np.searchsorted(borders, shown.steps, "right")
    for number in range(50):
        of_bin = shown.values[of_shown == number]
        assert of_bin.min() == values[bins == number].min()
        assert of_bin.max() == values[bins == number].max()
        assert (parts.sizes[number], parts.means[number]) == (len(of_bin), pytest.approx(values[bins == number].mean()))


def test_gaps_stay_gaps() -> None:
    steps = np.concatenate((np.arange(5000.0), 100_000 + np.arange(5000.0)))
    points = _series(steps, np.sin(steps))

    thinned = thin(points, points.steps, 100)

    assert not ((thinned.points.steps > 6000) & (thinned.points.steps < 99_000)).any()
    assert thinned.parts is not None
    assert (len(thinned.parts.sizes), len(thinned.parts.means)) == (100, 10)
    assert thinned.parts.sizes.sum() == len(thinned.points)


@pytest.mark.parametrize("axis", [np.zeros(1000), np.linspace(-8.5e307, 8.5e307, 1000) * 2])
def test_an_axis_that_has_no_width_or_too_much_is_divided_by_position(axis: np.ndarray) -> None:
    values = np.zeros(1000)
    values[617] = 5.0

    shown = thin(_series(np.arange(1000.0), values), axis, 20).points

    assert len(shown) <= 42
    assert shown.values.max() == 5.0
