"""Names of an export, what is in its rows, and which kinds of files it has."""

import io
import json
import math
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from neptune_yolo.transfer.neptune_export.extensions import extension_of
from neptune_yolo.transfer.neptune_export.layout import (
    ExportedKind,
    PartName,
    arrow_schema,
    files_folder,
    parse_part_name,
    part_name,
    sanitized,
    tables_folder,
)
from neptune_yolo.transfer.neptune_export.notes import MAX_KINDS, Notes
from neptune_yolo.transfer.neptune_export.past import identity_of, target_path
from neptune_yolo.transfer.neptune_export.points import next_steps
from neptune_yolo.transfer.neptune_export.reading import steps
from neptune_yolo.transfer.writing.artifacts import artifact_hash


def test_names_are_those_of_the_exporter() -> None:
    assert sanitized("ws/p") == "ws_p-c4bb1e205d6bbf03"
    assert part_name("SAN-1", 0) == "SAN-1-9f64a122e3f44eb4_part_0.parquet"
    assert sanitized("a.b c#ü").startswith("a_b_c_ü-")
    assert tables_folder("ws/p", ExportedKind.MODEL) == "ws_p-c4bb1e205d6bbf03/models"
    assert files_folder("ws/p", ExportedKind.RUN, "SAN-1") == "ws/p/SAN-1"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a_part_1_part_12.parquet", PartName("a_part_1", 12, unfinished=False)),
        ("a_part_0.parquet.tmp", PartName("a", 0, unfinished=True)),
        ("a_part_x.parquet", None),
        ("a.parquet", None),
        ("a_part_0.parquet.bak", None),
    ],
)
def test_names_of_parts_are_taken_apart(name: str, expected: PartName | None) -> None:
    assert parse_part_name(name) == expected


def test_columns_are_those_of_the_exporter() -> None:
    types = {field.name: str(field.type) for field in arrow_schema()}
    assert (types["step"], types["timestamp"]) == ("decimal128(18, 6)", "timestamp[ms, tz=UTC]")
    assert types["file_value"] == "struct<path: string>"
    assert len(types) == 14


def test_steps_are_the_numbers_next_to_their_decimals() -> None:
    texts = ["0", "0.1", "0.333333", "-1.000001", "123456789012.345678", "999999999999.999999", None]
    column = pa.array([None if text is None else Decimal(text) for text in texts], pa.decimal128(18, 6))
    found = steps(column.slice(1))
    assert found[:-1].tolist() == [float(text) for text in texts[1:] if text is not None]
    assert np.isnan(found[-1])
    wide = steps(column.cast(pa.decimal128(38, 6)))
    assert wide[:-1].tolist() == [float(text) for text in texts if text is not None]


def test_missing_steps_follow_the_one_before() -> None:
    assert list(next_steps([math.nan, math.nan, 5.5, math.nan])) == [0, 1, 5.5, 6.5]
    assert list(next_steps([math.nan], 3)) == [4]


def _zip(name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, b"x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        ("a/plot", b"\x89PNG\r\n\x1a\n", "png"),
        ("a/plot", b"RIFF\0\0\0\0WEBP", "webp"),
        ("a/best", _zip("best/data.pkl"), "pt"),
        ("a/arrays", _zip("a.npy"), "npz"),
        ("a/other", _zip("a.txt"), "zip"),
        ("a/config", json.dumps({"a": 1}).encode(), "json"),
        ("a/text", b"{no json", "txt"),
        ("a/text", "ä".encode() * 5000, "txt"),
        ("a/page", b"<!DOCTYPE html><p>", "html"),
        ("a/binary", b"\xff\xfe\x00", ""),
        ("a/nothing", b"", ""),
        ("a/weights.onnx", b"\x08\x01", "onnx"),
        ("a/metrics/mAP50-95(B)", b"\0", ""),
        ("a/v1.2", b"\0", ""),
    ],
)
def test_extensions_are_told_by_names_and_contents(tmp_path: Path, path: str, content: bytes, expected: str) -> None:
    file = tmp_path / "exported"
    file.write_bytes(content)
    assert extension_of(path, file) == expected


@pytest.mark.parametrize(
    ("run_id", "system", "expected"),
    [
        ("SAN-7", {"sys/id": "SAN-7"}, ("SAN-7", None)),
        ("SAN-7", {}, ("SAN-7", None)),
        ("SAN-7", {"sys/id": "SAN-7", "sys/custom_run_id": "mine"}, ("SAN-7", "mine")),
        ("my run", {"sys/id": "RUN-1", "sys/custom_run_id": "my run"}, ("RUN-1", "my run")),
        ("my run", {"sys/id": "RUN-1"}, ("RUN-1", "my run")),
        ("my run", {}, (None, "my run")),
        ("SAN-DET-1", {}, (None, "SAN-DET-1")),
    ],
)
def test_runs_go_by_the_names_that_they_had(
    run_id: str, system: dict[str, object], expected: tuple[str | None, str | None]
) -> None:
    identity = identity_of(ExportedKind.RUN, run_id, system)
    assert (identity.sys_id, identity.custom_run_id) == expected


def test_what_the_server_keeps_by_itself_goes_beside() -> None:
    run, version = ExportedKind.RUN, ExportedKind.MODEL_VERSION
    paths = (
        "sys/id",
        "sys/name",
        "sys/size",
        "sys/forking/step",
        "metrics/a",
        "import/source",
        "import/original_run_id",
    )
    assert [target_path(path, run) for path in paths] == [
        None,
        "sys/name",
        "import/sys/size",
        "import/sys/forking/step",
        "metrics/a",
        None,
        "import/original_run_id",
    ]
    assert (target_path("sys/stage", run), target_path("sys/stage", version)) == ("import/sys/stage", "sys/stage")


def test_notes_do_not_grow_with_the_data() -> None:
    notes = Notes()
    for _ in range(3):
        notes.add("a", "was left out")
    for number in range(MAX_KINDS + 10):
        notes.add(f"path {number}", "was left out")
        notes.lose(f"path {number}", "a file", "nothing")
    lines = notes.lines()
    assert lines[0] == "a: was left out (3 times)"
    assert lines[-1] == "11 further notes were left out"
    assert (len(lines), len(notes.lost)) == (MAX_KINDS + 1, MAX_KINDS)


def test_artifacts_have_the_hash_that_the_client_gives_them() -> None:
    from neptune.internal.artifacts.file_hasher import FileHasher
    from neptune.internal.artifacts.types import ArtifactFileData

    files: list[dict[str, Any]] = [
        {"filePath": "b/ü.csv", "fileHash": "1" * 40, "type": "Local", "size": 12, "metadata": []},
        {"filePath": "a.csv", "fileHash": "2" * 40, "type": "S3", "size": None, "metadata": []},
    ]
    known = [ArtifactFileData(file["filePath"], file["fileHash"], file["type"], {}, file["size"]) for file in files]
    assert artifact_hash(files) == FileHasher.get_artifact_hash_without_metadata(known)
