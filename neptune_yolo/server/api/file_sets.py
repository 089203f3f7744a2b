"""File sets: packages of several files, listing, and download as a zip archive."""

import posixpath
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from neptune_yolo.server.api.endpoint import Call, Endpoint, array_of, queries, reference, require_text
from neptune_yolo.server.api.packages import PackageLimits, open_package
from neptune_yolo.server.api.streams import PIECE_BYTES, attachment, require_announced, uploaded
from neptune_yolo.server.api.wire import format_moment
from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.files import FileEntry, FileTarget, StagedBlob, normalize_sub_path
from neptune_yolo.server.exceptions import OperationRefusedError, RequestTooLargeError
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.store.interfaces import BlobWriter

SPOOL_BYTES = 16 * PIECE_BYTES
"""Packages and archives up to this size stay in memory, larger ones go to a temporary file."""


async def _upload_package(services: Services, request: Request) -> Response:
    container_id = require_text(request, "experimentId")
    path = require_text(request, "attribute")
    reset = request.query_params.get("reset", "False").lower() == "true"
    limits = PackageLimits(services.limits.max_package_files, services.limits.max_package_bytes)
    require_announced(request, limits.max_bytes)
    with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as package:
        async for chunk in request.stream():
            if package.tell() + len(chunk) > limits.max_bytes:
                raise RequestTooLargeError(limits.max_bytes)
            await run_in_threadpool(package.write, chunk)
        try:
            await run_in_threadpool(_unpack, services, container_id, path, package, limits, reset=reset)
        except OperationRefusedError as error:
            return uploaded([str(error)])
    return uploaded()


def _unpack(
    services: Services, container_id: str, path: str, package: IO[bytes], limits: PackageLimits, *, reset: bool
) -> None:
    """Store the files of a tar.gz package and make them part of a file set, all or none."""
    entries = _store_members(services, path, package, limits)
    if entries:
        services.files.attach(container_id, entries, reset=reset)
    else:
        services.files.empty_set(container_id, path)


def _store_members(
    services: Services, path: str, package: IO[bytes], limits: PackageLimits
) -> list[tuple[FileTarget, StagedBlob]]:
    """Make the files of a package durable; none of them stays if one cannot be taken."""
    entries: list[tuple[FileTarget, StagedBlob]] = []
    try:
        with open_package(package, limits) as files:
            for name, content in files:
                target = FileTarget(path, AttributeType.FILE_SET, sub_path=normalize_sub_path(name))
                entries.append((target, _store(services.files.start_blob(), content)))
    except BaseException:
        services.files.discard([staged for _, staged in entries])
        raise
    return entries


def _store(writer: BlobWriter, content: IO[bytes]) -> StagedBlob:
    try:
        while piece := content.read(PIECE_BYTES):
            writer.write(piece)
        return writer.finish()
    finally:
        writer.abort()


def _list_folder(call: Call) -> Any:
    path = call.text("attribute")
    folder = call.request.query_params.get("path", "").strip("/")
    entries = call.services.files.list_set(call.text("experimentId"), path)
    return list(_children(entries, folder))


def _children(entries: list[FileEntry], folder: str) -> Iterator[dict[str, Any]]:
    """Yield the files and folders directly inside a folder of a file set."""
    prefix = f"{folder}/" if folder else ""
    folders: dict[str, dict[str, Any]] = {}
    for entry in entries:
        if not entry.sub_path.startswith(prefix):
            continue
        name, _, rest = entry.sub_path.removeprefix(prefix).partition("/")
        item = {
            "name": name,
            "size": entry.blob.size_bytes,
            "mtime": format_moment(entry.modified_ms),
            "fileType": "directory" if rest else "file",
        }
        if not rest:
            yield item
        elif name in folders:
            folders[name]["size"] += entry.blob.size_bytes
        else:
            folders[name] = item
    yield from folders.values()


def _prepare_zip(call: Call) -> Any:
    query = call.request.url.query
    call.services.files.list_set(call.text("experimentId"), call.text("attribute"))
    return {"id": query, "downloadUrl": None}


def _prepared_zip(call: Call) -> Any:
    address = call.request.url.replace(path=ZIP_ENDPOINT.full_path, query=call.text("id"))
    return {"id": call.text("id"), "downloadUrl": str(address)}


async def _download_zip(services: Services, request: Request) -> Response:
    path = require_text(request, "attribute")
    entries = await run_in_threadpool(services.files.list_set, require_text(request, "experimentId"), path)
    archive, size_bytes = await run_in_threadpool(_pack, services, entries)
    return attachment(_read_and_close(archive), f"{posixpath.basename(path)}.zip", size_bytes)


def _pack(services: Services, entries: list[FileEntry]) -> tuple[IO[bytes], int]:
    """Return a zip archive of the entries and its size in bytes; folders have entries of their own."""
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115 - closed once it has been sent
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        folders = {f"{parent}/" for entry in entries for parent in PurePosixPath(entry.sub_path).parents}
        for folder in sorted(folders - {"./"}):
            archive.writestr(folder, b"")
        for entry in entries:
            with archive.open(entry.sub_path, "w", force_zip64=True) as member:
                for chunk in services.files.read(entry.blob.sha256):
                    member.write(chunk)
    size_bytes = spool.tell()
    spool.seek(0)
    return spool, size_bytes


def _read_and_close(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece


ZIP_ENDPOINT = Endpoint("downloadFileSetZip", "GET", "/attributes/fileset/zip", raw=_download_zip)

FILE_SET_ENDPOINTS = (
    Endpoint(
        "uploadFileSetAttributeTar",
        "POST",
        "/attributes/fileset/tar",
        raw=_upload_package,
        parameters=queries("experimentId", "attribute", "reset"),
    ),
    Endpoint(
        "lsFileSetAttribute",
        "GET",
        "/attributes/fileset/ls",
        _list_folder,
        parameters=queries("experimentId", "attribute", "path"),
        result=array_of(reference("FileEntry")),
    ),
    Endpoint(
        "prepareForDownloadFileSetAttributeZip",
        "POST",
        "/attributes/fileset/zip/prepare",
        _prepare_zip,
        parameters=queries("experimentId", "attribute"),
        result=reference("PreparedDownload"),
    ),
    Endpoint(
        "getDownloadPrepareRequest",
        "GET",
        "/attributes/fileset/zip/prepared",
        _prepared_zip,
        parameters=queries("id"),
        result=reference("PreparedDownload"),
    ),
    ZIP_ENDPOINT,
)
