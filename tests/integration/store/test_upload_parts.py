"""Uploads in parts: repeated, out of order, incomplete, abandoned, at once, and without room."""

import os
import resource
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from neptune_yolo.server.domain.attribute import AttributeType, FileValue
from neptune_yolo.server.domain.files import FileTarget
from neptune_yolo.server.domain.ids import UploadId
from neptune_yolo.server.domain.uploads import PartRange
from neptune_yolo.server.exceptions import (
    InvalidRequestError,
    LengthMismatchError,
    NotFoundError,
    ServerError,
    StorageUnavailableError,
)
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.services.clock import system_clock
from neptune_yolo.server.services.collector import ABANDONED_AFTER_MS, BlobCollector
from neptune_yolo.server.services.runs import NewRun
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore

TARGET = FileTarget("weights", AttributeType.FILE, "pt")

Start = Callable[[int], UploadId]
SendPart = Callable[..., None]


@pytest.fixture
def start(services: Services, run_id: str) -> Start:
    return lambda total_bytes: services.files.start_upload(run_id, TARGET, total_bytes)


@pytest.fixture
def send(services: Services) -> SendPart:
    def send_part(upload_id: UploadId, index: int, content: bytes, header: str = "") -> None:
        writer = services.files.start_part(upload_id)
        try:
            writer.write(content)
            staged = writer.finish()
        finally:
            writer.abort()
        services.files.finish_part(upload_id, index, staged, PartRange.parse(header) if header else None)

    return send_part


def _read(services: Services, run_id: str) -> bytes:
    value = services.attributes.get(run_id, "weights", AttributeType.FILE).value
    assert isinstance(value, FileValue)
    return b"".join(services.files.read(value.sha256))


def _stored(settings: ServerSettings) -> list[Path]:
    return [path for path in settings.file_root.rglob("*") if path.is_file()]


