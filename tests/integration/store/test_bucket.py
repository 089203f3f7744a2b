"""What goes wrong with a bucket, and what a bucket does that a folder cannot."""

import os
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import IncompleteReadError

from neptune_yolo.server.domain.ids import Sha256, UploadId
from neptune_yolo.server.exceptions import ConfigurationError, StorageUnavailableError
from neptune_yolo.server.services.clock import system_clock
from neptune_yolo.server.services.collector import ABANDONED_AFTER_MS, BlobCollector
from neptune_yolo.server.services.verification import verify
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store import bucket_client
from neptune_yolo.server.store.bucket import BucketBlobStore
from neptune_yolo.server.store.bucket_client import BucketLocation
from neptune_yolo.server.store.sql import SqlStore
from tests.s3 import Bucket

MEBIBYTE = 1024 * 1024


@pytest.fixture
def blobs(bucket: Bucket) -> BucketBlobStore:
    return BucketBlobStore(BucketLocation(bucket.name, "/team/", bucket.endpoint_url))


def _place(blobs: BucketBlobStore, content: bytes) -> Sha256:
    staged = blobs.stage([content])
    blobs.place(staged)
    blobs.discard(staged)
    return staged[0].blob.sha256


def test_all_names_begin_with_the_prefix(blobs: BucketBlobStore, bucket: Bucket) -> None:
    other = BucketBlobStore(BucketLocation(bucket.name, endpoint_url=bucket.endpoint_url))
    sha256 = _place(blobs, b"1")
    blobs.stage([b"2"])
    assert [name.rpartition("/")[0] for name in bucket.names()] == ["team/blobs", "team/staging"]
    assert list(other.list_all()) == []
    assert list(blobs.list_all()) == [sha256]


def test_a_bucket_that_is_missing_is_named(bucket: Bucket) -> None:
    blobs = BucketBlobStore(BucketLocation("no-such-bucket", endpoint_url=bucket.endpoint_url))
    with pytest.raises(StorageUnavailableError, match=r"'no-such-bucket'.*there is no such bucket. Create it"):
        blobs.stage([b"1"])
    with pytest.raises(StorageUnavailableError, match="Create it"):
        list(blobs.list_all())
    with pytest.raises(StorageUnavailableError, match="Create it"):
        blobs.read_chunks(Sha256("ab" * 32))


def test_without_keys_the_way_to_give_them_is_told(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    blobs = BucketBlobStore(BucketLocation(bucket.name, endpoint_url=bucket.endpoint_url))
    with pytest.raises(StorageUnavailableError, match=r"no keys.*Set AWS_ACCESS_KEY_ID"):
        blobs.stage([b"1"])


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("AccessDenied", 403, "Allow the server's key"),
        ("InvalidAccessKeyId", 403, "AWS_ACCESS_KEY_ID"),
        ("SignatureDoesNotMatch", 403, "AWS_SECRET_ACCESS_KEY"),
        ("QuotaExceeded", 403, "Make room"),
        ("SomethingElse", 400, "SomethingElse"),
    ],
)
def test_refusals_say_what_to_do(bucket: Bucket, code: str, status: int, words: str) -> None:
    with _answering(f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode(), status) as url:
        blobs = BucketBlobStore(BucketLocation(bucket.name, endpoint_url=url))
        with pytest.raises(StorageUnavailableError, match=words):
            blobs.stage([b"1"])


