"""Bytes live as long as an attribute refers to them, and no longer."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from neptune_yolo.server.domain.attribute import AttributeType, FileValue
from neptune_yolo.server.domain.files import FileTarget
from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.domain.images import ImageUpload
from neptune_yolo.server.domain.operation import DeleteAttribute, LogImages
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.services.collector import LEFTOVER_SECONDS
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore

Upload = Callable[[str, bytes], Sha256]


@pytest.fixture
def upload(services: Services, run_id: str) -> Upload:
    def send(path: str, content: bytes) -> Sha256:
        writer = services.files.start_blob()
        writer.write(content)
        staged = writer.finish()
        services.files.attach(run_id, [(FileTarget(path, AttributeType.FILE), staged)])
        return staged.blob.sha256

    return send


def _delete(services: Services, run_id: str, path: str) -> None:
    assert services.operations.execute(run_id, [DeleteAttribute(path)], f"delete {path} {time.time_ns()}") == []


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_uploads_and_deletions_of_the_same_bytes_at_once(
    services: Services, upload: Upload, run_id: str, settings: ServerSettings
) -> None:
    errors: list[str] = []
    content = b"the same weights"

    def work(path: str) -> None:
        for _ in range(40):
            sha256 = upload(path, content)
            try:
                if b"".join(services.files.read(sha256)) != content:
                    errors.append("other bytes")
            except NotFoundError as error:
                errors.append(str(error))
            _delete(services, run_id, path)

    threads = [threading.Thread(target=work, args=(f"weights/{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert _files(settings.file_root) == []


def test_a_picture_and_a_file_of_the_same_bytes_keep_them_for_each_other(
    services: Services, upload: Upload, run_id: str
) -> None:
    sha256 = upload("file", b"picture")
    series = LogImages("series", [(None, 1, ImageUpload.of(b"picture", None, None))])
    assert services.operations.execute(run_id, [series], "log") == []
    _delete(services, run_id, "file")
    assert b"".join(services.files.read(sha256)) == b"picture"
    _delete(services, run_id, "series")
    with pytest.raises(NotFoundError):
        services.files.read(sha256)


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be removed elsewhere; it is removed later")
def test_who_has_begun_to_read_reads_to_the_end(services: Services, upload: Upload, run_id: str) -> None:
    chunks = services.files.read(upload("file", b"x" * 5_000_000))
    _delete(services, run_id, "file")
    assert sum(len(chunk) for chunk in chunks) == 5_000_000


def test_bytes_that_cannot_be_removed_now_are_removed_later(
    services: Services, upload: Upload, run_id: str, settings: ServerSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload("file", b"weights")

    def refuse(_path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        _delete(services, run_id, "file")
    assert len(_files(settings.file_root)) == 1
    services.collector.collect()
    assert _files(settings.file_root) == []


def test_what_a_killed_server_leaves_is_removed_at_the_next_start(
    services: Services, store: SqlStore, blobs: DiskBlobStore, upload: Upload, run_id: str, settings: ServerSettings
) -> None:
    kept = upload("kept", b"kept")
    upload("deleted", b"deleted")
    with store.write() as session:  # ends before the bytes are removed
        run = session.containers.find_by_id(services.runs.find(run_id).id)
        attribute = session.attributes.find(run.pk, "deleted") if run else None
        assert attribute is not None
        session.attributes.delete(attribute.pk)
    for name in (b"placed", b"old", b"fresh"):
        writer = blobs.create()
        writer.write(name)
        staged = writer.finish()
        if name == b"placed":  # ends before an attribute refers to them
            blobs.place([staged])
        elif name == b"old":
            long_ago = time.time() - LEFTOVER_SECONDS - 60
            os.utime(settings.file_root / "staging" / staged.name, (long_ago, long_ago))
    services.collector.clean()
    assert {path.read_bytes() for path in _files(settings.file_root)} == {b"kept", b"fresh"}
    assert list(blobs.list_all()) == [kept]
    with store.read() as session:
        assert session.references.list_released() == []


def test_a_server_that_ends_does_not_wait_for_the_cleaning(services: Services, blobs: DiskBlobStore) -> None:
    writer = blobs.create()
    writer.write(b"nobody's")
    blobs.place([writer.finish()])
    services.collector.clean(lambda: True)
    assert len(list(blobs.list_all())) == 1


def test_kills_at_any_moment_neither_lose_nor_keep_bytes(
    services: Services, blobs: DiskBlobStore, run_id: str, settings: ServerSettings
) -> None:
    program = Path(__file__).with_name("deleting_program.py")
    for seconds in (0.05, 0.31, 0.57):
        with subprocess.Popen(
            [sys.executable, program, settings.database_url, settings.file_root, run_id], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(seconds)
            process.kill()
        values = [attribute.value for attribute in services.attributes.list_all(run_id)]
        hashes = {value.sha256 for value in values if isinstance(value, FileValue)}
        assert hashes
        for sha256 in hashes:
            assert hashlib.sha256(b"".join(blobs.read_chunks(sha256))).hexdigest() == sha256
        services.collector.clean()
        assert set(blobs.list_all()) == hashes
