"""The door for runs of the past, and what is written through it; on each database."""

import hashlib
from pathlib import Path

import httpx
import pytest

from neptune_yolo.read.exceptions import RequestRefusedError, ThingNotFoundError
from neptune_yolo.transfer.exceptions import NameTakenError, ValueRefusedError
from neptune_yolo.transfer.writing import Destination, PastFacts, Source
from neptune_yolo.transfer.writing.artifacts import artifact_of
from tests.service import Service

PROJECT = "local/old"
RUN = Source("export:ws/san/SAN-7", sys_id="SAN-7")
PAST = PastFacts(
    created_ms=1_600_000_000_000,
    modified_ms=1_600_000_900_000,
    pinged_ms=1_600_000_890_000,
    running_ms=890_000,
    owner="ada",
)


def test_a_run_keeps_its_name_and_its_past(destination: Destination) -> None:
    project = destination.project(PROJECT, "SAN")
    run = destination.open(project, RUN)
    assert (project.key, run.sys_id, run.is_new, run.finished_ms) == ("SAN", "SAN-7", True, None)
    assert run.finish("first", PAST)
    head = destination.api.run(PROJECT, "SAN-7")
    assert (head.created_ms, head.modified_ms, head.pinged_ms) == (PAST.created_ms, PAST.modified_ms, PAST.pinged_ms)
    assert (head.running_ms, head.owner, head.trashed, head.state) == (890_000, "ada", False, "idle")


def test_a_change_by_hand_leaves_the_running_time_alone(destination: Destination, service: Service) -> None:
    run = destination.open(destination.project(PROJECT, "SAN"), RUN)
    assert run.finish("first", PAST)
    headers = {"X-Neptune-Api-Token": service.token}
    for name in ("renamed", "again"):
        address = f"{service.url}/api/v1/projects/{PROJECT}/runs/SAN-7"
        answer = httpx.patch(address, json={"name": name}, headers=headers)
        assert (answer.json()["name"], answer.json()["running_ms"]) == (name, 890_000)


def test_the_same_source_is_the_same_run_also_after_its_end(destination: Destination) -> None:
    project = destination.project(PROJECT, "SAN")
    assert destination.open(project, RUN).is_new
    again = destination.open(project, RUN)
    assert (again.is_new, again.finished_ms, again.fingerprint) == (False, None, None)
    again.finish("first", PAST)
    done = destination.open(project, RUN)
    assert (done.sys_id, done.is_new, done.fingerprint) == ("SAN-7", False, "first")
    assert done.finished_ms is not None
    done.assign("import/source", "another source")
    done.flush()
    with pytest.raises(ThingNotFoundError, match="import"):
        done.finish("second", PAST)


def test_a_taken_name_is_refused_or_replaced_and_numbers_go_on_above(destination: Destination) -> None:
    project = destination.project(PROJECT, "SAN")
    destination.open(project, RUN)
    other = Source("export:elsewhere/SAN-7", sys_id="SAN-7")
    with pytest.raises(NameTakenError, match="SAN-7"):
        destination.open(project, other)
    renamed = destination.open(project, Source(other.words, sys_id="SAN-7", new_id=True))
    assert (renamed.sys_id, destination.open(project, other).sys_id) == ("SAN-8", "SAN-8")
    assert destination.open(project, Source("a folder", custom_run_id="mine")).sys_id == "SAN-9"
    with pytest.raises(NameTakenError, match="mine"):
        destination.open(project, Source("two", custom_run_id="mine"))
    with pytest.raises(RequestRefusedError, match="identifier such as"):
        destination.open(project, Source("three", sys_id="../SAN-1"))
    second = destination.project("local/two", "SAN")
    assert second.key != "SAN"
    assert destination.open(second, RUN).sys_id == "SAN-7"


