import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from neptune_yolo.server.embedded import EmbeddedServer, RunningServer

PROGRAM = """
import pathlib, sys
from neptune_yolo.server.embedded import EmbeddedServer
running = EmbeddedServer(pathlib.Path(sys.argv[1]), app_factory="stub_application:create_app").ensure_running(60)
print(running.pid, running.url, running.api_token)
"""


def test_ten_processes_that_start_at_once_share_one_server(
    embedded: EmbeddedServer, home: Path, count_servers: Callable[[], int]
) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, str(home)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(10)
    ]
    answers = [program.communicate(timeout=90)[0].decode() for program in programs]

    running = embedded.running()
    assert running is not None, (answers, embedded.layout.log.read_text(encoding="utf-8"))
    assert set(answers) == {f"{running.pid} {running.url} {running.api_token}\n"}
    assert count_servers() == 1


def test_ten_threads_that_start_at_once_share_one_server(
    make_embedded: Callable[..., EmbeddedServer], count_servers: Callable[[], int]
) -> None:
    found: list[RunningServer] = []
    threads = [threading.Thread(target=lambda: found.append(make_embedded().ensure_running(60))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 10
    assert len(set(found)) == 1
    assert count_servers() == 1


def test_two_data_folders_have_two_servers(make_embedded: Callable[..., EmbeddedServer], tmp_path: Path) -> None:
    one = make_embedded(tmp_path / "one").ensure_running()
    two = make_embedded(tmp_path / "two").ensure_running()

    assert one.port != two.port
    assert one.api_token != two.api_token
