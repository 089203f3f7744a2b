"""Look at everything that is stored: every file's bytes, every reference, every series."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.domain.verification import BlobReference, Finding, FindingKind, VerificationReport, joined
from neptune_yolo.server.exceptions import NotFoundError
from neptune_yolo.server.services.collector import LEFTOVER_SECONDS
from neptune_yolo.server.services.series_check import check_series
from neptune_yolo.server.store.interfaces import BlobStore, Store

PAGE_SIZE = 200
"""Files looked at between two transactions."""

READERS = 4
"""Files read at the same time."""


@dataclass(frozen=True)
class _FileOutcome:
    findings: list[Finding]
    files: int
    file_bytes: int


def verify(store: Store, blobs: BlobStore) -> VerificationReport:
    """Look at everything that is stored, and change nothing; a server may run meanwhile.

    Args:
        store: Gives transactions.
        blobs: Keeps the bytes.

    Raises:
        StorageUnavailableError: If the database or the storage of files cannot be read.
    """
    findings = _check_database(store)
    series = check_series(store)
    files = _check_files(store, blobs)
    leftovers = [*_unused_files(store, blobs), *_unused_parts(store, blobs), *_staged_bytes(blobs)]
    return VerificationReport(
        findings=(*findings, *series.findings, *files.findings, *leftovers),
        files=files.files,
        file_bytes=files.file_bytes,
        series=series.series,
        points=series.points,
    )


def _check_database(store: Store) -> list[Finding]:
    with store.read(is_long=True) as session:
        damage = [Finding(FindingKind.DAMAGED_DATABASE, "database", line) for line in session.checks.list_damage()]
    with store.read(is_long=True) as session:
        broken = [
            Finding(FindingKind.BROKEN_REFERENCE, f"table {table}", sentence)
            for table, sentence in session.checks.list_broken_references()
        ]
    with store.read(is_long=True) as session:
        wrong = [
            Finding(FindingKind.WRONG_FILE_FACTS, session.checks.describe(pk), sentence)
            for pk, sentence in session.checks.list_wrong_files()
        ]
    return [*damage, *broken, *wrong]


def _check_files(store: Store, blobs: BlobStore) -> _FileOutcome:
    """Read the bytes of every file that an attribute refers to."""
    findings: list[Finding] = []
    files = file_bytes = 0
    with ThreadPoolExecutor(READERS, thread_name_prefix="neptune-yolo-verify") as pool:
        for page in _pages(store):
            for reference, found in zip(page, pool.map(lambda item: _read(blobs, item.sha256), page), strict=True):
                files += found is not None
                file_bytes += found[1] if found is not None else 0
                findings += _judge(store, reference, found)
    return _FileOutcome(findings, files, file_bytes)


def _pages(store: Store) -> Iterator[list[BlobReference]]:
    after = ""
    while True:
        with store.read(is_long=True) as session:
            page = session.checks.page_references(after, PAGE_SIZE)
        if not page:
            return
        yield page
        after = page[-1].sha256


def _read(blobs: BlobStore, sha256: Sha256) -> tuple[str, int] | None:
    """Return hash and number of the bytes that are stored under a hash; None if there are none."""
    digest, size_bytes = hashlib.sha256(), 0
    try:
        for chunk in blobs.read_chunks(sha256):
            digest.update(chunk)
            size_bytes += len(chunk)
    except NotFoundError:
        return None
    return digest.hexdigest(), size_bytes


def _judge(store: Store, reference: BlobReference, found: tuple[str, int] | None) -> Iterator[Finding]:
    """Yield what is wrong with a file, unless it is gone from the database meanwhile."""
    sizes = reference.sizes
    if found is not None and found[0] == reference.sha256 and sizes == {found[1]}:
        return
    with store.read() as session:
        if session.references.list_unreferred([reference.sha256]):
            return
        where = session.checks.describe(reference.attribute_pk)
    expected = f"Expected {joined(sizes)} bytes of SHA-256 {reference.sha256}"
    if found is None:
        yield Finding(FindingKind.MISSING_FILE, where, f"{expected}, but there is no such file.")
    elif found[0] != reference.sha256:
        yield Finding(FindingKind.DAMAGED_FILE, where, f"{expected}, got {found[1]} bytes of SHA-256 {found[0]}.")
    else:
        yield Finding(FindingKind.WRONG_FILE_FACTS, where, f"{expected}, got {found[1]} bytes.")


def _unused_files(store: Store, blobs: BlobStore) -> Iterator[Finding]:
    """Yield files that no attribute refers to, and those among them that are damaged: an upload would find them."""
    remaining = blobs.list_all()
    unused: list[Sha256] = []
    while batch := list(islice(remaining, PAGE_SIZE)):
        with store.read() as session:
            unused += session.references.list_unreferred(batch)
    for start in range(0, len(unused), PAGE_SIZE):
        with store.read() as session:  # once more: an upload that was under way may have ended
            batch = session.references.list_unreferred(unused[start : start + PAGE_SIZE])
        for sha256 in batch:
            found = _read(blobs, sha256)
            if found is None:
                continue
            where = f"file {sha256}"
            if found[0] == sha256:
                yield Finding(FindingKind.UNUSED_FILE, where, f"No attribute refers to these {found[1]} bytes.")
            else:
                sentence = (
                    f"Expected bytes of that SHA-256, got {found[1]} bytes of SHA-256 {found[0]}; nobody uses them."
                )
                yield Finding(FindingKind.DAMAGED_FILE, where, sentence)


def _unused_parts(store: Store, blobs: BlobStore) -> Iterator[Finding]:
    for upload_id in list(blobs.list_uploads()):
        with store.read() as session:
            upload = session.files.find_upload(upload_id)
        if upload is None:
            sizes = blobs.part_sizes(upload_id)
            sentence = f"Nobody knows of an upload with these {len(sizes)} parts ({sum(sizes.values())} bytes)."
            yield Finding(FindingKind.UNUSED_PARTS, f"upload {upload_id}", sentence)


def _staged_bytes(blobs: BlobStore) -> Iterator[Finding]:
    for leftover in blobs.list_leftovers(LEFTOVER_SECONDS):
        sentence = f"{leftover.size_bytes} bytes were staged more than a day ago, and never used."
        yield Finding(FindingKind.STAGED_BYTES, f"staged {leftover.name}", sentence)
