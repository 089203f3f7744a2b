"""File sets as zip archives, which are made while they are sent."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from starlette.responses import Response, StreamingResponse

from neptune_yolo.server.api.streams import PIECE_BYTES, plain_name
from neptune_yolo.server.api.v1.operation import Asked, Operation
from neptune_yolo.server.api.v1.values import AttributeOfRun
from neptune_yolo.server.domain.files import FileEntry, normalize_sub_path
from neptune_yolo.server.domain.ids import Sha256

ZIP = "application/zip"

_LEVEL = 1  # source code becomes a third, and weights cost little time
_FIRST_YEAR = 1980  # the format knows no earlier ones
_LAST_YEAR = 2107


def get_archive(asked: Asked, where: AttributeOfRun) -> Response:
    """Return the files of a file set, such as ``source_code/files``, as a zip archive.

    It is made while it is sent, so that its size is not told before; an archive that breaks off is not a whole one.
    """
    entries = asked.services.files.list_set(where.identifier, where.path)
    name = plain_name(f"{where.run}-{where.path.rsplit('/', 1)[-1]}.zip")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(zipped(entries, asked.services.files.read), headers=headers, media_type=ZIP)


def zipped(entries: Sequence[FileEntry], read: Callable[[Sha256], Iterator[bytes]]) -> Iterator[bytes]:
    """Yield a zip archive in pieces, of which only one is in memory.

    Args:
        entries: The files; none of them gets a path that leaves the folder of the archive.
        read: Gives the bytes of a stored file.

    Raises:
        InvalidRequestError: If the path of a file leaves the folder.
        NotFoundError: If the bytes of a file are gone.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=_LEVEL) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(normalize_sub_path(entry.sub_path), _moment(entry.modified_ms))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as member:
                for chunk in read(entry.blob.sha256):
                    member.write(chunk)
                    if sink.size_bytes >= PIECE_BYTES:
                        yield sink.take()
    yield sink.take()


class _Sink:
    """What an archive is written into; it cannot go back, so that each piece can be sent at once."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size_bytes = 0

    def write(self, piece: bytes) -> int:
        """Take a piece."""
        self._pieces.append(bytes(piece))
        self.size_bytes += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Do nothing: what was taken waits to be sent."""

    def close(self) -> None:
        """Do nothing: the last piece waits to be sent."""

    def take(self) -> bytes:
        """Return what came since the last call."""
        whole = b"".join(self._pieces)
        self._pieces.clear()
        self.size_bytes = 0
        return whole


def _moment(milliseconds: int) -> tuple[int, int, int, int, int, int]:
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    year = min(max(moment.year, _FIRST_YEAR), _LAST_YEAR)
    return year, moment.month, moment.day, moment.hour, moment.minute, moment.second


ARCHIVE_OPERATIONS = (
    Operation(
        "GET", "/projects/{workspace}/{project}/runs/{run}/file-set/archive", get_archive, "files", media_type=ZIP
    ),
)
