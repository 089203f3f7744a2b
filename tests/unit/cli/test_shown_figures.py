import pytest

from neptune_yolo.cli.maintenance import counted, size_text


@pytest.mark.parametrize(
    ("size_bytes", "expected"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (40_000, "39.1 KiB"), (1024**2, "1.0 MiB"), (10**9, "953.7 MiB")],
)
def test_sizes_are_never_rounded_away(size_bytes: int, expected: str) -> None:
    assert size_text(size_bytes) == expected


def test_one_thing_is_no_plural() -> None:
    assert (counted(0, "file"), counted(1, "file"), counted(2, "file")) == ("0 files", "1 file", "2 files")
