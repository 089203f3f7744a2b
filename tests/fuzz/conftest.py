"""The application in this process, without a socket: an error that nobody foresaw reaches the test as it is."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.fuzz.world import World, open_world

FUZZ_VARIABLE = "NEPTUNE_YOLO_FUZZ"
"""Factor by which the number of examples grows; above 1 they are random, otherwise the same ones each time."""

_FACTOR = float(os.environ.get(FUZZ_VARIABLE, "1"))

settings.register_profile(
    "neptune-yolo",
    max_examples=100,
    deadline=None,
    derandomize=_FACTOR <= 1,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def examples(count: int) -> settings:
    """Return the settings of a test that takes so many examples in the short run."""
    return settings(settings.get_profile("neptune-yolo"), max_examples=max(1, int(count * _FACTOR)))


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_world(database_url, tmp_path / "files") as opened:
        yield opened


@pytest.fixture
def sqlite_world(tmp_path: Path) -> Iterator[World]:
    with open_world(f"sqlite:///{tmp_path / 'neptune.db'}", tmp_path / "files") as opened:
        yield opened
