"""Files of runs: their bytes, whole or in pieces, and the members of file sets."""

from dataclasses import dataclass

from starlette.responses import Response, StreamingResponse

from neptune_yolo.server.api.streams import plain_name
from neptune_yolo.server.api.v1.media_types import BYTES, DEFAULT_SANDBOX, SANDBOXES, media_type
from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.server.api.v1.ranges import ByteRange, limited, read_range
from neptune_yolo.server.api.v1.values import AttributeOfRun, Text
from neptune_yolo.server.domain.attribute import FileSetValue, FileValue
from neptune_yolo.server.domain.files import Blob
from neptune_yolo.server.exceptions import InvalidRequestError, NotFoundError

_CACHE = "private, no-cache"  # kept, but asked for each time: whoever may no longer see it does not get it
_UNSATISFIABLE = 416


class FileAsked(AttributeOfRun, frozen=True, kw_only=True):
    """Names a file of a run; ``member`` one of a file set. With ``download``, a browser saves it."""

    member: Text = ""
    download: bool = False


class FileMember(Record, frozen=True, kw_only=True):
    """A file of a file set; ``path`` is that within the set."""

    path: str
    size_bytes: int
    sha256: str
    modified_ms: int


class FileMembers(Record, frozen=True, kw_only=True):
    """Files of a file set, by path."""

    members: list[FileMember]


@dataclass(frozen=True)
class _Found:
    blob: Blob
    name: str
    extension: str


def list_members(asked: Asked, where: AttributeOfRun) -> FileMembers:
    """Return the files of a file set, such as ``source_code/files``."""
    entries = asked.services.files.list_set(where.identifier, where.path)
    members = [
        FileMember(
            path=entry.sub_path,
            size_bytes=entry.blob.size_bytes,
            sha256=entry.blob.sha256,
            modified_ms=entry.modified_ms,
        )
        for entry in entries
    ]
    return FileMembers(members=members)


def get_file(asked: Asked, where: FileAsked) -> Response:
    """Return the bytes of a file, or with a ``Range`` header of a piece of it.

    Its ``ETag`` is the hash of the bytes: with the same one in ``If-None-Match`` the answer is 304, without bytes.
    HTML and SVG come sandboxed: they can neither load nor send anything.
    """
    found = _find(asked, where)
    headers = _headers(found, is_saved=where.download)
    known = [tag.strip().removeprefix("W/") for tag in asked.request.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    wanted = _wanted(asked, found, headers["ETag"])
    total = found.blob.size_bytes
    if wanted is not None and wanted.size_bytes == 0:
        return Response(status_code=_UNSATISFIABLE, headers={"Content-Range": f"bytes */{total}"})
    piece = wanted or ByteRange(0, total)
    headers["Content-Length"] = str(piece.size_bytes)
    if wanted is not None:
        headers["Content-Range"] = f"bytes {piece.first}-{piece.first + piece.size_bytes - 1}/{total}"
    chunks = asked.services.files.read(found.blob.sha256, first=piece.first)
    status = 200 if wanted is None else 206
    return StreamingResponse(
        limited(chunks, piece.size_bytes), status, headers=headers, media_type=media_type(found.extension)
    )


def _headers(found: _Found, *, is_saved: bool) -> dict[str, str]:
    kind = media_type(found.extension)
    disposition = "attachment" if is_saved or kind == BYTES else "inline"
    return {
        "ETag": f'"{found.blob.sha256}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": _CACHE,
        "Content-Disposition": f'{disposition}; filename="{plain_name(found.name)}"',
        "Content-Security-Policy": SANDBOXES.get(kind, DEFAULT_SANDBOX),
        "X-Frame-Options": "SAMEORIGIN",
    }


def _wanted(asked: Asked, found: _Found, tag: str) -> ByteRange | None:
    header = asked.request.headers.get("range", "")
    condition = asked.request.headers.get("if-range", tag)
    return read_range(header, found.blob.size_bytes) if condition == tag else None


def _find(asked: Asked, where: FileAsked) -> _Found:
    """Return the file that is asked for.

    Raises:
        NotFoundError: If there is none.
        InvalidRequestError: If the attribute has no bytes, or is a file set and no member is named.
    """
    attribute = asked.services.attributes.find(where.identifier, where.path)
    value = attribute.value
    if isinstance(value, FileValue) and not where.member:
        name = where.path.rsplit("/", 1)[-1]
        suffix = f".{value.extension}" if value.extension else ""
        full_name = name if name.endswith(suffix) else name + suffix
        return _Found(Blob(value.sha256, value.size_bytes), full_name, value.extension)
    if isinstance(value, FileSetValue) and where.member:
        for entry in asked.services.files.list_set(where.identifier, where.path):
            if entry.sub_path == where.member:
                name = where.member.rsplit("/", 1)[-1]
                return _Found(entry.blob, name, name.rpartition(".")[2] if "." in name else "")
        raise NotFoundError("file of the set", where.member)
    raise InvalidRequestError(
        f"Expected a file, or a file set with its 'member', got {where.path!r} of type {attribute.type}. "
        f"Ask for its attributes to see what it is."
    )


_RUN = "/projects/{workspace}/{project}/runs/{run}"

FILE_OPERATIONS = (
    Operation("GET", f"{_RUN}/file", get_file, "files", media_type="*/*"),
    Operation("GET", f"{_RUN}/file-set", list_members, "files"),
)
