import os
from pathlib import Path

import pytest

import neptune_yolo
from neptune_yolo.server.launching import log_tail, server_environment


def test_import_folders_are_absolute_and_hold_this_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["mine", "", str(tmp_path / "other")]))

    folders = server_environment().get("PYTHONPATH", "").split(os.pathsep)

    assert folders[:2] == [str(tmp_path / "mine"), str(tmp_path / "other")]
    installed = "site-packages" in neptune_yolo.__path__[0]
    assert folders[2:] == ([] if installed else [str(Path(neptune_yolo.__path__[0]).parent)])


def test_what_would_disturb_a_server_is_left_out_and_the_rest_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("PYTHONINSPECT", "1")
    monkeypatch.setenv("NEPTUNE_API_TOKEN", "of another server")
    monkeypatch.setenv("TZ", "Europe/Warsaw")

    environment = server_environment()

    assert not {"PYTHONWARNINGS", "PYTHONINSPECT", "NEPTUNE_API_TOKEN"} & set(environment)
    assert environment["TZ"] == "Europe/Warsaw"
    assert os.environ["PYTHONWARNINGS"] == "error"


def test_the_end_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    assert log_tail(log) == ""

    log.write_text("".join(f"line {number} ü\n" for number in range(5000)), encoding="utf-8")

    assert log_tail(log).splitlines() == [f"line {number} ü" for number in range(4985, 5000)]
