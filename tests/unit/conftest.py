import json
from collections.abc import Callable
from typing import Any

import pytest

from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.tracking.opening import OpenedRun


@pytest.fixture
def quiet() -> NeptuneSettings:
    """Settings with which the client records nothing by itself."""
    return NeptuneSettings(
        tags=(),
        source_files=(),
        git_ref=False,
        capture_hardware_metrics=False,
        capture_stdout=False,
        capture_stderr=False,
        capture_traceback=False,
    )


@pytest.fixture
def queued() -> Callable[[OpenedRun], list[dict[str, Any]]]:
    """Read back the operations that the client has put into a run's queue on disk."""

    def read(opened: OpenedRun) -> list[dict[str, Any]]:
        assert opened.queue_folder is not None
        if opened.run.get_state() == "started":
            opened.run.wait(disk_only=True)
        text = (opened.queue_folder / "data-1.log").read_text(encoding="utf-8")
        decoder, position, found = json.JSONDecoder(), 0, []
        while position < len(text.rstrip()):
            while text[position].isspace():
                position += 1
            entry, position = decoder.raw_decode(text, position)
            found.append(entry["obj"])
        return found

    return read
