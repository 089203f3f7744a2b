import pytest

from neptune_yolo.read.columns import column_name, matches, parse_column
from neptune_yolo.read.searches import Column


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("train/loss", Column("train/loss")),
        ("max(metrics/mAP50(B))", Column("metrics/mAP50(B)", "max")),
        ("mean(x)", Column("x", "average")),
        ("median(x)", Column("median(x)")),
        ("max()", Column("max()")),
        ("metrics/mAP50(B)", Column("metrics/mAP50(B)")),
    ],
)
def test_a_figure_is_told_from_a_path(text: str, expected: Column) -> None:
    assert parse_column(text) == expected


def test_names_of_columns_are_read_back() -> None:
    for column in (Column("a/b"), Column("a(b)", "min"), Column("x", "variance")):
        assert parse_column(column_name(column)) == column


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("metrics/*", "metrics/mAP50(B)", True),
        ("metrics/*", "metrics/per_class/0", False),
        ("metrics/**", "metrics/per_class/0", True),
        ("**", "a/b", True),
        ("**/loss", "train/box/loss", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("a.c", "abc", False),
        ("mAP50(B)", "mAP50(B)", True),
    ],
)
def test_patterns(pattern: str, path: str, *, expected: bool) -> None:
    assert matches(pattern, path) is expected
