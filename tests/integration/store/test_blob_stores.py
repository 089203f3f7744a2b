"""What every storage of files does, whether it is a folder or a bucket."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from neptune_yolo.server.domain.files import Blob, StagedBlob
from neptune_yolo.server.domain.ids import Sha256, UploadId
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.store import bucket_client, bucket_join
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.bucket import BucketBlobStore
from neptune_yolo.server.store.bucket_client import BucketLocation
from neptune_yolo.server.store.bucket_writer import PIECE_BYTES
from neptune_yolo.server.store.interfaces import BlobStore
from tests.s3 import make_bucket

UPLOAD = UploadId("4b0e2a3c-7c1d-4a53-9d0b-0f7f6c1f2a11")
PIECE = 5 * 1024 * 1024
"""Smallest piece that S3 takes, but for the last of an object."""

OpenStore = Callable[[], BlobStore]


@pytest.fixture(params=["disk", "bucket"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> OpenStore:
    """Open the same storage, as each of several processes would."""
    if request.param == "disk":
        return lambda: DiskBlobStore(tmp_path / "files")
    made = make_bucket(request.getfixturevalue("storage"))
    return lambda: BucketBlobStore(BucketLocation(made.name, "team/files", made.endpoint_url))


@pytest.fixture
def blobs(open_store: OpenStore) -> BlobStore:
    return open_store()


def _stage(blobs: BlobStore, content: bytes, piece_bytes: int = 1024 * 1024) -> StagedBlob:
    writer = blobs.create()
    try:
        for start in range(0, len(content), piece_bytes):
            writer.write(content[start : start + piece_bytes])
        return writer.finish()
    finally:
        writer.abort()


def _place(blobs: BlobStore, content: bytes) -> Sha256:
    staged = _stage(blobs, content)
    blobs.prepare([staged])
    blobs.place([staged])
    blobs.discard([staged])
    return staged.blob.sha256


def _read(blobs: BlobStore, sha256: Sha256, first: int = 0) -> bytes:
    return b"".join(blobs.read_chunks(sha256, first=first))


@pytest.mark.parametrize("size_bytes", [0, 1, PIECE_BYTES, 2 * PIECE_BYTES + 17])
def test_bytes_come_back_as_they_were(blobs: BlobStore, size_bytes: int) -> None:
    content = os.urandom(size_bytes)
    staged = _stage(blobs, content)
    assert staged.blob == Blob(Sha256(hashlib.sha256(content).hexdigest()), size_bytes)
    blobs.place([staged])
    blobs.discard([staged])
    assert _read(blobs, staged.blob.sha256) == content
    assert blobs.size_bytes(staged.blob.sha256) == size_bytes
    assert list(blobs.list_leftovers(-60)) == []


def test_large_objects_are_copied_in_pieces(blobs: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_client, "COPY_PIECE_BYTES", PIECE)
    content = os.urandom(2 * PIECE + 17)
    assert _read(blobs, _place(blobs, content)) == content
    assert list(blobs.list_leftovers(-60)) == []


def test_bytes_are_read_from_any_position_in_small_chunks(blobs: BlobStore) -> None:
    content = os.urandom(300_000)
    sha256 = _place(blobs, content)
    chunks = list(blobs.read_chunks(sha256, chunk_bytes=1000, first=100_000))
    assert b"".join(chunks) == content[100_000:]
    assert max(map(len, chunks)) == 1000
    assert _read(blobs, sha256, 299_999) == content[-1:]


def test_nothing_is_found_before_it_is_placed(blobs: BlobStore) -> None:
    staged = _stage(blobs, b"weights")
    with pytest.raises(NotFoundError):
        blobs.read_chunks(staged.blob.sha256)
    assert blobs.size_bytes(staged.blob.sha256) is None
    assert list(blobs.list_all()) == []
    blobs.discard([staged])
    assert list(blobs.list_leftovers(-60)) == []


def test_what_is_aborted_leaves_nothing(blobs: BlobStore) -> None:
    for size_bytes in (10, PIECE_BYTES + 1):
        writer = blobs.create()
        writer.write(b"x" * size_bytes)
        writer.abort()
    assert list(blobs.list_leftovers(-60)) == []


def test_many_are_placed_at_once_and_the_same_bytes_once(blobs: BlobStore) -> None:
    staged = [_stage(blobs, b"%d" % (number % 10)) for number in range(30)]
    blobs.place(staged)
    blobs.place(staged[:3])
    blobs.discard(staged)
    hashes = {item.blob.sha256 for item in staged}
    assert sorted(blobs.list_all()) == sorted(hashes)
    assert list(blobs.list_leftovers(-60)) == []


def test_a_blob_of_another_size_is_replaced_by_the_true_one(blobs: BlobStore) -> None:
    sha256 = Sha256(hashlib.sha256(b"weights").hexdigest())
    torn = _stage(blobs, b"wei")
    blobs.place([StagedBlob(Blob(sha256, 3), torn.name)])
    assert _read(blobs, sha256) == b"wei"
    assert _place(blobs, b"weights") == sha256
    assert _read(blobs, sha256) == b"weights"


def test_what_is_removed_is_gone_and_removing_it_again_is_no_error(blobs: BlobStore) -> None:
    hashes = [_place(blobs, b"%d" % number) for number in range(5)]
    assert blobs.remove(hashes[:4]) == set()
    assert blobs.remove(hashes[:4]) == set()
    assert list(blobs.list_all()) == hashes[4:]
    with pytest.raises(NotFoundError):
        blobs.read_chunks(hashes[0])


def test_who_has_begun_to_read_reads_to_the_end(blobs: BlobStore) -> None:
    content = os.urandom(3_000_000)
    sha256 = _place(blobs, content)
    chunks = blobs.read_chunks(sha256, chunk_bytes=100_000)
    begun = next(chunks)
    blobs.remove([sha256])
    assert begun + b"".join(chunks) == content


def test_parts_are_sent_by_one_process_and_joined_by_another(open_store: OpenStore) -> None:
    first, second, third = open_store(), open_store(), open_store()
    parts = [os.urandom(400_000) for _ in range(3)]
    for blobs, index, content in (
        (first, 2, parts[2]),
        (second, 0, b"old"),
        (first, 1, parts[1]),
        (third, 0, parts[0]),
    ):
        staged = _stage(blobs, content)
        blobs.place_part(UPLOAD, index, staged)
        blobs.discard([staged])
    assert list(second.list_uploads()) == [UPLOAD]
    assert second.part_sizes(UPLOAD) == dict.fromkeys(range(3), 400_000)
    joined = second.join_parts(UPLOAD, [0, 1, 2])
    third.place([joined])
    third.discard([joined])
    assert _read(first, joined.blob.sha256) == b"".join(parts)
    first.discard_parts(UPLOAD)
    first.discard_parts(UPLOAD)
    assert list(second.list_uploads()) == []
    assert second.part_sizes(UPLOAD) == {}
    assert list(first.list_leftovers(-60)) == []


def test_large_parts_are_joined(blobs: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_join, "READ_BYTES", 2 * 1024 * 1024 + 1)
    parts = [os.urandom(PIECE), os.urandom(PIECE + 1), b"", b"the end"]
    for last, count in ((parts[1], 2), (parts[3], 4)):
        for index, content in enumerate(parts[:count]):
            blobs.place_part(UPLOAD, index, *blobs.stage([content]))
        joined = blobs.join_parts(UPLOAD, range(count))
        blobs.place([joined])
        assert _read(blobs, joined.blob.sha256) == b"".join(parts[:count])
        assert joined.blob.size_bytes == sum(map(len, parts[:count]))
        assert _read(blobs, joined.blob.sha256).endswith(last)


def test_an_upload_whose_part_is_missing_is_not_joined(blobs: BlobStore) -> None:
    staged = _stage(blobs, b"1234")
    blobs.place_part(UPLOAD, 0, staged)
    blobs.discard([staged])
    with pytest.raises(NotFoundError, match="part 1"):
        blobs.join_parts(UPLOAD, [0, 1])
    assert list(blobs.list_leftovers(-60)) == []


def test_what_a_killed_server_leaves_is_dropped_once_it_is_old(blobs: BlobStore) -> None:
    staged = _stage(blobs, b"staged")
    assert list(blobs.list_leftovers(60)) == []
    assert blobs.discard_leftovers(60) == []
    writer = blobs.create()
    writer.write(b"x" * (PIECE_BYTES + 1))
    assert staged.name in {item.name.rpartition("/")[2] for item in blobs.list_leftovers(-60)}
    assert len(blobs.discard_leftovers(-60)) == 2
    assert list(blobs.list_leftovers(-60)) == []
    writer.abort()