def test_models_and_versions_keep_their_names(destination: Destination) -> None:
    project = destination.project(PROJECT, "SAN")
    version = Source("v", "modelVersion", "SAN-DET-4", model="SAN-DET")
    with pytest.raises(ThingNotFoundError, match="model"):
        destination.open(project, version)
    destination.open(project, Source("m", "model", "SAN-DET"))
    assert destination.open(project, version).sys_id == "SAN-DET-4"
    assert destination.open(project, Source("w", "modelVersion", model="SAN-DET")).sys_id == "SAN-DET-5"
    renamed = destination.open(project, Source("n", "model", "SAN-DET", new_id=True))
    assert renamed.sys_id == "SAN-DET_2"
    moved = Source("x", "modelVersion", "SAN-DET-4", model="SAN-DET_2")
    assert destination.open(project, moved).sys_id == "SAN-DET_2-4"


def test_all_kinds_of_values_arrive(destination: Destination, tmp_path: Path) -> None:
    run = destination.open(destination.project(PROJECT, "SAN"), RUN)
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"small")
    large.write_bytes(b"large" * 300_001)
    run.assign("int", 3)
    run.assign("flag", value=True)
    run.assign_moment("moment", 1_000)
    run.add_tags("sys/tags", ["a", "b"])
    run.log_floats("loss", [(step / 2, step, 1.0 / (step + 1)) for step in range(12_000)])
    run.log_texts("log", [(step, step, f"line {step}") for step in range(7_000)])
    run.log_picture("pictures", 1.5, 2, b"no picture")
    logged = run.log_picture_file("pictures", 2.5, 3, large)
    run.track_artifact("data", artifact_of([{"filePath": "a", "fileHash": "0" * 40, "type": "Local", "size": 3}]))
    sent = run.upload_file("weights", large, "pt")
    with run.file_set("code") as files:
        files.add("a/small.py", 5, lambda: small.open("rb"))
        files.add("large.bin", large.stat().st_size, lambda: large.open("rb"))
    run.finish("first", PAST)
    assert run.refused == []
    found = run.attributes()
    loss, weights, code = found["loss"].series, found["weights"].file, found["code"].file
    assert loss is not None
    assert (loss.count, loss.last_step, loss.minimum, loss.maximum) == (12_000, 5_999.5, 1 / 12_000, 1.0)
    assert found["log"].value == "line 6999"
    assert weights is not None
    assert sent == (weights.size_bytes, weights.sha256) == (1_500_005, hashlib.sha256(b"large" * 300_001).hexdigest())
    (_, picture) = destination.api.series.pictures(PROJECT, "SAN-7", "pictures")
    assert (picture.step, picture.logged_ms, picture.size_bytes, picture.sha256) == (2.5, 3, *sent)
    assert logged == sent
    assert code is not None
    members = {
        member.path: (member.size_bytes, member.sha256)
        for member in destination.api.files.members(PROJECT, "SAN-7", "code")
    }
    assert members == files.members
    assert set(members) == {"a/small.py", "large.bin"}
    assert {path: found[path].value for path in ("int", "flag", "moment", "sys/tags")} == {
        "int": 3,
        "flag": True,
        "moment": 1_000,
        "sys/tags": ["a", "b"],
    }


def test_what_the_server_does_not_take_is_told_and_the_rest_stays(destination: Destination) -> None:
    run = destination.open(destination.project(PROJECT, "SAN"), RUN)
    run.log_floats("loss", [(2, 0, 0.5), (1, 0, 0.25)])
    run.assign("loss", "text")
    run.assign("sys/id", "YOL-1")
    run.assign("kept", 1.5)
    run.flush()
    assert [sentence.split(",")[0] for sentence in run.refused] == [
        "Expected a step above the last one of series 'loss' (a step earlier in the same request)",
        "Expected a value of type floatSeries for attribute 'loss'",
        "Expected an attribute that can be written",
    ]
    assert run.attributes()["kept"].value == 1.5


def test_a_file_that_changes_meanwhile_is_told(destination: Destination, tmp_path: Path) -> None:
    run = destination.open(destination.project(PROJECT, "SAN"), RUN)
    large = tmp_path / "large"
    large.write_bytes(bytes(3_000_000))
    with run.file_set("set") as files, pytest.raises(ValueRefusedError, match="size changed"):
        files.add("large", 2_000_000, lambda: large.open("rb"))
    assert files.members == {}
