"""Backups of one moment, made while others write, and restored into an empty server of either kind."""

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from neptune_yolo.server.backup.creating import create_backup
from neptune_yolo.server.backup.restoring import restore_backup
from neptune_yolo.server.domain.attribute import AttributeType, FileValue, SeriesValue
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.files import FileTarget
from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.domain.operation import AssignValue, DeleteAttribute, InsertStrings, LogFloats, LogStrings
from neptune_yolo.server.exceptions import BackupError
from neptune_yolo.server.services.bundle import ServiceFactory, Services
from neptune_yolo.server.services.runs import NewRun
from neptune_yolo.server.settings import BucketSettings, ServerSettings
from neptune_yolo.server.storage import Storage, open_blobs
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore
from tests.s3 import make_bucket, storage_server

Upload = Callable[[str, bytes], Sha256]
ADMIN = Caller("local", is_admin=True)
POINT_COUNT = 5000


@pytest.fixture
def storage(settings: ServerSettings, blobs: DiskBlobStore) -> Storage:
    return Storage(settings.database_url, blobs)


@pytest.fixture(params=["sqlite", "postgresql", "sqlite and bucket"])
def empty_storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """Where a backup is restored to."""
    target = _empty_disk_storage(tmp_path)
    if request.param == "sqlite":
        yield target
    elif request.param == "postgresql":
        yield replace(target, database_url=request.getfixturevalue("empty_postgres_url"))
    else:
        with storage_server() as server:
            bucket = make_bucket(server)
            settings = BucketSettings(bucket.name, "team/", bucket.endpoint_url)
            yield replace(target, blobs=open_blobs(tmp_path, settings))


@pytest.fixture
def upload(services: Services, run_id: str) -> Upload:
    return lambda path, content: _upload(services, run_id, path, content)


def _empty_disk_storage(folder: Path) -> Storage:
    return Storage(f"sqlite:///{folder / 'restored.db'}", DiskBlobStore(folder / "restored-files"))


def _upload(services: Services, run_id: str, path: str, content: bytes) -> Sha256:
    writer = services.files.start_blob()
    writer.write(content)
    staged = writer.finish()
    services.files.attach(run_id, [(FileTarget(path, AttributeType.FILE), staged)])
    return staged.blob.sha256


@contextmanager
def _opened(storage: Storage, settings: ServerSettings) -> Iterator[Services]:
    store = SqlStore(storage.database_url)
    changed = replace(settings, database_url=storage.database_url)
    try:
        yield ServiceFactory(store, storage.blobs, changed).for_caller(ADMIN)
    finally:
        store.close()


def _execute(services: Services, run_id: str, number: int, *operations: object) -> None:
    assert services.operations.execute(run_id, list(operations), f"batch {number}") == []  # type: ignore[arg-type]


def _fill(services: Services, run_id: str) -> None:
    points = [(float(step), 1_700_000_000_000 + step, step / 7) for step in range(POINT_COUNT)]
    _execute(
        services,
        run_id,
        0,
        LogFloats("loss", points),  # type: ignore[arg-type]
        LogStrings("log", [(None, 1, "первая строка"), (None, 2, "'; DROP TABLE runs; --")]),
        AssignValue("note", AttributeType.STRING, "text\nof two lines"),
        AssignValue("good", AttributeType.BOOL, value=True),
        InsertStrings("sys/tags", ("a", "b")),
    )


def test_everything_comes_back_in_either_database(
    services: Services,
    run_id: str,
    upload: Upload,
    storage: Storage,
    empty_storage: Storage,
    settings: ServerSettings,
    tmp_path: Path,
) -> None:
    _fill(services, run_id)
    sha256 = upload("weights", b"weights" * 1000)
    manifest = create_backup(storage, tmp_path / "backup")
    assert manifest.blob_count == 1
    assert manifest.row_counts["containers"] == len({run_id, "project"})

    restore_backup(tmp_path / "backup", empty_storage)

    with _opened(empty_storage, settings) as restored:
        assert restored.attributes.list_all(run_id) == services.attributes.list_all(run_id)
        pages = [
            some.attributes.page(run_id, "loss", AttributeType.FLOAT_SERIES, 3000, 1500)
            for some in (services, restored)
        ]
        assert pages[0].total == POINT_COUNT
        assert pages[0] == pages[1]
        assert b"".join(restored.files.read(sha256)) == b"weights" * 1000
        project = restored.projects.get_or_create("local/yolo")
        assert restored.runs.create(NewRun(project.id, None, None)).sys_id == "YOL-2"  # numbers go on
        _execute(restored, run_id, 1, AssignValue("new", AttributeType.INT, 1))


def test_a_backup_is_of_one_moment_while_others_write(
    services: Services, run_id: str, storage: Storage, settings: ServerSettings, tmp_path: Path
) -> None:
    ending = threading.Event()

    def write(worker: int) -> None:
        for number in itertools.takewhile(lambda _number: not ending.is_set(), itertools.count(step=2)):
            batch = worker * 10**6 + number
            point = [(float(number), number, float(number))]
            _execute(services, run_id, batch, *(LogFloats(f"{worker}/{name}", list(point)) for name in "ab"))
            _upload(services, run_id, f"{worker}/file", f"{worker} {number}".encode() * 1000)
            _execute(services, run_id, batch + 1, DeleteAttribute(f"{worker}/file"))

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, worker) for worker in range(3)]
        try:
            for number in range(4):
                create_backup(storage, tmp_path / f"backup-{number}")
        finally:
            ending.set()
        for writer in writers:
            writer.result()

    restore_backup(tmp_path / "backup-3", _empty_disk_storage(tmp_path))
    with _opened(_empty_disk_storage(tmp_path), settings) as restored:
        attributes = {attribute.path: attribute for attribute in restored.attributes.list_all(run_id)}
        counts = {
            path: attribute.value.point_count
            for path, attribute in attributes.items()
            if isinstance(attribute.value, SeriesValue)
        }
        assert len(counts) == 6
        for worker in range(3):
            assert counts[f"{worker}/a"] == counts[f"{worker}/b"] > 0
        for attribute in attributes.values():
            if isinstance(attribute.value, FileValue):
                assert b"".join(restored.files.read(attribute.value.sha256))


