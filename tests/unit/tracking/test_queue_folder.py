from pathlib import Path

import pytest

from neptune_yolo.tracking.queue_folder import Leftover, leftover


@pytest.mark.parametrize(
    ("put", "acknowledged", "left"),
    [
        pytest.param("12", "5", 7, id="some left"),
        pytest.param("12", "12", 0, id="all sent"),
        pytest.param("12", None, 12, id="nothing sent yet"),
        pytest.param("12", "", 12, id="sent file still empty"),
        pytest.param(None, None, 0, id="no queue"),
    ],
)
def test_what_is_left_is_counted(tmp_path: Path, put: str | None, acknowledged: str | None, left: int) -> None:
    for name, content in (("last_put_version", put), ("last_ack_version", acknowledged)):
        if content is not None:
            (tmp_path / name).write_text(content, encoding="utf-8")

    assert leftover(tmp_path) == Leftover(left, tmp_path if left else None)


def test_without_a_queue_nothing_is_left() -> None:
    assert leftover(None) == Leftover(0, None)
