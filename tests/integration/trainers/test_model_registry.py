"""best.pt becomes a version of a model in the registry of the server."""

import base64
import hashlib
import json
import os
import random
import socket
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.connection import allow_loopback
from neptune_yolo.exceptions import ModelNotRegisteredError
from neptune_yolo.server.embedded import EmbeddedServer
from neptune_yolo.settings import Mode, NeptuneSettings
from neptune_yolo.tracking.model_registry import ModelOrigin, register_best, register_model
from neptune_yolo.tracking.opening import OpenedRun, Target, open_run
from neptune_yolo.tracking.run_logger import RunLogger

PROJECT = "local/yolo"
ORIGIN = ModelOrigin(
    run_id="YOL-1",
    run_url="http://127.0.0.1/YOL-1",
    metrics={"metrics/mAP50(B)": 0.75, "fitness": 0.5},
    dataset_hash="abc",
)


@pytest.fixture
def target(queue_root: Path) -> Target:
    running = EmbeddedServer().ensure_running()
    allow_loopback(running.url)
    os.environ["NEPTUNE_DATA_DIRECTORY"] = str(queue_root)
    return Target(Mode.ASYNC, PROJECT, running.api_token, running.url)


@pytest.fixture
def best(tmp_path: Path) -> Path:
    file = tmp_path / "best ä.pt"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("data.pkl", os.urandom(10_000))
    return file


@pytest.fixture
def run(target: Target) -> Iterator[OpenedRun]:
    settings = NeptuneSettings(source_files=(), git_ref=False, capture_hardware_metrics=False, capture_stdout=False)
    opened = open_run(settings, target, "test")
    yield opened
    opened.run.stop()


@pytest.fixture
def read(target: Target) -> Callable[[str], Any]:
    @contextmanager
    def reading(version_id: str) -> Iterator[Any]:
        import neptune

        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Neptune's model registry", category=DeprecationWarning)
            version = neptune.init_model_version(
                with_id=version_id, project=PROJECT, api_token=target.api_token, mode="read-only"
            )
        yield version
        version.stop()

    return reading


def test_a_model_is_made_and_each_training_adds_a_version(
    run: OpenedRun, target: Target, read: Any, best: Path, tmp_path: Path, queue_root: Path
) -> None:
    logger = RunLogger(run)
    before = random.getstate()
    register_best(logger, best, "DET", ORIGIN, target, 30)
    assert logger.ledger.summary() == ""
    run.run.wait()
    assert run.run["model_registry/model_id"].fetch() == "YOL-DET"
    assert run.run["model_registry/version_id"].fetch() == "YOL-DET-1"

    again = register_model(best, "YOL-DET", ORIGIN, target, 30)

    assert (again.model_id, again.version_id, again.is_sent) == ("YOL-DET", "YOL-DET-2", True)
    assert random.getstate() == before
    assert list((queue_root / "async").glob("model*")) == []
    with read("YOL-DET-1") as version:
        version["weights/best"].download(str(tmp_path / "received.pt"), progress_bar=False)
        assert (tmp_path / "received.pt").read_bytes() == best.read_bytes()
        assert version["sha256"].fetch() == hashlib.sha256(best.read_bytes()).hexdigest()
        assert version["size_bytes"].fetch() == best.stat().st_size
        assert version["metrics"].fetch() == {"mAP50(B)": 0.75, "fitness": 0.5}
        assert version["run"].fetch() == {"id": "YOL-1", "url": "http://127.0.0.1/YOL-1"}
        assert version["dataset/hash"].fetch() == "abc"


def test_what_cannot_be_registered_is_told_and_ends_nothing(
    run: OpenedRun, target: Target, best: Path, tmp_path: Path
) -> None:
    logger = RunLogger(run)
    register_best(logger, best, "no key", ORIGIN, target, 30)
    assert "registering best.pt" in logger.ledger.summary()
    with pytest.raises(ModelNotRegisteredError, match=r"no key.: ----.*such as 'DET'"):
        register_model(best, "no key", ORIGIN, target, 30)
    total = logger.ledger.total
    register_best(logger, tmp_path / "missing.pt", "DET", ORIGIN, target, 30)
    assert logger.ledger.total == total
    assert not run.run.exists("model_registry")


def test_a_server_that_does_not_answer_is_not_waited_for(best: Path, queue_root: Path) -> None:
    os.environ["NEPTUNE_DATA_DIRECTORY"] = str(queue_root)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        allow_loopback(url)
        token = base64.b64encode(json.dumps({"api_address": url, "api_url": url, "api_key": "x"}).encode()).decode()
        began = time.monotonic()
        with pytest.raises(ModelNotRegisteredError, match="no answer within 1 s"):
            register_model(best, "DET", ORIGIN, Target(Mode.ASYNC, PROJECT, token, url), 1)
        assert time.monotonic() - began < 3
