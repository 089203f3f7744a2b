"""Files: uploads in one piece or in parts, and downloads."""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from neptune_yolo.server.api.endpoint import (
    Call,
    Endpoint,
    JsonHandler,
    Parameter,
    Place,
    RawHandler,
    queries,
    reference,
    require_text,
    whole_number,
)
from neptune_yolo.server.api.streams import attachment, receive, uploaded
from neptune_yolo.server.domain.attribute import AttributeType, FileValue
from neptune_yolo.server.domain.files import FileTarget, normalize_sub_path
from neptune_yolo.server.domain.ids import UploadId
from neptune_yolo.server.domain.uploads import PartRange
from neptune_yolo.server.exceptions import (
    InvalidRequestError,
    NotFoundError,
    OperationRefusedError,
    RequestTooLargeError,
)
from neptune_yolo.server.services.bundle import Services

MAX_EXTENSION_LENGTH = 255
MAX_PARTS = 100_000

TargetReader = Callable[[Request], FileTarget]


def file_target(request: Request) -> FileTarget:
    """Return the file attribute that a request names.

    Raises:
        InvalidRequestError: If the name or the extension is missing or malformed.
    """
    extension = request.query_params.get("ext", "")
    if len(extension) > MAX_EXTENSION_LENGTH or not extension.isprintable() or "/" in extension:
        raise InvalidRequestError(f"Expected a file extension such as 'png', got {extension[:40]!r}.")
    return FileTarget(require_text(request, "attribute"), AttributeType.FILE, extension)


def file_set_target(request: Request) -> FileTarget:
    """Return the file within a file set that a request names.

    Raises:
        InvalidRequestError: If the name is missing, or the path leaves the set.
    """
    sub_path = normalize_sub_path(require_text(request, "subPath"))
    return FileTarget(require_text(request, "attribute"), AttributeType.FILE_SET, sub_path=sub_path)


def _whole_upload(read_target: TargetReader) -> RawHandler:
    async def handler(services: Services, request: Request) -> Response:
        target = read_target(request)
        container_id = require_text(request, "experimentIdentifier")
        limit_bytes = services.limits.max_file_bytes
        content = await receive(request, await run_in_threadpool(services.files.start_blob), limit_bytes)
        try:
            await run_in_threadpool(services.files.attach, container_id, [(target, content)])
        except OperationRefusedError as error:
            return uploaded([str(error)])
        return uploaded()

    return handler


def _upload_start(read_target: TargetReader) -> JsonHandler:
    def handler(call: Call) -> Any:
        target = read_target(call.request)
        total_bytes = whole_number(call.request, "totalLength")
        if total_bytes > call.services.limits.max_file_bytes:
            raise RequestTooLargeError(call.services.limits.max_file_bytes)
        try:
            upload_id = call.services.files.start_upload(call.text("experimentIdentifier"), target, total_bytes)
        except OperationRefusedError as error:
            return {"uploadId": "", "errors": [{"errorDescription": str(error)}]}
        return {"uploadId": upload_id, "errors": []}

    return handler


async def _upload_part(services: Services, request: Request) -> Response:
    upload_id = UploadId(require_text(request, "uploadId"))
    index = whole_number(request, "uploadPartIdx", most=MAX_PARTS)
    header = request.headers.get("X-Range", "")
    announced = PartRange.parse(header) if header else None
    limit_bytes = services.limits.max_file_bytes
    part = await receive(request, await run_in_threadpool(services.files.start_part, upload_id), limit_bytes)
    await run_in_threadpool(services.files.finish_part, upload_id, index, part, announced)
    return uploaded()


def _upload_finish(call: Call) -> Any:
    try:
        call.services.files.finish_upload(call.text("experimentIdentifier"), UploadId(call.text("uploadId")))
    except OperationRefusedError as error:
        return {"errors": [{"errorDescription": str(error)}]}
    return {"errors": []}


async def _download(services: Services, request: Request) -> Response:
    path = require_text(request, "attribute")
    container_id = require_text(request, "experimentId")
    attribute = await run_in_threadpool(services.attributes.get, container_id, path, AttributeType.FILE)
    if not isinstance(attribute.value, FileValue):
        raise NotFoundError("uploaded file", path)
    chunks = await run_in_threadpool(services.files.read, attribute.value.sha256)
    name = path.rsplit("/", 1)[-1]
    extension = f".{attribute.value.extension}" if attribute.value.extension else ""
    return attachment(chunks, name + extension, attribute.value.size_bytes)


def _upload_family(prefix: str, folder: str, extra: str, read_target: TargetReader) -> tuple[Endpoint, ...]:
    """Return the four operations that upload into one kind of attribute."""
    target = queries("experimentIdentifier", "attribute", extra)
    upload = (*target, Parameter("uploadId"))
    return (
        Endpoint(f"{prefix}Upload", "POST", f"{folder}/upload", raw=_whole_upload(read_target), parameters=target),
        Endpoint(
            f"{prefix}MultipartUploadStart",
            "POST",
            f"{folder}/multipart/start",
            _upload_start(read_target),
            parameters=(*target, Parameter("totalLength", schema={"type": "integer"})),
            result=reference("UploadStarted"),
        ),
        Endpoint(
            f"{prefix}MultipartUploadPart",
            "POST",
            f"{folder}/multipart/part",
            raw=_upload_part,
            parameters=(
                *upload,
                Parameter("uploadPartIdx", schema={"type": "integer"}),
                Parameter("X-Range", Place.HEADER),
            ),
        ),
        Endpoint(
            f"{prefix}MultipartUploadFinish",
            "POST",
            f"{folder}/multipart/finish",
            _upload_finish,
            parameters=upload,
            result=reference("UploadOutcome"),
        ),
    )


FILE_ENDPOINTS = (
    *_upload_family("fileAtom", "/attributes/file", "ext", file_target),
    *_upload_family("fileSetFile", "/attributes/fileset", "subPath", file_set_target),
    Endpoint(
        "downloadAttribute",
        "GET",
        "/attributes/file/download",
        raw=_download,
        parameters=queries("experimentId", "attribute"),
    ),
)
