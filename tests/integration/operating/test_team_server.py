"""A team server as an operator runs it."""

import os
import re
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from neptune_yolo.cli import main
from tests.integration.operating.conftest import PROJECT, USER, Certificate, Team, launch

OPERATIONS = "/api/leaderboard/v1/attributes/operations"


def _new_run(http: httpx.Client) -> str:
    project = http.get("/api/backend/v1/projects2/get", params={"projectIdentifier": PROJECT}).json()
    body = {"projectIdentifier": project["id"], "parentId": project["id"], "type": "run"}
    run_id: str = http.post("/api/leaderboard/v1/experiment", json=body).json()["id"]
    return run_id


def _log_points(http: httpx.Client, run_id: str, path: str, step: int) -> list[Any]:
    entries = [{"value": float(step), "step": step, "timestampMilliseconds": step}]
    operation = {"path": path, "logFloats": {"entries": entries}}
    answer = http.post(OPERATIONS, params={"experimentId": run_id}, json=[operation])
    answer.raise_for_status()
    result: list[Any] = answer.json()
    return result


def _point_count(http: httpx.Client, run_id: str, path: str) -> int:
    parameters: dict[str, Any] = {"experimentId": run_id, "attribute": path, "limit": 1, "offset": 0}
    answer = http.get("/api/leaderboard/v1/attributes/floatseries/values", params=parameters)
    answer.raise_for_status()
    return int(answer.json()["totalItemCount"])


def test_the_real_client_logs_and_reads_over_https(
    team: Team, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = team.start(tls_certificate=certificate.chain, tls_key=certificate.key)
    assert server.url.startswith("https://127.0.0.1:")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.authority))
    monkeypatch.setenv("NEPTUNE_API_TOKEN", team.token(server.url))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    import neptune

    run = neptune.init_run(project=PROJECT, git_ref=False, source_files=[], capture_hardware_metrics=False)
    run["accuracy"] = 0.75
    run.wait()
    name = run["sys/id"].fetch()
    run.stop()
    again = neptune.init_run(project=PROJECT, with_id=name, mode="read-only")
    assert again["accuracy"].fetch() == 0.75
    assert again["sys/owner"].fetch() == USER
    again.stop()
    asked_at = time.monotonic()
    assert server.end() == 0
    assert time.monotonic() - asked_at < 20  # idle TLS connections aren't waited for


def test_sigterm_loses_nothing_that_was_acknowledged(team: Team) -> None:
    server = team.start()
    with team.client(server.url) as http:
        run_id = _new_run(http)
        acknowledged = [0] * 4

        def write(worker: int) -> None:
            with httpx.Client(base_url=server.url, headers=http.headers, timeout=30) as own:
                for step in range(100_000):
                    try:
                        assert _log_points(own, run_id, f"loss/{worker}", step) == []
                    except httpx.TransportError:
                        return
                    acknowledged[worker] = step + 1

        with ThreadPoolExecutor(4) as pool:
            writers = [pool.submit(write, worker) for worker in range(4)]
            while min(acknowledged) < 5 and not any(writer.done() for writer in writers):
                time.sleep(0.01)
            assert server.end() == 0
            for writer in writers:
                writer.result()
        assert min(acknowledged) >= 5
    assert [line["message"] for line in server.log_lines("message", "left in order")][-1] == "left in order"

    again = team.start()
    with team.client(again.url) as http:
        for worker, count in enumerate(acknowledged):
            assert count <= _point_count(http, run_id, f"loss/{worker}") <= count + 1


def test_processes_side_by_side_share_everything(team: Team) -> None:
    if team.settings["database_url"].startswith("sqlite"):
        pytest.skip("for PostgreSQL")
    first, second = team.start(roles="api,maintenance"), team.start(roles="api")
    pages = team.start(roles="dashboard")
    with team.client(first.url) as http, httpx.Client(base_url=second.url, headers=http.headers) as other:
        run_id = _new_run(http)
        for step in range(20):
            assert _log_points((http, other)[step % 2], run_id, "loss", step) == []
        assert _point_count(http, run_id, "loss") == _point_count(other, run_id, "loss") == 20
        assert httpx.post(pages.url + OPERATIONS, headers=http.headers).status_code == 404
        assert httpx.get(pages.url + "/api/ready").status_code == 200
    assert [server.end() for server in (first, second, pages)] == [0, 0, 0]


def test_health_readiness_figures_and_log(sqlite_team: Team, tmp_path: Path) -> None:
    server = sqlite_team.start()
    with sqlite_team.client(server.url) as http:
        run_id = _new_run(http)
        answer = http.post(OPERATIONS, params={"experimentId": run_id}, json=[])
        assert http.get("/api/health").json()["status"] == "ok"
        assert http.get("/api/ready").json() == {"status": "ready", "database": "ok", "files": "ok"}

        figures = httpx.get(server.url + "/metrics").text
        assert re.search(r'neptune_yolo_requests_total\{method="POST",route="\w+",status="200"\} 1.0', figures)
        assert run_id not in figures
        outside = {"X-Forwarded-For": "203.0.113.7"}
        assert httpx.get(server.url + "/metrics", headers=outside).status_code == 401
        assert http.get("/metrics", headers=outside).status_code == 200  # an admin

    lines = server.log_lines("request_id", answer.headers["X-Request-Id"])
    assert len(lines) == 1
    assert {name: lines[0][name] for name in ("user", "method", "status", "client")} == {
        "user": USER,
        "method": "POST",
        "status": 200,
        "client": "127.0.0.1",
    }
    assert lines[0]["duration_ms"] > 0
    text = server.log.read_text()
    for secret in (run_id, http.headers["Authorization"].partition(" ")[2], "experimentId"):
        assert secret not in text

    staging = tmp_path / "files" / "staging"
    staging.rmdir()
    staging.write_text("not a folder")
    time.sleep(1.1)
    broken = httpx.get(server.url + "/api/ready")
    assert broken.status_code == 503
    assert broken.json() == {"status": "unavailable", "database": "ok", "files": "unavailable"}
    assert httpx.get(server.url + "/api/health").status_code == 200


