import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.settings import Mode, NeptuneSettings
from neptune_yolo.tracking.opening import OpenedRun, Target, open_run

QUIET = NeptuneSettings(
    tags=(),
    source_files=(),
    git_ref=False,
    capture_hardware_metrics=False,
    capture_stdout=False,
    capture_stderr=False,
    capture_traceback=False,
)


@pytest.fixture
def opened(queue_root: Path) -> Iterator[OpenedRun]:
    """A run of the real client that is kept on disk."""
    opened = open_run(QUIET, Target(Mode.OFFLINE, None, None, None), "test")
    assert opened.queue_folder is not None
    assert opened.queue_folder.is_relative_to(queue_root)
    yield opened
    opened.run.stop()


@pytest.fixture
def operations(opened: OpenedRun) -> Callable[[str], list[dict[str, Any]]]:
    """Read back the operations on one path from the client's queue on disk."""

    def read(path: str) -> list[dict[str, Any]]:
        folder = opened.queue_folder
        assert folder is not None
        if opened.run.get_state() == "started":
            opened.run.wait(disk_only=True)
        text = (folder / "data-1.log").read_text(encoding="utf-8")
        decoder, position, found = json.JSONDecoder(), 0, []
        while position < len(text.rstrip()):
            while text[position].isspace():
                position += 1
            entry, position = decoder.raw_decode(text, position)
            found.append(entry["obj"])
        return [operation for operation in found if "/".join(operation["path"]) == path]

    return read
