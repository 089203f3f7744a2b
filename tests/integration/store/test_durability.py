"""What a database and a folder promise: committed is on disk, refused leaves nothing behind."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.ids import ContainerId, Sha256
from neptune_yolo.server.domain.operation import AssignValue, LogFloats
from neptune_yolo.server.exceptions import NotFoundError, StorageUnavailableError
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.services.runs import NewRun
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _log(path: str, step: int) -> LogFloats:
    return LogFloats(path, [(float(step), step, step * 0.5)])


@only_sqlite
def test_every_commit_is_synced_to_disk(store: SqlStore) -> None:
    for engine in (store._engines.writer, store._engines.reader):
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
            assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_reading_cannot_write(store: SqlStore) -> None:
    with pytest.raises(StorageUnavailableError), store.read() as session:
        session.projects.next_run_number(ContainerId("any"))


@only_sqlite
def test_a_full_database_refuses_and_keeps_what_it_has(store: SqlStore, services: Services, run_id: str) -> None:
    services.operations.execute(run_id, [_log("metric", 1)], "first")
    with store._engines.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    big = AssignValue("text", AttributeType.STRING, "x" * 1_000_000)
    with pytest.raises(StorageUnavailableError, match="full"):
        services.operations.execute(run_id, [_log("metric", 2), big], "second")
    page = services.attributes.page(run_id, "metric", AttributeType.FLOAT_SERIES, 0, 10)
    assert page.points == [(1.0, 1, 0.5)]
    with store._engines.writer.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 10_000}")
    assert services.operations.execute(run_id, [_log("metric", 2), big], "second") == []
    assert services.attributes.page(run_id, "metric", AttributeType.FLOAT_SERIES, 0, 10).total == 2


def test_a_folder_that_takes_no_files_is_reported(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where the folder should be")
    with pytest.raises(StorageUnavailableError, match="store a file"):
        DiskBlobStore(tmp_path / "blocked").create()


def test_an_aborted_file_leaves_nothing_behind(tmp_path: Path) -> None:
    writer = DiskBlobStore(tmp_path).create()
    writer.write(b"1234")
    writer.abort()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="ab12"):
        DiskBlobStore(tmp_path).read_chunks(Sha256("ab12"))


def test_many_writers_lose_nothing(services: Services, run_id: str) -> None:
    errors: list[str] = []

    def write(name: str) -> None:
        for step in range(50):
            errors.extend(services.operations.execute(run_id, [_log(name, step)], f"{name} {step}"))

    threads = [threading.Thread(target=write, args=(f"metric {number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    totals = {
        services.attributes.page(run_id, f"metric {number}", AttributeType.FLOAT_SERIES, 0, 1).total
        for number in range(8)
    }
    assert totals == {50}


def test_runs_created_at_once_have_different_numbers(services: Services) -> None:
    project = services.projects.get_or_create("local/yolo")
    created: list[str] = []

    def create() -> None:
        created.extend(services.runs.create(NewRun(project.id, None, None)).sys_id for _ in range(10))

    threads = [threading.Thread(target=create) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(created)) == 60