def test_storage_that_cannot_be_reached_is_given_up_in_time(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_client, "ATTEMPTS", 1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    blobs = BucketBlobStore(BucketLocation(bucket.name, endpoint_url=f"http://127.0.0.1:{port}"))
    with pytest.raises(StorageUnavailableError, match=r"can't be reached.*Check bucket_endpoint_url"):
        blobs.stage([b"1"])
    assert blobs.remove([Sha256("ab" * 32)]) == {Sha256("ab" * 32)}
    blobs.discard(blobs.stage([]))


def test_storage_that_does_not_answer_is_given_up_in_time(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_client, "ATTEMPTS", 1)
    monkeypatch.setattr(bucket_client, "READ_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        blobs = BucketBlobStore(BucketLocation(bucket.name, endpoint_url=url))
        with pytest.raises(StorageUnavailableError, match=r"[Tt]imeout"):
            blobs.size_bytes(Sha256("ab" * 32))


def test_a_malformed_address_is_refused_at_the_start() -> None:
    with pytest.raises(ConfigurationError, match="bucket_endpoint_url"):
        BucketBlobStore(BucketLocation("files", endpoint_url="not an address"))


def test_a_download_goes_on_where_its_connection_broke(blobs: BucketBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    content = os.urandom(3 * MEBIBYTE)
    sha256 = _place(blobs, content)
    opened: list[int] = []
    whole = BucketBlobStore._open

    def breaking(self: BucketBlobStore, name: str, first: int) -> Any:
        opened.append(first)
        body = whole(self, name, first)
        return body if len(opened) > 2 else _Breaking(body)

    monkeypatch.setattr(BucketBlobStore, "_open", breaking)
    assert b"".join(blobs.read_chunks(sha256, chunk_bytes=MEBIBYTE)) == content
    assert opened == [0, MEBIBYTE, 2 * MEBIBYTE]


def test_a_connection_that_breaks_at_once_and_always_is_given_up(
    blobs: BucketBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = _place(blobs, b"12345678")
    monkeypatch.setattr(BucketBlobStore, "_open", lambda *_: _Breaking(None))
    with pytest.raises(StorageUnavailableError, match="the request failed"):
        list(blobs.read_chunks(sha256))


def test_staged_bytes_that_somebody_removed_are_no_loss_in_silence(blobs: BucketBlobStore, bucket: Bucket) -> None:
    (staged,) = blobs.stage([b"weights"])
    bucket.client.delete_object(Bucket=bucket.name, Key=f"team/staging/{staged.name}")
    with pytest.raises(StorageUnavailableError, match="somebody has removed them"):
        blobs.place([staged])


def test_a_part_that_is_replaced_while_it_is_joined_is_not_taken(
    blobs: BucketBlobStore, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id = UploadId("upload")
    blobs.place_part(upload_id, 0, *blobs.stage([b"x" * 6 * MEBIBYTE]))
    listed = list(blobs._client.list_objects("uploads/"))
    bucket.client.put_object(Bucket=bucket.name, Key="team/uploads/upload/0", Body=b"y" * 6 * MEBIBYTE)
    monkeypatch.setattr(blobs._client, "list_objects", lambda _folder: iter(listed))
    with pytest.raises(StorageUnavailableError, match="Precondition"):
        blobs.join_parts(upload_id, [0])


def test_large_files_need_little_memory(blobs: BucketBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The storage of the tests keeps files in memory itself: requests are answered without it."""
    answers: dict[str, Any] = {"create_multipart_upload": {"UploadId": "1"}, "upload_part": {"ETag": "1"}}
    monkeypatch.setattr(blobs._client, "call", lambda operation, *_, **__: answers.get(operation))
    piece = os.urandom(MEBIBYTE)
    tracemalloc.start()
    try:
        writer = blobs.create()
        for _ in range(100):
            writer.write(piece)
        assert writer.finish().blob.size_bytes == 100 * MEBIBYTE
        assert tracemalloc.get_traced_memory()[1] < 20 * MEBIBYTE
    finally:
        tracemalloc.stop()


def test_kills_at_any_moment_leave_nothing_damaged_or_forgotten(
    store: SqlStore, bucket: Bucket, run_id: str, settings: ServerSettings
) -> None:
    """Two programs at once, on one database and one bucket."""
    blobs = BucketBlobStore(BucketLocation(bucket.name, endpoint_url=bucket.endpoint_url))
    program = Path(__file__).with_name("bucket_program.py")
    arguments = [sys.executable, str(program), settings.database_url, bucket.endpoint_url, bucket.name, run_id]
    for seconds in (0.3,):
        programs = [subprocess.Popen(arguments, stdout=subprocess.PIPE) for _ in range(2)]
        for running in programs:
            assert running.stdout is not None
            assert running.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        for running in programs:
            running.kill()
            running.communicate()
        report = verify(store, blobs)
        assert report.damage == ()
        assert report.files >= 2
        blobs.discard_leftovers(-60)
        BlobCollector(store, blobs, lambda: system_clock() + 2 * ABANDONED_AFTER_MS).remove_garbage()
        assert verify(store, blobs).findings == ()
        assert len(bucket.names()) == report.files


class _Breaking:
    """A body whose connection breaks after one chunk; at once without a body."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def iter_chunks(self, chunk_bytes: int) -> Iterator[bytes]:
        if self._body is not None:
            yield self._body.read(chunk_bytes)
        raise IncompleteReadError(actual_bytes=1, expected_bytes=2)

    def close(self) -> None:
        if self._body is not None:
            self._body.close()


class _answering:  # noqa: N801 - a context manager
    """Storage that gives the same answer to every request."""

    def __init__(self, content: bytes, status: int) -> None:
        from werkzeug.serving import make_server
        from werkzeug.wrappers import Response

        answer: Callable[..., Any] = Response(content, status, content_type="application/xml")
        self._server = make_server("127.0.0.1", 0, answer, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
