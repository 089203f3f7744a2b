"""A look at everything finds each kind of damage, and nothing in what is sound."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.files import FileTarget
from neptune_yolo.server.domain.ids import Sha256, UploadId
from neptune_yolo.server.domain.images import ImageUpload
from neptune_yolo.server.domain.operation import LogFloats, LogImages, LogStrings, Operation
from neptune_yolo.server.domain.verification import FindingKind
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.services.usage import read_usage, remove_garbage
from neptune_yolo.server.services.verification import verify
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore

Damage = Callable[[str], None]

CONTENT = b"the weights of a model"


@pytest.fixture
def filled(services: Services, run_id: str) -> Sha256:
    """Store something of every kind; gives the hash of a file."""
    operations: list[Operation] = [
        LogFloats("loss", [(None, 1000 + step, 1 / (step + 1)) for step in range(1300)]),
        LogFloats("large", [(None, 1, value) for value in (1e300, -1e300, 3.0)]),
        LogStrings("log", [(None, 1, "one"), (None, 2, "two")]),
        LogImages("pictures", [(None, 1, ImageUpload.of(b"picture", None, None))]),
    ]
    for number, operation in enumerate(operations):
        assert services.operations.execute(run_id, [operation], f"batch {number}") == []
    for step in range(20):
        point = LogFloats("loss", [(None, 9000, step * 1.5)])
        assert services.operations.execute(run_id, [point], f"step {step}") == []
    hashes = []
    for target in (
        FileTarget("weights", AttributeType.FILE, "pt"),
        FileTarget("set", AttributeType.FILE_SET, sub_path="a/b.txt"),
        FileTarget("set", AttributeType.FILE_SET, sub_path="c.txt"),
    ):
        writer = services.files.start_blob()
        writer.write(CONTENT + target.sub_path.encode())
        staged = writer.finish()
        services.files.attach(run_id, [(target, staged)])
        hashes.append(staged.blob.sha256)
    return hashes[0]


@pytest.fixture
def damage(database_url: str) -> Iterator[Damage]:
    """Change the database behind the server's back."""
    engine: Engine = create_engine(database_url)

    def run(statement: str) -> None:
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.execute(text("PRAGMA foreign_keys = OFF"))
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            assert connection.execute(text(statement)).rowcount != 0

    yield run
    engine.dispose()


def _blob(settings: ServerSettings, sha256: str) -> Path:
    return settings.file_root / sha256[:2] / sha256


@pytest.mark.usefixtures("filled")
def test_what_is_sound_is_found_sound(store: SqlStore, blobs: DiskBlobStore) -> None:
    report = verify(store, blobs)
    assert report.findings == ()
    assert report.is_sound
    assert (report.files, report.series, report.points) == (4, 4, 1300 + 20 + 3 + 2 + 1)
    assert report.file_bytes == 3 * len(CONTENT) + len(b"a/b.txt") + len(b"c.txt") + len(b"picture")


def test_an_empty_server_is_sound(store: SqlStore, blobs: DiskBlobStore) -> None:
    assert verify(store, blobs).findings == ()


def test_files_that_are_missing_or_changed_are_named(
    store: SqlStore, blobs: DiskBlobStore, filled: Sha256, settings: ServerSettings
) -> None:
    path = _blob(settings, filled)
    path.write_bytes(b"x" + CONTENT[1:])
    (finding,) = verify(store, blobs).findings
    assert (finding.kind, finding.where) == (FindingKind.DAMAGED_FILE, "local/yolo/YOL-1: weights")
    path.unlink()
    report = verify(store, blobs)
    (finding,) = report.damage
    assert (finding.kind, finding.where) == (FindingKind.MISSING_FILE, "local/yolo/YOL-1: weights")
    assert filled in finding.what
    assert not report.is_sound


STATISTICS = (
    ("UPDATE attributes SET mean = mean + 0.01 WHERE path = 'loss'", FindingKind.WRONG_SERIES, "loss", "mean"),
    ("UPDATE attributes SET squares = squares * 1.1 WHERE path = 'loss'", FindingKind.WRONG_SERIES, "loss", "squares"),
    ("UPDATE attributes SET minimum = -1 WHERE path = 'loss'", FindingKind.WRONG_SERIES, "loss", "minimum"),
    ("UPDATE attributes SET float_value = 7 WHERE path = 'loss'", FindingKind.WRONG_SERIES, "loss", "last value"),
    ("UPDATE attributes SET maximum = NULL WHERE path = 'large'", FindingKind.WRONG_SERIES, "large", "got none"),
)

