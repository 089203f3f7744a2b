import numpy as np
import pytest

from neptune_yolo.read.exceptions import RequestRefusedError, UnexpectedAnswerError
from neptune_yolo.read.frames import ColumnValues, make_frame, require_library
from neptune_yolo.read.series_wire import unpack_series
from neptune_yolo.server.api.v1.series_wire import pack_curves
from neptune_yolo.server.domain.series import FloatArrays
from neptune_yolo.server.services.curves import Curve


@pytest.mark.parametrize(
    ("types", "cells", "kind"),
    [
        ({"float"}, [1.5, None], "float"),
        ({"int"}, [1, None], "int"),
        ({"int"}, [1, 2.5], "float"),
        ({"int", "floatSeries"}, [1, 2.5], "float"),
        ({"bool"}, [True, None], "bool"),
        ({"int"}, [1, True], "mixed"),
        ({"datetime"}, [1_000], "moment"),
        ({"string"}, ["a", 3], "mixed"),
        ({"string", "int"}, ["a", 3], "mixed"),
        ({"stringSet"}, [["a"], []], "list"),
        (set(), [None], "text"),
    ],
)
def test_kinds_of_columns(types: set[str], cells: list[object], kind: str) -> None:
    column = ColumnValues(types, cells)
    assert column.kind == kind
    assert make_frame({"x": column}, "pandas").shape == (len(cells), 1)
    assert make_frame({"x": column}, "polars").shape == (len(cells), 1)


def test_an_unknown_library_is_refused() -> None:
    with pytest.raises(RequestRefusedError, match="polars"):
        require_library("spark")


def test_series_come_back_as_the_server_packed_them() -> None:
    steps = np.array([0.0, 1.0, 2.5])
    points = FloatArrays(steps, np.array([5, 4, 10**12], dtype=np.int64), np.array([0.1, -1e300, 3.0]))
    counted = FloatArrays(np.arange(70_000.0) * 70_000, np.arange(70_000, dtype=np.int64), np.zeros(70_000))
    curves = [Curve("A-1", path, 9, len(one), 3, one, None) for path, one in (("x", points), ("y", counted))]
    first, second = unpack_series(pack_curves(curves, exact=True, with_times=True))
    assert (first.run, first.path, first.total, first.in_range, first.started_ms) == ("A-1", "x", 9, 3, 3)
    assert (first.steps.tolist(), first.values.tolist()) == (steps.tolist(), points.values.tolist())
    assert first.times_ms.tolist() == [5, 4, 10**12]
    assert np.array_equal(second.steps, counted.steps)


@pytest.mark.parametrize("content", [b"", b"\x05\x00\x00\x00{}", b"\xff\xff\xff\xff", b"<html>oh no</html>"])
def test_nonsense_is_told(content: bytes) -> None:
    with pytest.raises(UnexpectedAnswerError, match="binary form"):
        unpack_series(content)
