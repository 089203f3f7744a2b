import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from neptune_yolo.server.embedded import EmbeddedServer

GUARD = Path(__file__).with_name("network_guard.py")

pytestmark = pytest.mark.training


@dataclass(frozen=True)
class Sandbox:
    """A place to run the command in, where every attempt to reach another machine is refused and noted."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=400,
            cwd=self.folder,
            env=self.environment,
        )

    def demo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("-c", "from neptune_yolo.cli import main; main()", "demo", *arguments)

    def network_attempts(self) -> str:
        log = Path(self.environment["NETWORK_GUARD_LOG"])
        return log.read_text(encoding="utf-8") if log.exists() else ""


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("demo of ours")
    guard = folder / "guard"
    guard.mkdir()
    shutil.copyfile(GUARD, guard / "sitecustomize.py")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("NEPTUNE_", "YOLO_", "XDG_"))
    }
    (folder / "user").mkdir()
    environment |= {
        "HOME": str(folder / "user"),
        "USERPROFILE": str(folder / "user"),
        "MPLCONFIGDIR": str(folder / "matplotlib"),
        "PYTHONPATH": os.pathsep.join([str(guard), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "PYTHONIOENCODING": "utf-8",
        "NETWORK_GUARD_LOG": str(folder / "network.log"),
        "NEPTUNE_YOLO_HOME": str(folder / "home"),
        "NEPTUNE_API_TOKEN": "a token of another server",
        "NEPTUNE_PROJECT": "somebody/else",
        "NEPTUNE_MODE": "offline",
        "YOLO_CONFIG_DIR": str(folder / "not used"),
    }
    yield Sandbox(folder, environment)
    EmbeddedServer(folder / "home").stop()


@pytest.fixture(scope="module")
def finished(sandbox: Sandbox) -> subprocess.CompletedProcess[str]:
    return sandbox.demo("--folder", "ma démo", "--epochs", "2", "--images", "16", "--require-map50", "0")


def test_the_guard_refuses_other_machines(sandbox: Sandbox) -> None:
    lookup = sandbox.run("-c", "import socket; socket.getaddrinfo('example.org', 80)")
    connect = sandbox.run("-c", "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)")

    assert "the network guard refuses socket.getaddrinfo" in lookup.stderr
    assert "the network guard refuses socket." in connect.stderr
    assert len(sandbox.network_attempts().splitlines()) == 2
    Path(sandbox.environment["NETWORK_GUARD_LOG"]).unlink()


def test_the_demo_ends_with_the_table_and_the_link(
    sandbox: Sandbox, finished: subprocess.CompletedProcess[str]
) -> None:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert re.search(r"project +local/demo\n", finished.stdout)
    assert re.search(r"run +DEM-1 \(digits\), completed\n", finished.stdout)
    assert re.search(r"epochs +2, the best was number [12]\n", finished.stdout)
    assert re.search(r"mAP50 +0\.\d{3}\n", finished.stdout)
    assert re.search(r"mAP50-95 +0\.\d{3}\n", finished.stdout)
    assert re.search(r"series points +\d+, all equal to results\.csv\n", finished.stdout)
    assert re.search(r"weights/best \d\.\d MB, weights/last \d\.\d MB, the bytes on disk\n", finished.stdout)
    assert (sandbox.folder / "ma démo" / "runs" / "digits" / "weights" / "best.pt").is_file()


def test_the_link_opens_the_page_of_the_run(sandbox: Sandbox, finished: subprocess.CompletedProcess[str]) -> None:
    found = re.search(r"Open the run: (http://127\.0\.0\.1:\S+)", finished.stdout)
    assert found is not None, finished.stdout + finished.stderr
    with httpx.Client(follow_redirects=True, trust_env=False) as visitor:
        page = visitor.get(found[1])
        assert page.status_code == 200
        assert page.url.path == "/local/demo/e/DEM-1"
        run = visitor.get(str(page.url.join("/api/v1/projects/local/demo/runs/DEM-1")))

    assert run.json()["sys_id"] == "DEM-1"
    assert sandbox.network_attempts() == ""


def test_no_step_towards_another_machine_is_taken(sandbox: Sandbox, finished: subprocess.CompletedProcess[str]) -> None:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert sandbox.network_attempts() == ""


def test_nothing_is_written_beside_the_demo_folder_and_the_server_home(
    sandbox: Sandbox, finished: subprocess.CompletedProcess[str]
) -> None:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert {path.name for path in sandbox.folder.iterdir()} == {"guard", "home", "matplotlib", "ma démo", "user"}
    assert not list((sandbox.folder / "user").iterdir())


@pytest.mark.thorough
def test_too_low_an_accuracy_fails_with_the_way_out(
    sandbox: Sandbox, finished: subprocess.CompletedProcess[str]
) -> None:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    second = sandbox.demo("--folder", "ma démo", "--epochs", "1", "--images", "16", "--require-map50", "0.99")

    assert second.returncode == 1
    assert re.search(r"run +DEM-2 \(digits-?2\), completed\n", second.stdout)
    assert "at least 0.990 was asked for. Train longer with --epochs" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_folder_with_other_files_is_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits" / "thesis.txt").write_text("years of work")
    done = sandbox.demo("--folder", str(tmp_path))

    assert done.returncode == 1
    assert "holds other files (thesis.txt)" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        pytest.param(
            "results.csv",
            "path.write_text(path.read_text().replace('\\n2,', '\\n3,'))",
            "has the points [('1', ",
            id="another step",
        ),
        pytest.param(
            "weights/last.pt", "path.write_bytes(path.read_bytes()[:-1] + b'x')", "has other bytes than", id="one byte"
        ),
    ],
)
def test_reading_back_notices(
    sandbox: Sandbox,
    finished: subprocess.CompletedProcess[str],
    tmp_path: Path,
    file: str,
    change: str,
    message: str,
) -> None:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    shutil.copytree(sandbox.folder / "ma démo" / "runs" / "digits", tmp_path / "digits")
    code = f"""
import os, sys
from pathlib import Path
for name in ("NEPTUNE_API_TOKEN", "NEPTUNE_PROJECT", "NEPTUNE_MODE"):
    del os.environ[name]
os.environ["NEPTUNE_DATA_DIRECTORY"] = {str(tmp_path / "queue")!r}
from neptune_yolo.demo.exceptions import ReadBackError
from neptune_yolo.demo.readback import read_back
save_dir = Path(sys.argv[1])
assert read_back("local/demo", "DEM-1", save_dir).epochs == 2
path = save_dir / {file!r}
{change}
try:
    read_back("local/demo", "DEM-1", save_dir)
except ReadBackError as error:
    print(error)
"""
    done = sandbox.run("-c", code, str(tmp_path / "digits"))

    assert done.returncode == 0, done.stdout + done.stderr
    assert message in done.stdout
    assert "neptune-yolo sync" in done.stdout


def test_help_is_quick_and_names_every_option(sandbox: Sandbox) -> None:
    done = sandbox.run(
        "-X",
        "importtime",
        "-c",
        "from neptune_yolo.cli import main; main()",
        "demo",
        "--help",
    )

    assert done.returncode == 0, done.stderr
    for option in ("--folder", "--epochs", "--images", "--seed", "--require-map50"):
        assert option in done.stdout
    for package in ("torch", "ultralytics", "neptune", "sklearn", "numpy"):
        assert not re.search(rf"\| +{package}$", done.stderr, re.MULTILINE)
