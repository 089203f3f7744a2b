import os
import sys
from collections.abc import Callable
from pathlib import Path

import filelock
import psutil
import pytest

from neptune_yolo.server.embedded import EmbeddedServer
from neptune_yolo.server.exceptions import DataFolderNotWritableError, EmbeddedServerError, ServerStartError


def test_a_folder_that_cannot_be_made_is_refused_before_anything_starts(
    make_embedded: Callable[..., EmbeddedServer], tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("in the way", encoding="utf-8")
    folder = tmp_path / "a file" / "home"

    with pytest.raises(DataFolderNotWritableError) as caught:
        make_embedded(folder).ensure_running()

    assert str(folder) in str(caught.value)
    assert "NEPTUNE_YOLO_HOME" in str(caught.value)


def test_a_file_in_the_place_of_the_folder_is_refused(
    make_embedded: Callable[..., EmbeddedServer], tmp_path: Path
) -> None:
    (tmp_path / "home").write_text("in the way", encoding="utf-8")

    with pytest.raises(DataFolderNotWritableError, match="NEPTUNE_YOLO_HOME"):
        make_embedded(tmp_path / "home").ensure_running()


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="file modes bind neither on Windows nor the superuser"
)
def test_a_folder_without_write_permission_is_refused(embedded: EmbeddedServer, home: Path) -> None:
    home.mkdir(mode=0o500)

    with pytest.raises(DataFolderNotWritableError, match="Permission denied"):
        embedded.ensure_running()


@pytest.mark.skipif(not Path("/dev/full").exists() or not Path("/proc/self").exists(), reason="needs Linux' /proc")
def test_a_folder_of_the_system_that_takes_no_files_is_refused(make_embedded: Callable[..., EmbeddedServer]) -> None:
    with pytest.raises(DataFolderNotWritableError, match="NEPTUNE_YOLO_HOME"):
        make_embedded(Path("/proc/self")).ensure_running()


def test_a_server_that_ends_at_its_start_is_reported_with_the_end_of_its_log(
    make_embedded: Callable[..., EmbeddedServer],
) -> None:
    embedded = make_embedded(app_factory="stub_application:create_broken_app")

    with pytest.raises(ServerStartError) as caught:
        embedded.ensure_running()

    message = str(caught.value)
    assert "exit code 1" in message
    assert "RuntimeError: made to fail" in message
    assert "server.log" in message


def test_damaged_keys_are_reported_and_not_replaced(embedded: EmbeddedServer) -> None:
    embedded.ensure_running()
    embedded.stop()
    embedded.layout.secrets.write_text('{"api_secret": ""}', encoding="utf-8")

    with pytest.raises(ServerStartError, match=r"secrets\.json, but the file is damaged"):
        embedded.ensure_running()

    assert embedded.layout.secrets.read_text(encoding="utf-8") == '{"api_secret": ""}'


def test_lost_keys_of_a_running_server_are_reported(embedded: EmbeddedServer) -> None:
    embedded.ensure_running()
    embedded.layout.secrets.unlink()

    with pytest.raises(EmbeddedServerError, match="neptune-yolo server stop"):
        embedded.ensure_running()

    assert embedded.stop()
    assert embedded.ensure_running() == embedded.running()


def test_a_server_that_hangs_is_reported_in_time(embedded: EmbeddedServer, count_servers: Callable[[], int]) -> None:
    process = psutil.Process(embedded.ensure_running().pid)
    process.suspend()
    try:
        with pytest.raises(ServerStartError, match="neptune-yolo server stop"):
            embedded.ensure_running(timeout_seconds=1)
    finally:
        process.resume()

    assert count_servers() == 1
    assert embedded.running() is not None


def test_a_start_that_never_ends_elsewhere_is_reported_in_time(embedded: EmbeddedServer, home: Path) -> None:
    home.mkdir()
    with (
        filelock.FileLock(embedded.layout.start_lock),
        pytest.raises(ServerStartError, match=r"another program has been starting it for 0\.5 s"),
    ):
        embedded.ensure_running(timeout_seconds=0.5)


@pytest.mark.parametrize("value", ["soon", "-1", "inf", "nan"])
def test_an_idle_time_that_is_none_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("NEPTUNE_YOLO_IDLE_SECONDS", value)

    with pytest.raises(EmbeddedServerError, match=f"NEPTUNE_YOLO_IDLE_SECONDS to be a number of seconds.*{value}"):
        EmbeddedServer(home, app_factory="stub_application:create_app").ensure_running()


def test_a_question_mark_in_the_path_is_refused(make_embedded: Callable[..., EmbeddedServer], tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("no file name has a question mark there")

    with pytest.raises(ServerStartError, match="without a question mark"):
        make_embedded(tmp_path / "what?").ensure_running()