POINTS_AND_FILES = (
    ("DELETE FROM float_points WHERE step = 1319", FindingKind.WRONG_SERIES, "loss", "1319 points"),
    ("DELETE FROM string_points WHERE step = 1", FindingKind.WRONG_SERIES, "log", "1 points up to step 0"),
    ("DELETE FROM image_points", FindingKind.WRONG_SERIES, "pictures", "got 0 points"),
    ("UPDATE attributes SET int_value = 1 WHERE path = 'set'", FindingKind.WRONG_FILE_FACTS, "set", "in all"),
    ("DELETE FROM file_entries WHERE sub_path = ''", FindingKind.WRONG_FILE_FACTS, "weights", "entry"),
    (
        "UPDATE file_entries SET size_bytes = 1 WHERE sub_path = 'c.txt'",
        FindingKind.WRONG_FILE_FACTS,
        "set",
        "1 bytes of",
    ),
)


@pytest.mark.parametrize("damages", [STATISTICS, POINTS_AND_FILES], ids=["statistics", "points and files"])
@pytest.mark.usefixtures("filled")
def test_what_does_not_fit_together_is_named(
    store: SqlStore, blobs: DiskBlobStore, damage: Damage, damages: tuple[tuple[str, FindingKind, str, str], ...]
) -> None:
    for statement, *_ in damages:
        damage(statement)
    found = verify(store, blobs).damage
    for statement, kind, where, what in damages:
        named = [item for item in found if item.kind is kind and where in item.where]
        assert [item for item in named if what in item.what], statement


@pytest.mark.usefixtures("filled")
def test_rows_that_refer_to_nothing_are_named(store: SqlStore, blobs: DiskBlobStore, damage: Damage) -> None:
    damage("DELETE FROM projects")
    found = [finding for finding in verify(store, blobs).damage if finding.kind is FindingKind.BROKEN_REFERENCE]
    assert {finding.where for finding in found} == {"table containers", "table attribute_names"}
    assert "row of projects" in found[0].what


@pytest.mark.usefixtures("filled")
def test_packed_points_that_cannot_be_read_are_named(store: SqlStore, blobs: DiskBlobStore, damage: Damage) -> None:
    damage("UPDATE float_chunks SET points = substr(points, 1, 30)")
    found = verify(store, blobs).damage
    assert {(finding.kind, finding.where) for finding in found} == {
        (FindingKind.WRONG_SERIES, "local/yolo/YOL-1: loss")
    }


@pytest.mark.usefixtures("filled")
def test_leftovers_are_named_and_removed(store: SqlStore, blobs: DiskBlobStore, settings: ServerSettings) -> None:
    unused, old, part = blobs.stage([b"unused", b"old one", b"part"])
    blobs.place([unused])
    blobs.place_part(UploadId("unknown"), 0, part)
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(settings.file_root / "staging" / old.name, (long_ago, long_ago))
    report = verify(store, blobs)
    assert report.is_sound
    assert [finding.kind for finding in report.leftovers] == [
        FindingKind.UNUSED_FILE,
        FindingKind.UNUSED_PARTS,
        FindingKind.STAGED_BYTES,
    ]
    removed = remove_garbage(store, blobs)
    assert (removed.blobs, removed.blob_bytes, removed.staged, removed.staged_bytes) == (1, 6, 1, 7)
    assert (removed.uploads, removed.is_held) == (1, False)
    assert verify(store, blobs).findings == ()
    assert not remove_garbage(store, blobs).is_something


def test_an_unused_file_that_is_damaged_would_be_found_by_an_upload_and_is_named(
    store: SqlStore, blobs: DiskBlobStore, settings: ServerSettings
) -> None:
    (staged,) = blobs.stage([b"unused"])
    blobs.place([staged])
    _blob(settings, staged.blob.sha256).write_bytes(b"damage")
    (finding,) = verify(store, blobs).findings
    assert finding.kind is FindingKind.DAMAGED_FILE
    remove_garbage(store, blobs)
    assert verify(store, blobs).findings == ()


def test_while_somebody_holds_the_files_none_is_removed(store: SqlStore, blobs: DiskBlobStore) -> None:
    blobs.place(blobs.stage([b"unused"]))
    later_ms = time.time_ns() // 1_000_000 + 60_000
    with store.write() as session:
        session.holds.put("backup", later_ms)
        session.holds.put("backup", later_ms + 1)
    removed = remove_garbage(store, blobs)
    assert (removed.blobs, removed.is_held) == (0, True)
    with store.write() as session:
        session.holds.put("other", 1)  # has expired
        session.holds.remove("backup")
    removed = remove_garbage(store, blobs)
    assert (removed.blobs, removed.is_held) == (1, False)


@pytest.mark.usefixtures("filled")
def test_usage_is_told_by_project(store: SqlStore, services: Services) -> None:
    services.projects.get_or_create("local/empty")
    usage = read_usage(store)
    empty, full = usage.projects
    assert (str(empty.name), empty.runs, empty.points, empty.files) == ("local/empty", 0, 0, 0)
    assert (str(full.name), full.runs, full.models) == ("local/yolo", 1, 0)
    assert (full.points, full.files) == (1326, 4)
    assert full.file_bytes == usage.stored_bytes == 3 * len(CONTENT) + 19
    assert usage.stored_files == 4
    assert full.attributes >= 6
    assert usage.database_bytes > 50_000