@pytest.mark.parametrize(("proxies", "client"), [("127.0.0.1", "203.0.113.7"), ("10.0.0.0/8", "127.0.0.1")])
def test_forwarded_headers_count_from_declared_proxies_only(sqlite_team: Team, proxies: str, client: str) -> None:
    server = sqlite_team.start(trusted_proxies=proxies)
    httpx.get(server.url + "/nowhere/at/all", headers={"X-Forwarded-For": "203.0.113.7"})
    assert [line["client"] for line in server.log_lines("client")] == [client]


def test_it_listens_on_ipv6_and_ipv4(
    sqlite_team: Team, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not socket.has_ipv6:
        pytest.skip("needs IPv6")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = sqlite_team.start(
        host="::",
        port=port,
        tls_certificate=certificate.chain,
        tls_key=certificate.key,
        public_url=f"https://localhost:{port}",
    )
    assert httpx.get(f"https://[::1]:{port}/api/health").status_code == 200
    assert httpx.get(f"https://127.0.0.1:{port}/api/health").status_code == 200
    assert server.end() == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"colour": "blue"}, "unknown name 'colour'"),
        ({"port": "many"}, "a whole number for the setting port, got 'many'"),
        ({"host": "0.0.0.0", "public_url": "http://box"}, "https for an address that others can reach"),
        ({"tls_certificate": "no.pem"}, "tls_certificate and tls_key together"),
    ],
)
def test_wrong_and_unsafe_settings_stop_the_start(
    settings: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _require_refusal(settings, words, monkeypatch)
    assert not list((tmp_path / "work").iterdir())


def test_others_reach_no_server_without_users(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = {
        "host": "0.0.0.0",
        "public_url": "https://box",
        "tls_certificate": str(certificate.chain),
        "tls_key": str(certificate.key),
        "database_url": f"sqlite:///{tmp_path / 'neptune.db'}",
    }
    _require_refusal(settings, "Expected users before others can reach the server", monkeypatch)


def test_a_new_server_says_that_it_has_no_users_yet(tmp_path: Path, processes: list[subprocess.Popen[str]]) -> None:
    address = f"sqlite:///{(tmp_path / 'new.db').as_posix()}"
    log = tmp_path / "new.log"
    process = launch({"database_url": address, "port": "0", "file_root": str(tmp_path / "files")}, log)
    processes.append(process)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("The server runs on ")
    lines = log.read_text().splitlines()
    assert lines[0].endswith(f"made the database {address}")
    assert lines[1].endswith(f"no users yet in the database {address}: neptune-yolo user add NAME --admin")


def test_file_storage_that_cannot_be_written_is_told_first(
    sqlite_team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "staging").write_text("not a folder")
    first = sqlite_team.start().log.read_text().splitlines()[0]
    assert "files can't be stored, and uploads will fail" in first
    assert str(tmp_path / "files" / "staging") in first
    assert "tries again" not in first

    (tmp_path / "plain").write_text("not a folder either")
    settings = {"database_url": sqlite_team.settings["database_url"], "port": "0"}
    _require_refusal({**settings, "file_root": str(tmp_path / "plain" / "files")}, "which can't be made", monkeypatch)


def test_a_bucket_without_keys_is_told_first(sqlite_team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("boto3")
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    server = sqlite_team.start(bucket="neptune-files", bucket_endpoint_url="http://127.0.0.1:9", bucket_region="eu")
    first = server.log.read_text().splitlines()[0]
    assert "files can't be stored, and uploads will fail: Expected to use the bucket 'neptune-files'" in first
    assert "there are no keys to it" in first


def test_a_database_that_cannot_be_opened_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = {"database_url": f"sqlite:///{tmp_path / 'missing' / 'team.db'}", "port": "0"}
    words = f"There is no folder {str(tmp_path / 'missing')!r}: make it, or correct database_url."
    _require_refusal(settings, words, monkeypatch)
    settings["database_url"] = "postgresql://ann:hunter2@127.0.0.1:9/team"
    refusal = _require_refusal(settings, "open the database postgresql://ann@127.0.0.1:9/team, got", monkeypatch)
    assert "hunter2" not in refusal
    assert "tries again" not in refusal


def _require_refusal(settings: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in settings.items():
        monkeypatch.setenv(f"NEPTUNE_YOLO_SERVER_{name.upper()}", value)
    monkeypatch.setattr("neptune_yolo.server.team_process.configure_logs", lambda **_options: None)  # of this process
    result = CliRunner().invoke(main, ["server", "run"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: Expected")
    assert words in result.output
    return result.output
