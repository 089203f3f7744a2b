"""The command ``neptune-yolo import neptune-export``, killed in between and started again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from neptune_yolo.cli import main
from neptune_yolo.transfer.writing import Destination
from tests.exports import Export, point, row, system_rows
from tests.service import Service

RUNS = 6
POINTS = 20_000


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    (tmp_path / "neptune.db").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{tmp_path / 'neptune.db'}"


@pytest.fixture
def export(tmp_path: Path) -> Export:
    export = Export(tmp_path / "exports")
    points = [point("loss", step, step / 7) for step in range(POINTS)]
    for number in range(1, RUNS + 1):
        run = f"SAN-{number}"
        weights = row("weights", "file", export.add_file(run, "weights", bytes([number]) * 100_000))
        export.add(run, [*system_rows(run), *points, weights], group=1000)
    return export


@pytest.fixture(autouse=True)
def token(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEPTUNE_API_TOKEN", service.token)


def run_command(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(main, ["import", "neptune-export", *arguments, "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_an_import_that_was_killed_goes_on(destination: Destination, export: Export) -> None:
    command = [sys.executable, "-m", "neptune_yolo.cli", "import", "neptune-export", str(export.folder)]
    process = subprocess.Popen([*command, "--workers", "2"], env=dict(os.environ), stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        project = destination.find_project("ws/san")
        if project is not None and project.run_count > 2:
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    output, _ = process.communicate()
    assert output == b""
    exit_code, report = run_command(str(export.folder))
    assert (exit_code, report["is_good"], len(report["runs"])) == (0, True, RUNS)
    assert report["totals"]["unchanged"] < RUNS
    exit_code, checked = run_command(str(export.folder), "--check")
    assert (exit_code, checked["totals"]["unchanged"]) == (0, RUNS)
    assert (checked["totals"]["points"], checked["totals"]["files"]) == (RUNS * POINTS, RUNS)
    assert destination.api.project("ws/san").run_count == RUNS


def test_choices_dry_runs_and_reports(destination: Destination, export: Export, tmp_path: Path) -> None:
    exit_code, planned = run_command(str(export.folder), "--dry-run", "--runs", "SAN-1", "--runs", "SAN-[23]")
    assert (exit_code, [run["source"] for run in planned["runs"]]) == (0, [f"ws/san/SAN-{at}" for at in (1, 2, 3)])
    assert planned["runs"][0]["details"]["rows"] > POINTS
    assert destination.find_project("ws/san") is None
    (export.files / "ws/san/SAN-2/weights").unlink()
    file = tmp_path / "report.json"
    arguments = ["import", "neptune-export", str(export.folder), "--runs", "SAN-2", "--report", str(file)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "difference: weights: expected a file, found nothing" in result.stdout
    assert json.loads(file.read_text())["totals"]["differences"] == 1
    export.add_file("SAN-2", "weights", b"found again")
    exit_code, again = run_command(str(export.folder), "--runs", "SAN-2")
    assert (exit_code, again["totals"]["continued"], again["totals"]["differences"]) == (0, 1, 0)


def test_what_is_no_export_is_an_error(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["import", "neptune-export", str(tmp_path)])
    assert result.exit_code == 1
    assert "Expected an export" in result.output


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for name in [name for name in sys.modules if name.startswith("neptune_yolo.transfer.neptune_export.")]:
        monkeypatch.delitem(sys.modules, name)
    result = CliRunner().invoke(main, ["import", "neptune-export", str(tmp_path)])
    assert result.exit_code == 1
    assert 'pip install "neptune-yolo[parquet]"' in result.output