def _sqlite_only(storage: Storage) -> None:
    if not storage.database_url.startswith("sqlite"):
        pytest.skip("nothing in it depends on the database")


def test_a_second_backup_copies_what_is_new_and_drops_what_is_gone(
    services: Services, run_id: str, upload: Upload, storage: Storage, tmp_path: Path
) -> None:
    _sqlite_only(storage)
    upload("old", b"old")
    upload("kept", b"kept")
    first = create_backup(storage, tmp_path / "backup")
    _execute(services, run_id, 0, DeleteAttribute("old"))
    upload("new", b"new")
    copied: list[int] = []
    second = create_backup(storage, tmp_path / "backup", lambda _done, count: copied.append(count))
    assert (first.blob_count, second.blob_count, max(copied)) == (2, 2, 1)
    names = sorted(path.name for path in (tmp_path / "backup").glob("database-*"))
    assert names == [second.database]
    assert len([path for path in (tmp_path / "backup" / "files").rglob("*") if path.is_file()]) == 2


class _PowerFailureError(Exception):
    pass


def _fail_after(count: int) -> Callable[[int, int], None]:
    def progress(done: int, _all: int) -> None:
        if done >= count:
            raise _PowerFailureError

    return progress


def test_an_interrupted_backup_is_recognised_and_leaves_the_earlier_one(
    upload: Upload, storage: Storage, settings: ServerSettings, run_id: str, tmp_path: Path
) -> None:
    _sqlite_only(storage)
    upload("file", b"file")
    with pytest.raises(_PowerFailureError):
        create_backup(storage, tmp_path / "backup", _fail_after(1))
    with pytest.raises(BackupError, match="interrupted"):
        restore_backup(tmp_path / "backup", _empty_disk_storage(tmp_path))

    create_backup(storage, tmp_path / "backup")
    upload("later", b"later")
    with pytest.raises(_PowerFailureError):
        create_backup(storage, tmp_path / "backup", _fail_after(1))
    restore_backup(tmp_path / "backup", _empty_disk_storage(tmp_path))
    with _opened(_empty_disk_storage(tmp_path), settings) as restored:
        paths = [attribute.path for attribute in restored.attributes.list_all(run_id)]
        assert "file" in paths
        assert "later" not in paths


def test_an_interrupted_restore_can_be_repeated(
    upload: Upload, storage: Storage, settings: ServerSettings, run_id: str, tmp_path: Path
) -> None:
    _sqlite_only(storage)
    upload("file", b"file")
    create_backup(storage, tmp_path / "backup")
    target = _empty_disk_storage(tmp_path)
    with pytest.raises(_PowerFailureError):
        restore_backup(tmp_path / "backup", target, _fail_after(1))
    restore_backup(tmp_path / "backup", target)
    with _opened(target, settings) as restored:
        assert "file" in [attribute.path for attribute in restored.attributes.list_all(run_id)]
    with pytest.raises(BackupError, match="empty database"):
        restore_backup(tmp_path / "backup", target)


def test_files_of_another_server_are_not_mixed_with_restored_ones(
    upload: Upload, storage: Storage, tmp_path: Path
) -> None:
    _sqlite_only(storage)
    create_backup(storage, tmp_path / "backup")
    upload("file", b"of the other server")
    with pytest.raises(BackupError, match="empty storage for files"):
        restore_backup(tmp_path / "backup", Storage(f"sqlite:///{tmp_path / 'restored.db'}", storage.blobs))


@pytest.mark.parametrize("damage", ["tables", "file", "missing file", "manifest"])
def test_a_damaged_backup_is_not_restored(upload: Upload, storage: Storage, damage: str, tmp_path: Path) -> None:
    _sqlite_only(storage)
    sha256 = upload("file", b"content")
    folder = tmp_path / "backup"
    manifest = create_backup(storage, folder)
    file = folder / "files" / sha256[:2] / sha256
    if damage == "tables":
        with (folder / manifest.database).open("ab") as tables:
            tables.write(b"x")
    elif damage == "file":
        file.write_bytes(b"CONTENT")
    elif damage == "missing file":
        file.unlink()
    else:
        (folder / "manifest.json").write_text((folder / "manifest.json").read_text()[:50])
    target = _empty_disk_storage(tmp_path)
    with pytest.raises(BackupError):
        restore_backup(folder, target)
    assert not list(target.blobs.list_all())


def test_a_folder_with_other_files_is_left_alone(storage: Storage, tmp_path: Path) -> None:
    _sqlite_only(storage)
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "letter.txt").write_text("dear")
    with pytest.raises(BackupError, match="other files"):
        create_backup(storage, folder)
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_only_its_owner_can_read_a_backup(storage: Storage, upload: Upload, tmp_path: Path) -> None:
    _sqlite_only(storage)
    upload("file", b"content")
    create_backup(storage, tmp_path / "backup")
    assert {path.stat().st_mode & 0o077 for path in [tmp_path / "backup", *(tmp_path / "backup").rglob("*")]} == {0}
