from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.settings import Mode, NeptuneSettings
from neptune_yolo.tracking.opening import OpenedRun, Target, open_run


@pytest.fixture
def opened(queue_root: Path, quiet: NeptuneSettings) -> Iterator[OpenedRun]:
    """A run of the real client that is kept on disk."""
    opened = open_run(quiet, Target(Mode.OFFLINE, None, None, None), "test")
    assert opened.queue_folder is not None
    assert opened.queue_folder.is_relative_to(queue_root)
    yield opened
    opened.run.stop()


@pytest.fixture
def operations(
    opened: OpenedRun, queued: Callable[[OpenedRun], list[dict[str, Any]]]
) -> Callable[[str], list[dict[str, Any]]]:
    """Read back the operations on one path from the client's queue on disk."""
    return lambda path: [operation for operation in queued(opened) if "/".join(operation["path"]) == path]