def test_a_finish_that_is_repeated_at_the_same_time_changes_nothing(
    services: Services, run_id: str, settings: ServerSettings, start: Start, send: SendPart
) -> None:
    upload_id = start(300_000)
    contents = [os.urandom(100_000) for _ in range(3)]
    for index, content in enumerate(contents):
        send(upload_id, index, content)
    errors: list[ServerError] = []

    def finish() -> None:
        try:
            services.files.finish_upload(run_id, upload_id)
        except ServerError as error:
            errors.append(error)

    threads = [threading.Thread(target=finish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    services.files.finish_upload(run_id, upload_id)
    assert errors == []
    assert _read(services, run_id) == b"".join(contents)
    send(upload_id, 1, contents[1])
    assert len(_stored(settings)) == 1


def test_parts_with_a_gap_or_of_another_length_in_all_are_not_joined(
    services: Services, run_id: str, start: Start, send: SendPart
) -> None:
    upload_id = start(8)
    with pytest.raises(LengthMismatchError):
        services.files.finish_upload(run_id, upload_id)
    send(upload_id, 0, b"1234")
    send(upload_id, 2, b"5678")
    with pytest.raises(LengthMismatchError, match="expected 8 bytes, got 4"):
        services.files.finish_upload(run_id, upload_id)
    send(upload_id, 1, b"xx")
    with pytest.raises(LengthMismatchError, match="got 10"):
        services.files.finish_upload(run_id, upload_id)
    with pytest.raises(NotFoundError):
        services.attributes.get(run_id, "weights", AttributeType.FILE)


@pytest.mark.parametrize(
    ("content", "header", "error"),
    [
        (b"12345", "bytes=0-3/8", LengthMismatchError),
        (b"123", "bytes=0-3/8", LengthMismatchError),
        (b"1234", "bytes=0-3/9", InvalidRequestError),
        (b"1234", "bytes=6-9/10", InvalidRequestError),
        (b"1234", "bytes=6-9", InvalidRequestError),
        (b"123456789", "", InvalidRequestError),
    ],
)
def test_parts_that_do_not_fit_leave_nothing(
    start: Start, send: SendPart, settings: ServerSettings, content: bytes, header: str, error: type[ServerError]
) -> None:
    upload_id = start(8)
    with pytest.raises(error) as raised:
        send(upload_id, 0, content, header)
    assert ("Length of stream" in str(raised.value)) == (error is LengthMismatchError)
    assert _stored(settings) == []


@pytest.mark.parametrize("header", ["1-2", "bytes=2-1/8", "bytes=0-8/8", "bytes=a-b/c", "bytes=0-" + "9" * 30, "bytes"])
def test_ranges_of_another_form_are_refused(header: str) -> None:
    if header == "1-2":
        assert PartRange.parse(header).size_bytes == 2
        return
    with pytest.raises(InvalidRequestError, match="X-Range"):
        PartRange.parse(header)


def test_bytes_that_were_lost_behind_the_servers_back_are_not_joined(
    services: Services, run_id: str, settings: ServerSettings, start: Start, send: SendPart
) -> None:
    upload_id = start(8)
    send(upload_id, 0, b"1234")
    send(upload_id, 1, b"5678")
    part = settings.file_root / "uploads" / upload_id / "1"
    part.write_bytes(b"567")
    with pytest.raises(LengthMismatchError):
        services.files.finish_upload(run_id, upload_id)
    part.unlink()
    with pytest.raises(NotFoundError):
        services.files.finish_upload(run_id, upload_id)
    send(upload_id, 1, b"5678")
    services.files.finish_upload(run_id, upload_id)
    assert _read(services, run_id) == b"12345678"


def test_an_upload_is_finished_in_its_own_run_only(
    services: Services, run_id: str, start: Start, send: SendPart
) -> None:
    project = services.projects.get_or_create("local/yolo")
    other = services.runs.create(NewRun(project.id, None, None)).id
    upload_id = start(4)
    send(upload_id, 0, b"1234")
    with pytest.raises(NotFoundError):
        services.files.finish_upload(other, upload_id)
    services.files.finish_upload(run_id, upload_id)


def test_a_file_in_many_parts(services: Services, run_id: str, start: Start, send: SendPart) -> None:
    upload_id = start(5 * 40)
    for index in reversed(range(40)):
        send(upload_id, index, b"%05d" % index)
    services.files.finish_upload(run_id, upload_id)
    assert _read(services, run_id) == b"".join(b"%05d" % index for index in range(40))


def test_uploads_are_dropped_once_they_were_not_used_for_long(
    store: SqlStore, services: Services, blobs: DiskBlobStore, run_id: str, start: Start, send: SendPart
) -> None:
    def clean_after(age_ms: int) -> None:
        BlobCollector(store, blobs, lambda: system_clock() + age_ms).clean()

    changed, finished, used = start(8), start(4), start(8)
    for upload_id in (changed, finished, used):
        send(upload_id, 0, b"1234")
    services.files.finish_upload(run_id, finished)
    clean_after(ABANDONED_AFTER_MS - 60_000)
    assert set(blobs.list_uploads()) == {changed, used}
    services.files.finish_upload(run_id, finished)
    with store.write() as session:
        session.files.put_part(used, session.files.list_parts(used)[0], system_clock() + ABANDONED_AFTER_MS)
    clean_after(ABANDONED_AFTER_MS + 60_000)
    assert list(blobs.list_uploads()) == [used]
    send(used, 1, b"5678")
    for upload_id in (changed, finished):
        with pytest.raises(NotFoundError):
            services.files.start_part(upload_id)


def test_several_processes_may_clean_while_others_upload(
    store: SqlStore, services: Services, blobs: DiskBlobStore, run_id: str, settings: ServerSettings
) -> None:
    ending = threading.Event()
    other = SqlStore(settings.database_url)

    def clean(cleaned: SqlStore) -> None:
        while not ending.is_set():
            BlobCollector(cleaned, DiskBlobStore(settings.file_root)).remove_garbage()

    threads = [threading.Thread(target=clean, args=(cleaned,)) for cleaned in (store, other)]
    for thread in threads:
        thread.start()
    try:
        for number in range(15):
            upload_id = services.files.start_upload(run_id, TARGET, 8)
            for index in range(2):
                (staged,) = blobs.stage([b"%03d%d" % (number, index)])
                services.files.finish_part(upload_id, index, staged)
            services.files.finish_upload(run_id, upload_id)
            assert _read(services, run_id) == b"%03d0%03d1" % (number, number)
    finally:
        ending.set()
        for thread in threads:
            thread.join()
        other.close()
    BlobCollector(store, blobs).clean()
    assert len(_stored(settings)) == 1


def test_without_room_a_part_is_not_taken_and_can_be_sent_again(
    services: Services, run_id: str, settings: ServerSettings, start: Start, send: SendPart
) -> None:
    content = os.urandom(30_000_000)
    upload_id = start(len(content))
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000_000, unlimited[1]))
    try:
        with pytest.raises(StorageUnavailableError, match="Check free disk space"):
            send(upload_id, 0, content)
        assert _stored(settings) == []
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    send(upload_id, 0, content)
    services.files.finish_upload(run_id, upload_id)
    assert _read(services, run_id) == content
